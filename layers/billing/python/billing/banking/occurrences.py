"""What a bank reports about a title, as a typed value that is the same for every bank and layout."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import partial
from itertools import repeat
from typing import Any, NamedTuple

from billing.core.ids import derived_id
from billing.core.money import Money


class OccurrenceKind(StrEnum):
    REGISTERED = "registered"
    REJECTED = "rejected"
    SETTLED = "settled"
    PARTIALLY_SETTLED = "partially_settled"
    PAID_OUTSIDE = "paid_outside"  # written off because it was paid by Pix or to the company itself: no money in this file
    WRITTEN_OFF = "written_off"
    PROTESTED = "protested"
    DUE_DATE_CHANGED = "due_date_changed"
    REBATE_GRANTED = "rebate_granted"
    REBATE_CANCELLED = "rebate_cancelled"
    INSTRUCTION_ACCEPTED = "instruction_accepted"
    INSTRUCTION_REJECTED = "instruction_rejected"
    COMMAND_REFUSED = (
        "command_refused"  # the registration or a later instruction: the bank does not say which
    )
    REMITTANCE_REJECTED = "remittance_rejected"  # the file that it was in, as a whole or only this title
    TARIFF = "tariff"
    OTHER = "other"


SETTLEMENTS = frozenset({OccurrenceKind.SETTLED, OccurrenceKind.PARTIALLY_SETTLED})
REJECTIONS = frozenset(
    {
        OccurrenceKind.REJECTED,
        OccurrenceKind.REMITTANCE_REJECTED,
        OccurrenceKind.INSTRUCTION_REJECTED,
        OccurrenceKind.COMMAND_REFUSED,
    }
)


class OccurrenceReason(NamedTuple):
    code: str
    text: str


class OccurrenceCode(NamedTuple):
    """A bank's occurrence code: its kind and its name in Portuguese."""

    kind: OccurrenceKind
    text: str


class Occurrence(NamedTuple):
    line_number: int
    """Number of its first line, from 1."""
    bank: str
    agreement: str
    """Agência and account (or convênio) as in the file, which say whose title it is."""
    kind: OccurrenceKind
    movement: str
    """The bank's code: "06"."""
    movement_text: str
    reasons: tuple[OccurrenceReason, ...]
    nosso_numero: str
    """Without the check digit, as in `Boleto.nosso_numero`."""
    carteira: str
    our_reference: str
    document_number: str
    due_on: date | None
    occurred_on: date | None
    """The file's date, never today."""
    credited_on: date | None
    title_amount: Money
    paid_amount: Money
    """Gross: what the payer paid, before the tariff."""
    interest: Money
    """Interest, and the fine where the bank sends both in one field."""
    fine: Money
    discount: Money
    rebate: Money
    tariff: Money
    net_credited: Money
    """The amount credited to the account."""
    payment_channel: str
    pix_emv: str
    """Pix copia e cola that the bank made for the boleto."""
    raw: tuple[str, ...]
    """Its lines, unchanged."""
    repeat: int = 0
    """How many equal lines precede it in the file: a title paid twice on one day has two occurrences, 0 and 1."""
    pix_url: str = ""
    """Address of the boleto's Pix charge, of a bank that sends this and leaves the code to us (`pix.dynamic_code`)."""

    @property
    def identity(self) -> str:
        """The same for the same occurrence in any file (`repeat` distinguishes two payments in one file)."""
        return derived_id("occ", *self._name(), self.repeat)

    @property
    def name(self) -> str:
        """Identifies it, whatever an earlier or later file adds; the same for two equal payments in one file."""
        return derived_id("occ", *self._name())

    def _name(self) -> tuple[object, ...]:
        """Account, title, movement, day, amount and document. Date of credit, tariff, net amount, channel and, for a
        payment, its parts and reasons only complete it: the bank may send them in a later file."""
        title = (self.bank, self.agreement, self.carteira, self.nosso_numero, self.document_number)
        event = (self.movement, self.occurred_on or self.credited_on)
        if self.kind in SETTLEMENTS:
            return (*title, *event, self.paid_amount)
        amounts = (self.title_amount, self.interest, self.discount, self.rebate)
        tariff = self.tariff if self.kind is OccurrenceKind.TARIFF else None
        return (*title, *event, *amounts, tariff, "".join(reason.code for reason in self.reasons))

    @property
    def former_identity(self) -> str:
        """The identity under which occurrences were marked as applied until 11/2026, including everything that
        completes them."""
        return derived_id(
            "occ",
            self.bank,
            self.agreement,
            self.carteira,
            self.nosso_numero,
            self.movement,
            self.occurred_on,
            self.credited_on,
            self.title_amount,
            self.paid_amount,
            self.interest,
            self.discount,
            self.rebate,
            self.tariff,
            self.net_credited,
            self.document_number,
            self.payment_channel,
            "".join(reason.code for reason in self.reasons),
            self.repeat,
        )


_made = partial(tuple.__new__, Occurrence)


def occurrences_of(**columns: Iterable[Any]) -> list[Occurrence]:
    """Occurrences from a column for each field, by name; the shortest says how many they are. KeyError for one that is missing."""
    defaults = Occurrence._field_defaults
    ordered = [columns[name] if name in columns else repeat(defaults[name]) for name in Occurrence._fields]
    return list(map(_made, zip(*ordered, strict=False)))


class Meaning(NamedTuple):
    """Everything that a bank's occurrence code means, ready for its reader."""

    kind: OccurrenceKind
    text: str
    settles: bool
    reasons: Mapping[str, str]
    detail: Mapping[str, str] | None
    """The field in which the bank explains this one, if any."""


def meanings_of(
    movements: Mapping[str, OccurrenceCode],
    reasons: Mapping[str, Mapping[str, str]],
    details: Mapping[str, Mapping[str, str]] | None = None,
) -> Mapping[str, Meaning]:
    """Code -> meaning, from a bank's tables. A code that is not in them is kept as "other"."""
    return _Meanings(
        {
            code: Meaning(
                movement.kind,
                movement.text,
                movement.kind in SETTLEMENTS,
                reasons.get(code, {}),
                (details or {}).get(code),
            )
            for code, movement in movements.items()
        }
    )


class _Meanings(dict[str, Meaning]):
    def __missing__(self, code: str) -> Meaning:
        return Meaning(
            OccurrenceKind.OTHER,
            f"Ocorrência {code}, que o manual não descreve",
            settles=False,
            reasons={},
            detail=None,
        )


def reasons_of(codes: str, width: int, table: Mapping[str, str]) -> tuple[OccurrenceReason, ...]:
    """The reasons in a field of adjacent codes, without blanks and zeros; a code that is not in the table is kept.

    >>> reasons_of("0308    ", 2, {"03": "CEP inválido"})
    (OccurrenceReason(code='03', text='CEP inválido'), OccurrenceReason(code='08', text='motivo 08, que o manual não descreve'))
    """
    if not codes.strip(" 0"):
        return ()
    pieces = (codes[i : i + width] for i in range(0, len(codes), width))
    return tuple(
        OccurrenceReason(piece, table.get(piece, f"motivo {piece}, que o manual não descreve"))
        for piece in pieces
        if piece.strip(" 0")
    )
