"""Fator de vencimento: the four digits that stand for a due date.

Days since 07/10/1997 until 9999 on 21/02/2025; from 22/02/2025 again from 1000, until 13/10/2049 (Banco Central,
Carta-Circular 2.926/2000; ABBC, "Fator de vencimento"; Itaú manual of July 2021, annex 6, p. 82). A factor alone no
longer determines the date: it is read in a window of -3000 to +5500 days around a reference date.

>>> factor_of(date(2025, 2, 21)), factor_of(date(2025, 2, 22))
(9999, 1000)
>>> due_date_of(1000, reference=date(2026, 3, 1))
datetime.date(2025, 2, 22)
"""

from datetime import date

from billing.core.errors import InvalidInput, Refused

_ORIGIN = date(1997, 10, 7).toordinal()
_FIRST = date(2000, 7, 3).toordinal()
_TURN = date(2025, 2, 22).toordinal()
_LAST = date(2049, 10, 13).toordinal()
_CYCLE = 9000
_BEFORE, _AFTER = 3000, 5500


def factor_of(due_on: date) -> int:
    """1000 to 9999. Raises Refused for a date before 03/07/2000 or after 13/10/2049: no factor is defined for it."""
    day = due_on.toordinal()
    if _TURN <= day <= _LAST:
        return day - _TURN + 1000
    if _FIRST <= day < _TURN:
        return day - _ORIGIN
    raise Refused(
        "boleto.due_date", f"Não há fator de vencimento para {due_on:%d/%m/%Y}: use uma data até 13/10/2049."
    )


def due_date_of(factor: int, *, reference: date) -> date:
    """The date within the window around `reference`. Raises InvalidInput for a factor that has no date there."""
    if 1000 <= factor <= 9999:
        first = _ORIGIN + factor
        for day in (first, first + _CYCLE):
            if -_BEFORE <= day - reference.toordinal() <= _AFTER:
                return date.fromordinal(day)
    raise InvalidInput(
        "boleto.due_factor", f"O fator de vencimento {factor:04d} não corresponde a uma data próxima de hoje."
    )
