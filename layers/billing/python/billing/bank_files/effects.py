"""What each kind of occurrence does here. A table, read from top to bottom; what it does not name is recorded, without effect."""

from collections.abc import Callable
from datetime import date

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files.model import OccurrenceOutcome
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import Kind, Occurrence
from billing.core.errors import Refused
from billing.core.money import ZERO
from billing.invoicing import store as invoices
from billing.invoicing.model import Invoice
from billing.invoicing.states import REMITTANCE_MOVES, WAITING_FOR_ENTRY, RemittanceState
from billing.payments.model import MovementKind
from billing.payments.receiving import BankPayment, move, receive

Effect = Callable[
    [Call, Changes, PaymentProfile, Occurrence, str, Invoice | None], tuple[OccurrenceOutcome, str]
]


def effect(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    occurrence: Occurrence,
    occurrence_id: str,
    invoice: Invoice | None,
) -> tuple[OccurrenceOutcome, str]:
    """Put what the occurrence does into `changes`; what became of it, and in words."""
    return _EFFECTS.get(occurrence.kind, _record)(call, changes, profile, occurrence, occurrence_id, invoice)


def _register(
    call: Call, changes: Changes, _p: PaymentProfile, _o: Occurrence, _id: str, invoice: Invoice | None
) -> tuple[OccurrenceOutcome, str]:
    if invoice is None:
        return OccurrenceOutcome.HELD, "Entrada confirmada de um título que não é de nenhuma fatura."
    if not _may_become(invoice, RemittanceState.REGISTERED):
        return OccurrenceOutcome.RECORDED, f"O boleto da Fatura {invoice.number} já estava registrado."
    after = invoice.registered()
    changes.put(
        invoices.invoice_row(call.tenant_id, after), "invoice.registered", before=invoice, after=after
    )
    return OccurrenceOutcome.APPLIED, f"Boleto da Fatura {invoice.number} registrado no banco."


def _reject(
    call: Call,
    changes: Changes,
    _p: PaymentProfile,
    occurrence: Occurrence,
    _id: str,
    invoice: Invoice | None,
) -> tuple[OccurrenceOutcome, str]:
    reasons = "; ".join(reason.text for reason in occurrence.reasons) or "motivo não informado"
    if invoice is None:
        return OccurrenceOutcome.HELD, f"Título que não é de nenhuma fatura, rejeitado: {reasons}."
    message = f"Boleto da Fatura {invoice.number} rejeitado: {reasons}. Corrija e envie em nova remessa."
    if not _may_become(invoice, RemittanceState.REJECTED):
        return OccurrenceOutcome.RECORDED, message
    after = invoice.rejected()
    changes.put(
        invoices.invoice_row(call.tenant_id, after),
        "invoice.rejected",
        before=invoice,
        after=after,
        note=reasons[:200],
    )
    return OccurrenceOutcome.APPLIED, message


def _refuse(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    occurrence: Occurrence,
    occurrence_id: str,
    invoice: Invoice | None,
) -> tuple[OccurrenceOutcome, str]:
    """Of a title that waits for its entry it is the entry; once registered, the boleto stands and an instruction was refused."""
    if invoice is None or invoice.remittance not in WAITING_FOR_ENTRY:
        return _record(call, changes, profile, occurrence, occurrence_id, invoice)
    return _reject(call, changes, profile, occurrence, occurrence_id, invoice)


def _receive(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    occurrence: Occurrence,
    occurrence_id: str,
    invoice: Invoice | None,
) -> tuple[OccurrenceOutcome, str]:
    payment = BankPayment(
        source=occurrence_id,
        company_id=profile.company_id,
        profile_id=profile.id,
        account_id=profile.money_account_id,
        nosso_numero=occurrence.nosso_numero,
        received=occurrence.paid_amount,
        interest=occurrence.interest,
        fine=occurrence.fine,
        discount=occurrence.discount + occurrence.rebate,
        tariff=occurrence.tariff,
        paid_on=_day_of(occurrence),
        credited_on=occurrence.credited_on,
    )
    received = receive(call, changes, payment, invoice)
    return (
        OccurrenceOutcome.HELD if received.held is not None else OccurrenceOutcome.APPLIED
    ), received.message


def _charge_tariff(
    call: Call,
    changes: Changes,
    profile: PaymentProfile,
    occurrence: Occurrence,
    occurrence_id: str,
    _i: Invoice | None,
) -> tuple[OccurrenceOutcome, str]:
    if occurrence.tariff <= ZERO:
        return OccurrenceOutcome.RECORDED, occurrence.movement_text
    on = _day_of(occurrence)
    account = profile.money_account_id
    move(call, changes, account, MovementKind.TARIFF, -occurrence.tariff, on, occurrence_id)
    return OccurrenceOutcome.APPLIED, f"Tarifa de {occurrence.tariff.format_br()} debitada."


def _record(
    _c: Call, _ch: Changes, _p: PaymentProfile, occurrence: Occurrence, _id: str, invoice: Invoice | None
) -> tuple[OccurrenceOutcome, str]:
    whose = f" da Fatura {invoice.number}" if invoice is not None else ""
    return OccurrenceOutcome.RECORDED, f"{occurrence.movement_text}{whose}."


def _day_of(occurrence: Occurrence) -> date:
    """The file's date, never today. Raises Refused for money without a date: the run fails where people see it."""
    day = occurrence.occurred_on or occurrence.credited_on
    if day is None:
        message = f"A linha {occurrence.line_number} traz dinheiro sem data. Peça o arquivo de novo ao banco."
        raise Refused("return.no_date", message)
    return day


def _may_become(invoice: Invoice, state: RemittanceState) -> bool:
    return state in REMITTANCE_MOVES[invoice.remittance]


_EFFECTS: dict[Kind, Effect] = {
    Kind.REGISTERED: _register,
    Kind.REJECTED: _reject,
    Kind.COMMAND_REFUSED: _refuse,
    Kind.SETTLED: _receive,
    Kind.PARTIALLY_SETTLED: _receive,
    Kind.TARIFF: _charge_tariff,
}
