"""The sandbox bank in CNAB 400, for any bank: what is specific to the bank is passed in as a `BankAnswers400`."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen, fault, sequence_faults
from billing.banking.layouts.pictures import DAYS
from billing.banking.layouts.record import Record
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.core.errors import Refusal

STATES = frozenset(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905
)
_CODES = {
    OccurrenceKind.SETTLED: "06",
    OccurrenceKind.WRITTEN_OFF: "09",
    OccurrenceKind.PROTESTED: "23",
    OccurrenceKind.TARIFF: "28",
    OccurrenceKind.OTHER: "11",
}
_ZEROS_ARE_EMPTY = frozenset({"pagador_documento", "pagador_cep"})
_STRAY = "6"
"""First column of a record that is in none of the banks' manuals used here."""
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BankAnswers400:
    bank: str
    records: Any
    """The bank's module of records."""
    confirmations: Mapping[str, str]
    """Requested movement -> occurrence that confirms it."""
    registers: frozenset[str]
    entry_rejected: str
    instruction_rejected: Mapping[str, str]
    """Requested movement -> occurrence that rejects it; "" for any other."""
    unknown_movement: str
    """The reason for a movement that the bank does not know."""
    order: Mapping[str, str]
    """Record type -> the types that may follow it."""
    entry_faults: Callable[[Facts, str], Iterator[str]]
    """The bank's reasons for rejecting a registration, from its fields and its digit, except for a repeated number."""
    repeated: str
    """The reason for a repeated number."""
    digit: Callable[[Facts], str]
    settled: Callable[[TitleEvent], Facts]
    """How the bank reports money and reasons, in its own fields."""
    counted: Mapping[str, tuple[str, ...]]
    """Trailer field -> the occurrences that it counts."""
    file_faults: Callable[[Sequence[str]], Iterator[Refusal]] | None = None
    """What else makes the bank refuse the file."""
    begins: str = "01REMESSA01COBRANCA"
    """What the file begins with."""
    codes: Mapping[OccurrenceKind, str] = field(default_factory=dict)
    """The bank's own occurrence code for a kind, if it is not the usual one."""
    asks_pix: Callable[[str, str], bool] = lambda _movement, _following: False
    """Whether a title requests a Pix, judging by its movement and the type of the record after it."""
    details: Callable[[TitleSeen, TitleEvent], Facts] = lambda _title, _outcome: {}
    """What else the bank reports about a title."""
    detail: str = "1"
    """First column of a title's line."""
    company: Callable[[Facts], Facts] = lambda read: read
    """The account's fields as they are in the return, from those of the remittance."""


class Bank400:
    def __init__(self, policy: BankAnswers400) -> None:
        self._policy = policy

    def titles(self, lines: Sequence[str]) -> Iterator[TitleSeen]:
        seen: set[str] = set()
        for number, (line, following) in enumerate(pairwise(lines), 1):
            if line[0] == self._policy.detail:
                yield self._title(line, following[0], number, seen)

    def file_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        yield from sequence_faults(lines, 395, 400)
        if not lines[0].startswith(self._policy.begins):
            yield fault("header", "o arquivo não começa como uma remessa de cobrança.")
        if lines[-1][0] != "9":
            yield fault("trailer", "o arquivo não termina com o registro 9.")
        for number, (line, following) in enumerate(pairwise(lines), 1):
            if following[0] not in self._policy.order.get(line[0], ""):
                yield fault(
                    "record_order", f"linha {number + 1}: registro {following[0]} depois de {line[0]}."
                )
        if self._policy.file_faults:
            yield from self._policy.file_faults(lines)

    def answer(
        self,
        lines: Sequence[str],
        happened: Iterable[tuple[TitleSeen, TitleEvent]],
        *,
        sequence: int,
        on: date,
    ) -> Iterator[str]:
        records = self._policy.records
        company = records.REMITTANCE_TITLE.read(
            next(line for line in lines if line[0] == self._policy.detail)
        )
        company = self._policy.company(company | records.REMITTANCE_HEADER.read(lines[0]))
        day: Facts = {
            "data_geracao": on,
            "data_credito": on,
            "sequencial_arquivo": sequence,
            "sequencial": 1,
        }
        yield _line(records.RETURN_HEADER, company | day)
        number, titles, cents, paid = 1, 0, 0, 0
        tally: Counter[str] = Counter()
        for title, outcome in happened:
            number, titles, cents = number + 1, titles + 1, cents + title.amount.cents
            paid += outcome.paid.cents
            facts = self._occurrence(title, outcome, on)
            tally[facts["ocorrencia"]] += 1
            yield _line(records.RETURN_TITLE, company | facts | {"sequencial": number})
            if outcome.pix_emv:
                number += 1
                pix = {
                    "emv": outcome.pix_emv,
                    "pix_url": outcome.pix_emv,
                    "erro_pix": "000",
                    "sequencial": number,
                }
                yield _line(records.RETURN_PIX, pix)
            if outcome.stray:
                number += 1
                yield f"{_STRAY:394}{number:06d}"
        counts = {name: sum(tally[code] for code in codes) for name, codes in self._policy.counted.items()}
        sums = {
            "quantidade_detalhes": titles,
            "valor_total": cents,
            "valor_liquidacoes": paid,
            "sequencial": number + 1,
        }
        yield _line(records.RETURN_TRAILER, company | day | counts | sums)

    def _title(self, line: str, following: str, number: int, seen: set[str]) -> TitleSeen:
        policy = self._policy
        read = policy.records.REMITTANCE_TITLE.read(line)
        movement, nosso_numero = read["ocorrencia"], read["nosso_numero"]
        digit = policy.digit(read)
        if movement in policy.registers:
            faults = list(policy.entry_faults(read, digit))
            if nosso_numero in seen:
                faults.append(policy.repeated)
            seen.add(nosso_numero)
        else:
            faults = [] if movement in policy.confirmations else [policy.unknown_movement]
        return TitleSeen(
            line_number=number,
            movement=movement,
            nosso_numero=nosso_numero,
            digit=digit,
            carteira=read.get("carteira", ""),
            our_reference=read.get("uso_empresa", ""),
            document_number=read["numero_documento"],
            due_on=read["vencimento"],
            amount=read["valor_titulo"],
            payer_document=read["pagador_documento"],
            payer_name=read["pagador_nome"],
            with_pix=policy.asks_pix(movement, following),
            faults=tuple(faults),
        )

    def _occurrence(self, title: TitleSeen, outcome: TitleEvent, on: date) -> Facts:
        nosso_numero = outcome.nosso_numero or title.nosso_numero
        usual: Facts = {
            "uso_empresa": "" if outcome.nosso_numero else title.our_reference,
            "nosso_numero": nosso_numero,
            "nosso_numero_digito": title.digit,
            "ocorrencia": outcome.code or self._code(title, outcome),
            "data_ocorrencia": on,
            "numero_documento": title.document_number,
            "vencimento": title.due_on,
            "valor_titulo": title.amount.cents,
            "banco_cobrador": self._policy.bank,
            "tarifa": outcome.tariff.cents,
            "data_credito": on if outcome.kind in SETTLEMENTS else None,
            "pagador_nome": title.payer_name,
            "abatimento": 0,
            "desconto": 0,
            "multa": 0,
        }
        return usual | self._policy.settled(outcome) | self._policy.details(title, outcome)

    def _code(self, title: TitleSeen, outcome: TitleEvent) -> str:
        policy = self._policy
        if outcome.kind is OccurrenceKind.REGISTERED:
            return policy.confirmations[title.movement]
        if outcome.kind is OccurrenceKind.REJECTED and title.movement in policy.registers:
            return policy.entry_rejected
        if outcome.kind in {OccurrenceKind.REJECTED, OccurrenceKind.INSTRUCTION_REJECTED}:
            return policy.instruction_rejected.get(title.movement, policy.instruction_rejected[""])
        return policy.codes.get(outcome.kind) or _CODES[outcome.kind]


def told_whole(outcome: TitleEvent) -> Facts:
    """The amount paid in full, with the tariff apart: what most banks do."""
    return {
        "valor_pago": outcome.paid.cents,
        "juros": outcome.interest.cents,
        "motivos": "".join(outcome.reasons[:5]),
    }


def _line(record: Record, facts: Facts) -> str:
    said = ((f, facts[f.name]) for f in record.inputs if f.name in facts)
    return record.write_named(
        {f.name: DAYS[f.picture](value) if f.picture in DAYS else value for f, value in said}
    )


def missing(read: Facts, codes: Mapping[str, str]) -> Iterator[str]:
    """The reasons for the fields that a registration left empty; a document or postcode of zeros counts as empty."""
    for name, code in codes.items():
        value = read[name].strip("0") if name in _ZEROS_ARE_EMPTY else read[name]
        if not value:
            yield code
