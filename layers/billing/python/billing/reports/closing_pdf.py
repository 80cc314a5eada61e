"""Emitir Fatura: a printed frozen closing, with its entries and the amounts charged, each with its arithmetic (CLO-10).

It shows what the closing charged, and is not a title (título): the invoice of its charges says how to pay.
"""

from billing.access.call import Call
from billing.banking.boleto_document import BoletoDocument, DocumentLine
from billing.banking.boleto_pdf import render_boletos
from billing.banking.store import profiles
from billing.closings import store
from billing.closings.model import Closing
from billing.contracts import store as contracts
from billing.core.br import phones
from billing.core.errors import Refusal, Refused
from billing.customers import store as customers
from billing.customers.company_store import companies
from billing.invoicing.store import find_charges
from billing.reports.annex import of_closing
from billing.reports.invoice_pdf import payer_of

NOT_FINALISED = Refusal(
    "closing.not_finalised",
    "A cobrança deste mês ainda não foi finalizada: cobre o fechamento e depois emita a fatura.",
)


def draw_closing(call: Call, customer_id: str, closing_id: str) -> bytes:
    """Raises NotFound, Forbidden; Refused if the closing is not frozen."""
    closing = store.get_for(call, customer_id, closing_id)
    if not closing.is_frozen:
        raise Refused.because([NOT_FINALISED])
    return render_boletos([_document(call, closing)])


def _document(call: Call, closing: Closing) -> BoletoDocument:
    tenant = call.tenant_id
    contract = contracts.get(tenant, closing.customer_id, closing.contract_id)
    (profile,) = [one for one in profiles(tenant) if one.id == contract.payment_profile_id]
    (company,) = [one for one in companies(tenant) if one.id == closing.company_id]
    charges = find_charges(tenant, [(closing.customer_id, charge_id) for charge_id in closing.charge_ids])
    frozen_on = closing.frozen_on or closing.period.end
    charging = closing.charging
    return BoletoDocument(
        account=profile.terms,
        boleto=None,
        payer=payer_of(customers.get(tenant, closing.customer_id)),
        amount=closing.total,
        issued_on=frozen_on,
        due_on=max((charge.due_on for charge in charges.values()), default=frozen_on),
        document_number=closing.id,
        title=f"Fatura de {closing.period.start:%m/%Y}",
        subtitle=closing.period.format_br(),
        lines=[
            DocumentLine(closing.contract_title, None),
            *of_closing(
                contract, closing, store.figures(tenant, closing.customer_id, closing.id, closing.pages)
            ),
        ],
        sums=[]
        if charging is None
        else [DocumentLine(f"Centro de resultado {charging.cost_centre}, ticket {charging.ticket}", None)],
        contact=" · ".join(filter(None, (phones.format(company.service_phone), company.site))),
    )
