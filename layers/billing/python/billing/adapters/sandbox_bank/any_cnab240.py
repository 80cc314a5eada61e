"""The sandbox bank in CNAB 240, for any bank: what is specific to the bank is passed in as a `BankAnswers240`."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from billing.adapters.sandbox_bank.bank import TitleEvent, TitleSeen, fault
from billing.banking.layouts.pictures import ddmmyyyy, to_number
from billing.banking.layouts.record import Record
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.core.errors import Refusal
from billing.core.money import Money

_CODES = {
    OccurrenceKind.SETTLED: "06",
    OccurrenceKind.WRITTEN_OFF: "09",
    OccurrenceKind.PROTESTED: "23",
    OccurrenceKind.TARIFF: "28",
    OccurrenceKind.OTHER: "11",
}
_NO_MOVEMENT_LIKE_IT = "05"  # C047, rejection
_PAID_BY_COMPENSATION = "04"  # C047, settlement
_ENTRY = "01"
_ACCOUNT = ("agencia", "agencia_digito", "conta", "conta_digito")
TITLES_IN_BATCH = 10_000
_ORDER = {"0": "1", "1": "3", "3": "35", "5": "19", "9": ""}
"""Record type -> the types that may follow it."""
Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class BankAnswers240:
    bank: str
    records: Any
    """The bank's module of records."""
    version: str
    """The version of the file's layout that the bank requires (G019)."""
    segments: Mapping[str, tuple[str, ...]]
    """Requested movement -> the sequences of segments that the bank accepts for it; "" for any other."""
    confirmations: Mapping[str, str]
    """Requested movement (C004) -> occurrence that confirms it (C044)."""
    after_due_date: bool
    """Whether interest and fine may begin only after the due date."""
    exempt: str
    """C018: the code for no interest."""
    own_faults: Callable[[Facts], Iterator[str]]
    """The bank's own reasons for rejecting an entry (C047), from the fields of its segments."""
    net_of_tariff: bool
    """Whether the amount credited to the account is reported without the tariff (G078)."""
    numbered: Callable[[str], Facts]
    """Another title's nosso número -> its fields."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """C047, rejections -> the bank's own code, if it uses another."""
    instruction_rejected: Mapping[str, str] = field(default_factory=lambda: {"": "26"})
    """Requested movement -> occurrence that rejects it; "" for any other."""
    details: Callable[[TitleEvent], Facts] = lambda outcome: {"motivos": "".join(_reasons(outcome)[:5])}
    """How the bank reports reasons and channel, in its own fields."""
    codes: Mapping[OccurrenceKind, str] = field(default_factory=dict)
    """The bank's own occurrence code for a kind, if it is not the usual one."""
    file_trailer: Record | None = None
    """The return's trailer, if it differs from the remittance's."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """The segments of one title, and all their fields together."""

    line_number: int
    segments: str
    facts: Facts


class SandboxBank240:
    def __init__(self, policy: BankAnswers240) -> None:
        self._policy = policy

    def titles(self, lines: Sequence[str]) -> Iterator[TitleSeen]:
        seen: set[str] = set()
        for request in self._asked(lines):
            yield self._title(request, seen)

    def file_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        misplaced = list(_order_faults(lines))
        yield from misplaced or self._faults_in_order(lines)

    def _faults_in_order(self, lines: Sequence[str]) -> Iterator[Refusal]:
        version = self._policy.version
        if lines[0][142] != "1" or lines[0][163:166] != version:
            yield fault("header", f"o arquivo não começa como uma remessa, versão {version}.")
        if lines[-1][3:7] != "9999":
            yield fault("trailer", "o arquivo não termina com o registro 9.")
        elif (stated := to_number(lines[-1][23:29])) != len(lines):
            yield fault("count", f"o fim diz {stated} registros e há {len(lines)}.")
        yield from self._batch_faults(lines)
        for request in self._asked(lines):
            taken = self._policy.segments
            movement = request.facts["movimento"]
            if request.segments not in taken.get(movement, taken[""]):
                what = f"segmentos {request.segments} no movimento {movement}"
                yield fault("segment_order", f"linha {request.line_number}: {what}.")

    def answer(
        self,
        lines: Sequence[str],
        happened: Iterable[tuple[TitleSeen, TitleEvent]],
        *,
        sequence: int,
        on: date,
    ) -> Iterator[str]:
        records = self._policy.records
        requests = {one.line_number: one.facts for one in self._asked(lines)}
        first = next(iter(requests.values()), {})
        company = {name: first[name] for name in _ACCOUNT if name in first}
        company |= records.BATCH_HEADER.read(lines[1]) | records.FILE_HEADER.read(lines[0])
        day = {"data_geracao": ddmmyyyy(on), "hora_geracao": 60000, "sequencial_arquivo": sequence}
        yield _line(records.RETURN_FILE_HEADER, company | day)
        batch_day = {"numero_remessa": sequence, "data_gravacao": ddmmyyyy(on), "data_credito": ddmmyyyy(on)}
        batches, written = 0, 2
        for batch in _batches(happened):
            batches += 1
            heading = company | batch_day | {"lote": f"{batches:04d}"}
            for line in self._batch(batch, requests, heading, on):
                written += 1
                yield line
        ending = self._policy.file_trailer or records.FILE_TRAILER
        yield _line(ending, {"quantidade_lotes": batches, "quantidade_registros": written})

    def _batch(
        self,
        happened: Sequence[tuple[TitleSeen, TitleEvent]],
        requests: Mapping[int, Facts],
        heading: Facts,
        on: date,
    ) -> Iterator[str]:
        """One batch: its header, T and U of each title, its trailer."""
        records = self._policy.records
        yield _line(records.RETURN_BATCH_HEADER, heading)
        details = cents = 0
        for title, outcome in happened:
            cents += title.amount.cents
            facts = heading | requests[title.line_number] | self._occurrence(title, outcome, on)
            facts["lote"] = heading["lote"]
            for record in _told_in(records, outcome):
                details += 1
                yield _line(record, facts | {"sequencial": details})
            if outcome.stray:
                details += 1
                yield f"{self._policy.bank}{heading['lote']}3{details:05d}Z".ljust(240)
        yield _line(
            records.RETURN_BATCH_TRAILER,
            {
                "lote": heading["lote"],
                "quantidade_registros": details + 2,
                "simples_titulos": len(happened),
                "simples_valor": cents,
            },
        )

    def _asked(self, lines: Sequence[str]) -> Iterator[_Asked]:
        """The titles of a remittance: each starts with its P and includes the segments that follow."""
        records = self._policy.records
        described = {
            name[-1]: record for name, record in vars(records).items() if name.startswith("SEGMENT_")
        }
        opened: _Asked | None = None
        for number, line in enumerate(lines, 1):
            if line[7] != "3":
                continue
            segment = line[13]
            read = described[segment].read(line)
            if segment == "P" or opened is None:
                if opened:
                    yield opened
                opened = _Asked(number, segment, read)
            else:
                mixed = {} if read["movimento"] == opened.facts["movimento"] else {"movimento": "?"}
                opened = _Asked(opened.line_number, opened.segments + segment, read | opened.facts | mixed)
        if opened:
            yield opened

    def _title(self, request: _Asked, seen: set[str]) -> TitleSeen:
        facts = request.facts
        movement, nosso_numero = facts["movimento"], facts["nosso_numero"]
        faults: tuple[str, ...] = () if movement in self._policy.confirmations else (_NO_MOVEMENT_LIKE_IT,)
        if movement == _ENTRY:
            faults = tuple(self._entry_faults(facts, nosso_numero in seen))
            seen.add(nosso_numero)
        own = self._policy.reasons
        return TitleSeen(
            line_number=request.line_number,
            movement=movement,
            nosso_numero=nosso_numero,
            digit=facts.get("nosso_numero_digito", ""),
            carteira=facts["carteira"],
            our_reference=facts.get("uso_empresa", ""),
            document_number=facts["numero_documento"],
            due_on=facts["vencimento"],
            amount=facts["valor_titulo"],
            payer_document=facts.get("pagador_documento", ""),
            payer_name=facts.get("pagador_nome", ""),
            with_pix="Y" in request.segments,
            faults=tuple(own.get(fault, fault) for fault in faults),
        )

    def _entry_faults(self, facts: Facts, repeated: bool) -> Iterator[str]:
        """The reasons (C047, rejections) for rejecting an entry."""
        due_on = facts["vencimento"]
        checks = (
            ("16", due_on is None),
            ("17", due_on is not None and facts["emissao"] is not None and due_on < facts["emissao"]),
            ("20", not facts["valor_titulo"]),
            ("45", not facts["pagador_nome"]),
            ("46", not facts["pagador_documento"].strip("0")),
            ("47", not facts["pagador_endereco"]),
            ("48", facts["pagador_cep"] == "00000000"),
            ("79", self._charges_interest(facts) and self._early(facts, "juros_data")),
            ("58", facts.get("multa_codigo", "0") != "0" and self._early(facts, "multa_data")),
            ("09", repeated),
        )
        yield from (code for code, wrong in checks if wrong)
        yield from self._policy.own_faults(facts)

    def _charges_interest(self, facts: Facts) -> bool:
        if "juros_codigo" in facts:
            return bool(facts["juros_codigo"] != self._policy.exempt)
        return bool(facts["juros"])

    def _early(self, facts: Facts, name: str) -> bool:
        """Whether a charge begins too early; a layout without a field for the date leaves that to the bank."""
        if name not in facts:
            return False
        begins, due_on = facts[name], facts["vencimento"]
        if begins is None or due_on is None:
            return True
        return bool(begins <= due_on if self._policy.after_due_date else begins < due_on)

    def _occurrence(self, title: TitleSeen, outcome: TitleEvent, on: date) -> Facts:
        """The fields of T and U that report what happened; the others stay as they were sent."""
        settled = outcome.kind in SETTLEMENTS
        net = outcome.paid - outcome.tariff if self._policy.net_of_tariff else outcome.paid
        other = (
            self._policy.numbered(outcome.nosso_numero) | {"uso_empresa": ""} if outcome.nosso_numero else {}
        )
        facts: Facts = {
            "movimento": outcome.code or self._code(title, outcome),
            "instrucao_origem": title.movement,
            "vencimento": ddmmyyyy(title.due_on),
            "valor_titulo": title.amount.cents,
            "moeda": "09",
            "tarifa": outcome.tariff.cents,
            "acrescimos": outcome.interest.cents,
            "desconto": 0,
            "abatimento": 0,
            "valor_pago": outcome.paid.cents,
            "valor_liquido": net.cents if settled else 0,
            "data_ocorrencia": ddmmyyyy(on),
            "data_credito": ddmmyyyy(on) if settled else "00000000",
            "chave_tipo": "",
            "chave_pix": outcome.pix_emv,
        }
        return facts | self._policy.details(outcome) | other

    def _code(self, title: TitleSeen, outcome: TitleEvent) -> str:
        if outcome.kind is OccurrenceKind.REGISTERED:
            return self._policy.confirmations[title.movement]
        if outcome.kind is OccurrenceKind.REJECTED and title.movement == _ENTRY:
            return "03"
        if outcome.kind in {OccurrenceKind.REJECTED, OccurrenceKind.INSTRUCTION_REJECTED}:
            rejected = self._policy.instruction_rejected
            return rejected.get(title.movement, rejected[""])
        return self._policy.codes.get(outcome.kind) or _CODES[outcome.kind]

    def _batch_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        """Counts and sums of each batch."""
        count = titles = cents = 0
        for number, line in enumerate(lines, 1):
            if line[7] == "1":
                count = titles = cents = 0
            elif line[7] == "3":
                count += 1
                if line[8:13] != f"{count:05d}":
                    yield fault("sequence", f"linha {number}: sequencial {line[8:13]} fora de ordem.")
                if line[13] == "P":
                    titles, cents = titles + 1, cents + to_number(line[85:100])
            elif line[7] == "5":
                yield from self._trailer_faults(line, number, (count + 2, titles, cents))

    def _trailer_faults(self, line: str, number: int, counted: tuple[int, int, int]) -> Iterator[Refusal]:
        read = self._policy.records.BATCH_TRAILER.read(line)
        lines, titles, cents = counted
        if read["quantidade_registros"] != lines:
            stated = read["quantidade_registros"]
            yield fault("count", f"linha {number}: o fim do lote diz {stated} registros e há {lines}.")
        told_titles = sum(value for name, value in read.items() if name.endswith("_titulos"))
        told_cents = sum(value.cents for name, value in read.items() if isinstance(value, Money))
        if "simples_titulos" in read and (told_titles, told_cents) != (titles, cents):
            yield fault("sum", f"linha {number}: a quantidade ou a soma dos títulos do lote não confere.")


def _order_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    """Records in places where their type is not allowed."""
    if lines[0][7] != "0":
        yield fault("header", "o arquivo não começa com o registro 0.")
    if lines[-1][7] != "9":
        yield fault("trailer", "o arquivo não termina com o registro 9.")
    for number, (line, following) in enumerate(pairwise(lines), 1):
        if following[7] not in _ORDER[line[7]]:
            yield fault("record_order", f"linha {number + 1}: registro {following[7]} depois de {line[7]}.")


def _batches(
    happened: Iterable[tuple[TitleSeen, TitleEvent]],
) -> Iterator[list[tuple[TitleSeen, TitleEvent]]]:
    """At least one batch: a day without news has one too."""
    batch: list[tuple[TitleSeen, TitleEvent]] = []
    for title, outcome in happened:
        if batch and (outcome.opens_batch or len(batch) == TITLES_IN_BATCH):
            yield batch
            batch = []
        batch.append((title, outcome))
    yield batch


def _told_in(records: Any, outcome: TitleEvent) -> Iterator[Record]:
    """T, U unless it is missing, and the bank's Y if there is a Pix to report."""
    yield records.SEGMENT_T
    if not outcome.alone:
        yield records.SEGMENT_U
    if outcome.pix_emv:
        yield records.SEGMENT_Y


def _reasons(outcome: TitleEvent) -> tuple[str, ...]:
    return outcome.reasons or ((_PAID_BY_COMPENSATION,) if outcome.kind in SETTLEMENTS else ())


def _line(record: Record, facts: Facts) -> str:
    """A record with those of the facts that it has columns for."""
    return record.write_named({f.name: facts[f.name] for f in record.inputs if f.name in facts})
