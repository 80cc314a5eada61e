"""Why nothing is written for Inter, CNAB 400. Pages are those of the manual named in `cnab400`."""

from typing import NoReturn

from billing.banking.instructions import Movement
from billing.banking.remittance import Opening
from billing.core.errors import Refused

MOVEMENTS: frozenset[Movement] = frozenset()


def Writer(_opening: Opening) -> NoReturn:  # noqa: N802 - every layout's module has its Writer
    """Inter assigns the nosso número in its return (p. 7, 21), and a boleto issued here would carry another one."""
    message = (
        "O Inter só diz o nosso número no arquivo retorno, e o boleto emitido aqui levaria outro: registre os títulos "
        "pelo internet banking ou pela API do Inter. O retorno do Inter é lido."
    )
    raise Refused("remittance.bank_numbers", message)
