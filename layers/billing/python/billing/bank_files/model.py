"""Remittances to the bank and its return files: what was sent, what came back, and what was done with each line."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from billing.banking.bank_reason import BankReason
from billing.banking.mending import reasons_of
from billing.banking.occurrences import REJECTIONS, Occurrence, OccurrenceKind
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.core.period import Day, is_range
from billing.core.table import Aggregate
from billing.core.text import Id

WHOLE_FILE = "inteira"
"""Suffix of the movement of a title whose remittance was rejected as a whole: the title itself was not at fault."""


class RemittanceRequest(Entity):
    """Os títulos a registrar: os de um profile que vencem em uma faixa, os dois dias incluídos. As instruções que
    aguardam vão junto, qualquer que seja o vencimento: pede-se baixa do que está vencido."""

    profile_id: Id
    due_from: Day = Field(examples=["2026-04-01"])
    due_to: Day = Field(examples=["2026-04-30"])

    @model_validator(mode="after")
    def _ordered(self) -> "RemittanceRequest":
        if not is_range(self.due_from, self.due_to):
            message = "O último vencimento vem depois do primeiro, no máximo 366 dias."
            raise PydanticCustomError("remittance.range", message)
        return self


class Remittance(Aggregate):
    """Remessa: um arquivo para o banco, com o próximo sequencial do profile."""

    id: str
    run_id: str
    company_id: str
    profile_id: str
    sequence: int
    titles: int
    """Boletos a registrar."""
    instructions: int = 0
    """Instruções sobre boletos já registrados."""
    total: Money
    file_name: str
    created_at: datetime
    rejection: str | None = None
    """Por que o banco a rejeitou inteira, ou em parte; os títulos rejeitados vão em outra remessa."""


class Sequence(Aggregate):
    """The last remittance sequence of a profile: it only grows, without gap or repeat."""

    last: int


class RemittanceTitles(Entity):
    """What goes into the file and what does not, fixed before the remittance is recorded."""

    keys: tuple[str, ...]
    """"customer_id/invoice_id", for an instruction "customer_id/invoice_id/instruction_id", in the file's order."""
    refused: dict[str, str] = {}
    """Key -> why the bank would reject it."""
    ended: tuple[str, ...] = ()
    """Those refused instructions whose title can have no more: they are not tried again."""
    entry_hashes: dict[str, str] = {}
    """Key of a title -> hash of its entry."""
    total: Money


class PinnedTitles(Entity):
    """Where the titles of a run are kept. Once it exists, they will be sent and the run cannot be cancelled."""

    file: str


class OccurrenceOutcome(StrEnum):
    """O que foi feito de uma ocorrência."""

    APPLIED = "applied"
    HELD = "held"  # matched no open title or instruction, or not as expected; its money waits for a decision (PAY-08)
    RECORDED = "recorded"  # reports something that changes nothing here
    REPEATED = "repeated"  # seen before, in this or another file: no effect
    COMPLETED = "completed"  # seen before; this line adds the date of credit or the tariff


class OccurrenceRow(Entity):
    """Uma ocorrência de um retorno, com o que foi feito dela. O id garante que seja aplicada uma só vez."""

    id: str
    return_id: str
    line_number: int
    kind: OccurrenceKind
    movement_text: str
    reasons: tuple[str, ...] = ()
    nosso_numero: str
    occurred_on: date | None = None
    credited_on: date | None = None
    paid: Money = ZERO
    interest: Money = ZERO
    fine: Money = ZERO
    discount: Money = ZERO
    rebate: Money = ZERO
    tariff: Money = ZERO
    net_credited: Money = ZERO
    outcome: OccurrenceOutcome
    message: str
    """O que foi feito, em palavras."""
    invoice: str | None = None
    """`customer_id/invoice_id` do título encontrado."""
    instruction_id: str | None = None
    """A instrução nossa que ela respondeu."""
    rejection: tuple[BankReason, ...] | None = None
    """De uma rejeição: os motivos, e os campos a corrigir de cada um."""
    raw: tuple[str, ...]

    @classmethod
    def of(
        cls,
        occurrence: Occurrence,
        occurrence_id: str,
        return_id: str,
        outcome: OccurrenceOutcome,
        message: str,
        invoice: str | None = None,
        instruction_id: str | None = None,
    ) -> "OccurrenceRow":
        return cls(
            id=occurrence_id,
            return_id=return_id,
            line_number=occurrence.line_number,
            kind=occurrence.kind,
            movement_text=occurrence.movement_text,
            reasons=tuple(f"{reason.code} {reason.text}" for reason in occurrence.reasons),
            nosso_numero=occurrence.nosso_numero,
            occurred_on=occurrence.occurred_on,
            credited_on=occurrence.credited_on,
            paid=occurrence.paid_amount,
            interest=occurrence.interest,
            fine=occurrence.fine,
            discount=occurrence.discount,
            rebate=occurrence.rebate,
            tariff=occurrence.tariff,
            net_credited=occurrence.net_credited,
            outcome=outcome,
            message=message,
            invoice=invoice,
            instruction_id=instruction_id,
            rejection=_rejection(occurrence),
            raw=occurrence.raw,
        )


def _rejection(occurrence: Occurrence) -> tuple[BankReason, ...] | None:
    if occurrence.kind not in REJECTIONS:
        return None
    return reasons_of(
        occurrence.reasons, of_instruction=occurrence.kind is OccurrenceKind.INSTRUCTION_REJECTED
    )


class AppliedMark(Entity):
    """Where an occurrence was applied: the return and the line."""

    return_id: str
    line_number: int


class ReturnStatus(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    REFUSED = "refused"  # truncated, corrupt, not CNAB or of an unknown account: nothing was applied


class ReturnFile(Aggregate):
    """Retorno: um arquivo do banco, conhecido pelo conteúdo; o mesmo arquivo de novo é o mesmo retorno."""

    id: str
    run_id: str
    file_key: str
    """Onde o arquivo foi posto, com o nome que o banco lhe deu; outro pode ter tomado o lugar dele."""
    file_name: str | None = None
    """O nome do arquivo, como o banco ou quem o enviou o chama."""
    sent_by: str | None = None
    """Quem o enviou; `bank-channel` quando o banco o pôs pelo seu próprio canal."""
    received_at: datetime
    status: ReturnStatus = ReturnStatus.RECEIVED
    profile_id: str | None = None
    bank: str | None = None
    layout: str | None = None
    bank_sequence: int | None = None
    """O número do arquivo no banco, do seu cabeçalho."""
    created_on: date | None = None
    """O dia em que o banco gerou o arquivo, do seu cabeçalho."""
    occurrences: int = 0
    totals: dict[str, str] = {}
    """Contagens por destino e tipo, e valores recebidos, em texto."""
    answer: str | None = None
    """De uma pré-crítica: o que o banco diz da remessa inteira."""
    problem: str | None = None
    """Por que foi recusado: linha, coluna, campo e valor."""
    repeats: int = 0
    """Quantas vezes o mesmo arquivo voltou, sem efeito."""
