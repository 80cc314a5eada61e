"""Which instructions an occurrence of a return may answer, by the bank's own codes.

Sources: FEBRABAN 240 V10.6, C044, for every bank whose text of the code is FEBRABAN's; Sicoob, spreadsheet named in `layouts.sicoob.cnab240`,
07.3T; Bradesco 4008.524.0121, p. 45-46; Itaú, July 2021, note 17. A code that is not here answers nothing.
"""

from collections.abc import Mapping

from billing.banking.instructions import Movement
from billing.banking.layouts.febraban_codes import OCCURRENCES
from billing.banking.occurrences import Kind, Occurrence

Answers = Mapping[str, frozenset[Movement]]

_ANY = frozenset(Movement) - {Movement.REGISTER}

_BY_KIND: Mapping[Kind, frozenset[Movement]] = {
    Kind.WRITTEN_OFF: frozenset({Movement.WRITE_OFF}),
    Kind.PROTESTED: frozenset({Movement.PROTEST}),
    Kind.DUE_DATE_CHANGED: frozenset({Movement.CHANGE_DUE_DATE}),
    Kind.REBATE_GRANTED: frozenset({Movement.GRANT_REBATE}),
    Kind.REBATE_CANCELLED: frozenset({Movement.CANCEL_REBATE}),
    Kind.COMMAND_REFUSED: _ANY,
}

_FEBRABAN_240: Answers = {
    "19": frozenset({Movement.PROTEST}),
    "20": frozenset({Movement.STOP_PROTEST}),
    "26": _ANY,
    "27": frozenset({Movement.CHANGE_DATA}),
    "30": _ANY - {Movement.WRITE_OFF},
    "42": frozenset({Movement.CHANGE_DATA}),
    "46": frozenset({Movement.STOP_PROTEST}),
}

_OWN: Mapping[tuple[str, int], Answers] = {
    ("756", 240): {
        "85": frozenset({Movement.STOP_PROTEST}),
        "86": frozenset({Movement.STOP_PROTEST}),
    },
    ("237", 400): {
        "19": frozenset({Movement.PROTEST}),
        "20": frozenset({Movement.STOP_PROTEST}),
        "27": frozenset({Movement.WRITE_OFF}),
        "30": frozenset({Movement.CHANGE_DATA}),
        "32": _ANY - {Movement.WRITE_OFF, Movement.CHANGE_DATA},
        "33": frozenset({Movement.CHANGE_DATA}),
        "73": frozenset({Movement.NEGATIVATE}),
        "74": frozenset({Movement.STOP_NEGATIVATION}),
    },
    ("341", 400): {
        "04": frozenset({Movement.CHANGE_DATA}),
        "15": frozenset({Movement.WRITE_OFF}),
        "16": _ANY - {Movement.WRITE_OFF, Movement.CHANGE_DATA},
        "17": frozenset({Movement.CHANGE_DATA}),
        "19": frozenset({Movement.PROTEST}),
        "20": frozenset({Movement.STOP_PROTEST}),
        "24": frozenset({Movement.PROTEST}),
        "74": frozenset({Movement.NEGATIVATE, Movement.STOP_NEGATIVATION}),
        "75": frozenset({Movement.NEGATIVATE}),
        "77": frozenset({Movement.STOP_NEGATIVATION}),
    },
}
"""Bank and length of a line -> code -> the instructions."""


def answered_by(occurrence: Occurrence) -> frozenset[Movement]:
    """The instructions that the occurrence may be the answer to; none where the bank's code says of none."""
    by_kind = _BY_KIND.get(occurrence.kind)
    if by_kind is not None:
        return by_kind
    length = len(occurrence.raw[0])
    own = _OWN.get((occurrence.bank, length), {}).get(occurrence.movement)
    if own is not None:
        return own
    shared = OCCURRENCES.get(occurrence.movement)
    if length == 240 and shared is not None and shared.text == occurrence.movement_text:
        return _FEBRABAN_240.get(occurrence.movement, frozenset())
    return frozenset()
