"""Why nothing is written for Cresol, CNAB 400."""

from typing import NoReturn

from billing.banking.instructions import Movement
from billing.banking.remittance import Opening
from billing.core.errors import Refused

MOVEMENTS: frozenset[Movement] = frozenset()


def Writer(_opening: Opening) -> NoReturn:  # noqa: N802 - every layout's module has its Writer
    """Only the boleto and the return are here."""
    message = "A remessa da Cresol ainda não é escrita aqui: registre os títulos pela Cresol. O retorno da Cresol é lido."
    raise Refused("remittance.unwritten", message)
