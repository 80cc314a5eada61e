"""Which instructions an occurrence of a return may answer.

Five kinds of occurrence say so themselves; for the others, the text that the bank's manual gives the code (the tables
in `layouts`) does. A text that matches no rule answers nothing; a general rejection may answer any: the caller checks
how many the bank has.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from billing.banking.instructions import Movement
from billing.banking.occurrences import Occurrence, OccurrenceKind

_ANY = frozenset(Movement) - {Movement.REGISTER}
_NONE: frozenset[Movement] = frozenset()

_BY_KIND: Mapping[OccurrenceKind, frozenset[Movement]] = {
    OccurrenceKind.WRITTEN_OFF: frozenset({Movement.WRITE_OFF}),
    OccurrenceKind.PROTESTED: frozenset({Movement.PROTEST}),
    OccurrenceKind.DUE_DATE_CHANGED: frozenset({Movement.CHANGE_DUE_DATE}),
    OccurrenceKind.REBATE_GRANTED: frozenset({Movement.GRANT_REBATE}),
    OccurrenceKind.REBATE_CANCELLED: frozenset({Movement.CANCEL_REBATE}),
    OccurrenceKind.COMMAND_REFUSED: _ANY,
}

_Rules = tuple[tuple[re.Pattern[str], frozenset[Movement]], ...]


def _rules(*rules: tuple[str, frozenset[Movement]]) -> _Rules:
    return tuple((re.compile(pattern, re.IGNORECASE), movements) for pattern, movements in rules)


_ACCEPTED = _rules(
    (r"cancelamento do desconto|não conceder desconto", frozenset({Movement.CANCEL_DISCOUNT})),
    (r"instrução de desconto|^conceder desconto", frozenset({Movement.GRANT_DISCOUNT})),
    (r"falimentar|falência|negativado|rateio|por liquidação", _NONE),
    (r"sustação|sustar|sustado", frozenset({Movement.STOP_PROTEST})),
    (r"(cancelamento|cancelar|desistência|exclusão) (d[eo] )?protesto", frozenset({Movement.STOP_PROTEST})),
    (r"não protestar|não negativar|cancelamento.* negativação|prazo|opção", _NONE),
    (
        r"confirma\w*\b.* protesto\b|^protesto solicitado|confirmada: protestar$",
        frozenset({Movement.PROTEST}),
    ),
    (r"(exclusão|baixa) (de entrada em|d[ea]) negativação", frozenset({Movement.WITHDRAW_FROM_BUREAU})),
    (r"negativação", frozenset({Movement.REPORT_TO_BUREAU})),
    (
        r"^alteração de dados|alteração d(e|os) (outros )?dados( do pagador)?$",
        frozenset({Movement.CHANGE_DATA}),
    ),
    (r"^alteração do (nome|endereço) do sacado$", frozenset({Movement.CHANGE_DATA})),
    (r"^alteração confirmada$", frozenset({Movement.CHANGE_DATA})),
)

_REJECTED = _rules(
    (r"manutenção de (banco de )?pagador", _NONE),
    (r"^baixas? rejeitad", frozenset({Movement.WRITE_OFF})),
    (r"protesto|cartorária", frozenset({Movement.PROTEST, Movement.STOP_PROTEST})),
    (r"negativação", frozenset({Movement.REPORT_TO_BUREAU, Movement.WITHDRAW_FROM_BUREAU})),
    (r"", _ANY),
)


_CHANGED = frozenset({Movement.CHANGE_DATA, Movement.GRANT_DISCOUNT})
_OF_ONE_BANK: Mapping[tuple[str, int, str], frozenset[Movement]] = {
    # Itaú: a discount is granted as changed data (CNAB 400, notes 6 and 13)
    ("341", 240, "04"): _CHANGED,
    ("341", 400, "04"): _CHANGED,
    # Bradesco 240: the end of a bureau report comes as the stop of a protest (C047, reasons 41 and 03)
    ("237", 240, "20"): frozenset({Movement.STOP_PROTEST, Movement.WITHDRAW_FROM_BUREAU}),
    # Banco do Nordeste: what is rejected comes with the code that was sent plus 50 (note 4)
    ("004", 400, "54"): frozenset({Movement.GRANT_REBATE}),
    ("004", 400, "56"): frozenset({Movement.CHANGE_DUE_DATE}),
    ("004", 400, "59"): frozenset({Movement.PROTEST}),
    ("004", 400, "60"): frozenset({Movement.STOP_PROTEST}),
    ("004", 400, "81"): frozenset({Movement.CHANGE_DATA}),
}
"""Bank, line length and code, for texts that say less than the manual."""


def answered_by(occurrence: Occurrence) -> frozenset[Movement]:
    """The instructions that the occurrence may answer; empty if it refers to none."""
    own = _OF_ONE_BANK.get((occurrence.bank, len(occurrence.raw[0]), occurrence.movement))
    if own is not None:
        return own
    return of_text(occurrence.kind, occurrence.movement_text)


@lru_cache(maxsize=512)
def of_text(kind: OccurrenceKind, text: str) -> frozenset[Movement]:
    """The instructions that a code of this kind and text may answer.

    >>> sorted(of_text(OccurrenceKind.INSTRUCTION_ACCEPTED, "Confirma instrução de sustação de protesto"))
    [<Movement.STOP_PROTEST: 'stop_protest'>]
    """
    by_kind = _BY_KIND.get(kind)
    if by_kind is not None:
        return by_kind
    rules = {
        OccurrenceKind.INSTRUCTION_ACCEPTED: _ACCEPTED,
        OccurrenceKind.INSTRUCTION_REJECTED: _REJECTED,
    }.get(kind, ())
    return next((movements for pattern, movements in rules if pattern.search(text)), _NONE)
