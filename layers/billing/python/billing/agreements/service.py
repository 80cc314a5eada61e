"""Renegotiate a debt: propose, confirm, read (parcelar dívida, PAY-06)."""

import json

from billing.access.call import Call
from billing.agreements import carrying_out, settings, store
from billing.agreements.model import (
    AgreementPlan,
    AgreementProposal,
    AgreementRequest,
    ConfirmedAgreement,
    InstalmentAgreement,
)
from billing.agreements.planning import against_terms, late_terms, plan
from billing.agreements.settings import AgreementSettings
from billing.audit.batches import all_of, as_reasons
from billing.audit.history import Recorded
from billing.banking.model import PaymentProfile
from billing.banking.store import profiles
from billing.core.errors import Refusal, Refused, Severity
from billing.core.ids import content_hash, derived_id, new_id
from billing.customers import store as customers
from billing.customers.company_store import get_company
from billing.customers.model import Customer
from billing.invoicing import invoices, refusals
from billing.invoicing.invoice import Invoice
from billing.invoicing.letting_go import LetTitleGo
from billing.invoicing.making import Batch, LoadedCharges

OLD_BOLETOS = Refusal(
    "agreement.old_boletos",
    "Os boletos já entregues destas faturas deixam de valer: envie ao cliente os das parcelas.",
    Severity.WARNS,
)


def propose(call: Call, customer_id: str, request: AgreementRequest) -> AgreementProposal:
    """What the agreement would do today, without effect. Raises NotFound, Forbidden, Refused with every reason."""
    return _proposal(_planned(call, customer_id, request))


def confirm(
    call: Call, customer_id: str, request: ConfirmedAgreement, let_title_go: LetTitleGo
) -> InstalmentAgreement:
    """Do exactly what was shown. Repeated, the request continues where it was cut off. Raises Refused if something changed
    since the proposal."""
    key = call.idempotency.key if call.idempotency is not None else new_id("key")
    agreement_id = derived_id("agr", call.tenant_id, call.actor_id, key)
    begun = store.find_agreement(call.tenant_id, customer_id, agreement_id)
    if begun is None:
        planned = _planned(call, customer_id, request)
        if _proposal(planned).proposal != request.proposal:
            message = "As faturas, a configuração ou o dia mudaram desde a proposta. Veja a nova proposta e confirme."
            raise Refused.because([Refusal("agreement.outdated", message, field="proposal")])
        begun = carrying_out.begin(call, planned.agreement(agreement_id), planned.invoices, let_title_go)
    return carrying_out.carry_out(call, begun)


def get(call: Call, customer_id: str, agreement_id: str) -> InstalmentAgreement:
    """Raises NotFound, Forbidden."""
    agreement = store.get_agreement(call.tenant_id, customer_id, agreement_id)
    call.require_company(agreement.company_id)
    return agreement


def of_customer(call: Call, customer_id: str) -> list[InstalmentAgreement]:
    """The agreements with the caller's companies, newest first. Raises NotFound."""
    customers.get(call.tenant_id, customer_id)
    kept = store.agreements_of(call.tenant_id, customer_id)
    return [agreement for agreement in kept if call.works_for(agreement.company_id)]


def history_of(call: Call, customer_id: str, agreement_id: str) -> Recorded:
    """Raises NotFound, Forbidden."""
    agreement = get(call, customer_id, agreement_id)
    return Recorded.of(agreement, store.agreement_row(call.tenant_id, agreement))


class _Planned:
    """The figures of a request, and what they are computed from."""

    def __init__(
        self, call: Call, request: AgreementRequest, rules: AgreementSettings, invoices: list[Invoice]
    ) -> None:
        self.call = call
        self.request = request
        self.rules = rules
        self.invoices = invoices
        self.plan: AgreementPlan = plan(request, rules, invoices, call.today)

    def agreement(self, agreement_id: str) -> InstalmentAgreement:
        first, terms = self.invoices[0], late_terms(self.request, self.rules)
        return InstalmentAgreement(
            **dict(self.plan),
            id=agreement_id,
            customer_id=first.customer_id,
            company_id=first.company_id,
            payment_profile_id=self.request.payment_profile_id,
            agreed_on=self.call.today,
            asked_by=self.call.actor_id,
            asked_at=self.call.now,
            fine_percent=None if terms is None else terms.fine_percent,
            monthly_interest_percent=None if terms is None else terms.monthly_interest_percent,
            instalment_interest_percent=self.rules.instalment_interest_percent,
            breaks_after_days=self.rules.breaks_after_days,
        )


def _planned(call: Call, customer_id: str, request: AgreementRequest) -> _Planned:
    customer = customers.get(call.tenant_id, customer_id)
    ids = list(dict.fromkeys(request.invoice_ids))
    owed = all_of("invoice_ids", ids, lambda invoice_id: _renegotiable(call, customer_id, invoice_id))
    company_ids = {invoice.company_id for invoice in owed}
    if len(company_ids) > 1:
        message = "As faturas são de empresas diferentes: faça um parcelamento para cada empresa."
        raise Refused.because([Refusal("agreement.companies", message, field="invoice_ids")])
    company_id = company_ids.pop()
    rules = settings.of_company(call.tenant_id, company_id)
    profile = _profile(call, company_id, request.payment_profile_id)
    reasons = against_terms(request, rules, customer)
    if reasons:
        raise Refused.because(reasons)
    planned = _Planned(call, request, rules, owed)
    _require_billable(call, planned.agreement("agr_trial"), customer, profile)
    return planned


def _renegotiable(call: Call, customer_id: str, invoice_id: str) -> Invoice:
    """Raises NotFound, Forbidden, Refused."""
    invoice = invoices.get(call, customer_id, invoice_id)
    reasons = refusals.to_renegotiate(invoice)
    if invoice.agreed_part is not None:
        message = f"A Fatura {invoice.number} é parcela de um parcelamento: quebre-o antes."
        reasons.append(Refusal("agreement.of_agreement", message))
    if invoice.rebate:
        message = f"A Fatura {invoice.number} tem abatimento concedido no banco: cancele-o antes de parcelar."
        reasons.append(Refusal("agreement.rebate", message))
    if not invoice.balance and not reasons:
        message = f"A Fatura {invoice.number} não tem saldo a parcelar."
        reasons.append(Refusal("agreement.nothing_due", message))
    refusals.require(reasons)
    return invoice


def _profile(call: Call, company_id: str, profile_id: str) -> PaymentProfile:
    profile = {one.id: one for one in profiles(call.tenant_id)}.get(profile_id)
    if profile is None or profile.company_id != company_id:
        message = "O profile de pagamento não existe nesta empresa."
        raise Refused.because([Refusal("agreement.profile", message, field="payment_profile_id")])
    return profile


def _require_billable(
    call: Call, agreement: InstalmentAgreement, customer: Customer, profile: PaymentProfile
) -> None:
    """Try each instalment's invoice before any invoice is changed. Raises Refused."""
    series = get_company(call.tenant_id, agreement.company_id).series
    batch = Batch("trial", 0, agreement.company_id, series, call.today, is_by_hand=True)
    loaded = LoadedCharges({}, {customer.id: customer}, {profile.id: profile})
    for charge in carrying_out.charges_of(agreement):
        loaded.tried(carrying_out.group_of(charge), [charge], batch)


def _proposal(planned: _Planned) -> AgreementProposal:
    """The proposal holds for one version of each invoice and of the settings, and for today."""
    versions = {invoice.id: invoice.version for invoice in planned.invoices}
    shown = [str(planned.call.today), versions, planned.rules.version, planned.request.payment_profile_id]
    content = json.dumps([*shown, planned.plan.to_map()], sort_keys=True)
    has_boletos = any(invoice.has_live_boleto for invoice in planned.invoices)
    return AgreementProposal(
        **dict(planned.plan),
        breaks_after_days=planned.rules.breaks_after_days,
        warnings=as_reasons([OLD_BOLETOS] if has_boletos else []),
        proposal=content_hash(content.encode())[:32],
    )
