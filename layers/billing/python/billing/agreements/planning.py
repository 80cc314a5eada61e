"""The figures of a debt agreement: what each invoice is worth today, and the down payment and instalments that pay it. Pure.

Each part pays its share of balances, fines and interest, so that what was paid of the invoices is known to the cent at any
moment (PAY-06; the agreement itself allocates payments, as Código Civil, art. 354, allows).
"""

from collections.abc import Sequence
from datetime import date

from billing.agreements.model import AgreedInstalment, AgreementPlan, AgreementRequest, RenegotiatedInvoice
from billing.agreements.settings import AgreementSettings
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO, Money
from billing.customers.model import Customer, PersonKind
from billing.invoicing.invoice import Invoice
from billing.payments.instalments import Instalment, Interest, Receivable, agreed_debt, instalments
from billing.payments.late_charges import LateTerms, days_late, fine_refusal


def late_terms(request: AgreementRequest, settings: AgreementSettings) -> LateTerms | None:
    """None if fine and interest are waived."""
    if not request.charges_lateness:
        return None
    return LateTerms(
        fine_percent=settings.fine_percent,
        monthly_interest_percent=settings.monthly_interest_percent,
        interest_on_fine=True,
    )


def plan(
    request: AgreementRequest, settings: AgreementSettings, invoices: Sequence[Invoice], today: date
) -> AgreementPlan:
    """Raises Refused with everything in the request that does not fit the debt or the settings."""
    terms = late_terms(request, settings)
    ordered = sorted(invoices, key=lambda invoice: (invoice.due_on, invoice.number))
    worth = agreed_debt([Receivable(invoice.balance, invoice.due_on) for invoice in ordered], today, terms)
    debts = tuple(
        RenegotiatedInvoice(
            id=invoice.id,
            number=invoice.number,
            description=invoice.description,
            due_on=invoice.due_on,
            days_late=days_late(invoice.due_on, today),
            balance=invoice.balance,
            fine=late.fine,
            interest=late.interest,
            total=late.total,
        )
        for invoice, late in zip(ordered, worth, strict=True)
    )
    down = request.down_payment or ZERO
    _require_fitting(request, settings, Money.sum(debt.total for debt in debts), today)
    parts = _parts(request, settings, debts, down, today)
    return AgreementPlan(
        invoices=debts,
        instalments=parts,
        principal=Money.sum(part.principal for part in parts),
        fine=Money.sum(part.fine for part in parts),
        interest=Money.sum(part.interest for part in parts),
        instalment_interest=Money.sum(part.instalment_interest for part in parts),
        total=Money.sum(part.total for part in parts),
    )


def against_terms(
    request: AgreementRequest, settings: AgreementSettings, customer: Customer
) -> list[Refusal]:
    """Why fine and interest cannot be charged as configured."""
    if not request.charges_lateness:
        return []
    if not settings.version:
        message = "Configure as porcentagens de multa e juros de Parcelar Dívida na empresa, ou dispense multa e juros."
        return [Refusal("agreement.not_configured", message, field="charges_lateness")]
    above = fine_refusal(settings.fine_percent, is_consumer=customer.kind is PersonKind.INDIVIDUAL)
    return [] if above is None else [above._replace(field="charges_lateness")]


def _require_fitting(
    request: AgreementRequest, settings: AgreementSettings, total: Money, today: date
) -> None:
    reasons = []
    down = request.down_payment or ZERO
    if request.instalments > settings.most_instalments:
        message = f"A configuração de Parcelar Dívida permite até {settings.most_instalments} parcelas."
        reasons.append(Refusal("agreement.too_many", message, field="instalments"))
    if request.first_due_on < today:
        message = "O vencimento da primeira parcela já passou."
        reasons.append(Refusal("agreement.first_due", message, field="first_due_on"))
    least = Money.rounded(total.decimal * settings.least_down_payment_percent / 100)
    if down < least:
        message = f"A entrada é de pelo menos {least.format_br()}."
        reasons.append(Refusal("agreement.down_payment_low", message, field="down_payment"))
    if total - down < Money.from_cents(request.instalments):
        message = f"A entrada e o número de parcelas não cabem no total de {total.format_br()}: nenhuma parcela é de zero."
        reasons.append(Refusal("agreement.part_zero", message, field="instalments"))
    if reasons:
        raise Refused.because(reasons)


def _parts(
    request: AgreementRequest,
    settings: AgreementSettings,
    debts: Sequence[RenegotiatedInvoice],
    down: Money,
    today: date,
) -> tuple[AgreedInstalment, ...]:
    """The down payment first, if there is one."""
    equal = instalments(
        Money.sum(debt.total for debt in debts) - down,
        request.instalments,
        first_due_on=request.first_due_on,
        every_days=request.interval_days,
        interest=Interest(today, settings.instalment_interest_percent),
    )
    numbered = [*([(0, Instalment(today, down, ZERO, down))] if down else []), *enumerate(equal, start=1)]
    bases = [part.principal.cents for _, part in numbered]
    principals = Money.sum(debt.balance for debt in debts).allocate(bases)
    late = [base - principal.cents for base, principal in zip(bases, principals, strict=True)]
    fines = Money.sum(debt.fine for debt in debts).allocate(late)
    return tuple(
        AgreedInstalment(
            number=number,
            due_on=part.due_on,
            principal=principal,
            fine=fine,
            interest=part.principal - principal - fine,
            instalment_interest=part.interest,
            total=part.total,
        )
        for (number, part), principal, fine in zip(numbered, principals, fines, strict=True)
    )
