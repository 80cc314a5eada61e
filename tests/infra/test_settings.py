"""What a deployment must be given."""

import pytest

from infra.settings import deployed_origin

pytestmark = pytest.mark.req("SEC-02")


@pytest.mark.parametrize("origin", ["https://console.suaempresa.com.br", "https://mensal-1.app"])
def test_origin_of_a_deployment_is_taken(origin: str) -> None:
    assert deployed_origin(origin) == origin


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "",
        "http://console.suaempresa.com.br",
        "https://localhost:5173",
        "https://localhost",
        "https://127.0.0.1",
        "https://console.mensal.example",
        "https://example.com",
        "https://console.suaempresa.com.br/",
        "https://*.suaempresa.com.br",
    ],
)
def test_deployment_without_an_origin_of_its_own_is_refused(origin: str | None) -> None:
    with pytest.raises(SystemExit, match="make deploy CONSOLE_ORIGIN="):
        deployed_origin(origin)
