"""Why nothing is written for Cresol, CNAB 400: the manual named in `cnab400` asks for a digit that it does not show."""

from typing import NoReturn

from billing.banking.instructions import Movement
from billing.banking.remittance import Opening
from billing.core.errors import Refused

MOVEMENTS: frozenset[Movement] = frozenset()


def Writer(_opening: Opening) -> NoReturn:  # noqa: N802 - every layout's module has its Writer
    """Every movement carries the nosso número with its digit (columns 71-82), and no boleto of Cresol is issued here."""
    message = (
        "A remessa da Cresol leva o dígito do nosso número, e o manual que temos não mostra o seu cálculo: registre os títulos "
        "pela Cresol. O retorno da Cresol é lido."
    )
    raise Refused("remittance.digit_unknown", message)
