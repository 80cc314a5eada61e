"""Production or the authority's test environment (homologação): tpAmb of every fiscal document."""

from enum import StrEnum


class Environment(StrEnum):
    """Ambiente do autorizador; em homologação o documento não tem valor fiscal."""

    PRODUCTION = "production"
    TEST = "test"

    @property
    def tp_amb(self) -> str:
        return "1" if self is Environment.PRODUCTION else "2"
