"""What is needed to issue a company's documents: its settings, its open certificate, and the authority."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, Self

from billing.access.call import Call
from billing.contracts.store import find_contracts
from billing.core.clock import business_date
from billing.core.errors import Refused
from billing.core.files import Files, Folder
from billing.core.period import Month
from billing.customers import store as customers
from billing.customers.company import Company
from billing.customers.company_store import get_company
from billing.fiscal import store
from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.certificates import signer_of
from billing.fiscal.document import FiscalDocument
from billing.fiscal.drafting import Case
from billing.fiscal.ports import FiscalOffice
from billing.fiscal.settings import FiscalSettings, IssueMoment
from billing.fiscal.states import ZONES
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import InvoiceStatus


class Desk(NamedTuple):
    call: Call
    office: FiscalOffice
    company: Company
    settings: FiscalSettings
    signer: SigningCertificate

    @property
    def uf(self) -> str:
        return self.company.address.uf

    @property
    def now(self) -> datetime:
        return self.office.clock.now()

    @property
    def today(self) -> date:
        """On the issuer's clock."""
        return business_date(self.now, ZONES[self.uf])


class NotTaken(Exception):
    """The authority is down or accepts nothing more now: what was to be sent is sent later, unchanged."""

    def __init__(self, code: str, title: str) -> None:
        super().__init__(code, title)
        self.code, self.title = code, title

    @property
    def refused(self) -> Refused:
        return Refused(self.code, self.title)

    @classmethod
    def unreached(cls) -> Self:
        return cls(
            "fiscal.unreached",
            "O autorizador não pôde ser alcançado: a emissão é tentada de novo mais tarde.",
        )


def open_desk(call: Call, office: FiscalOffice, company_id: str) -> Desk:
    """Raises Forbidden, NotFound, and Refused for a company that cannot issue: not configured, no usable certificate."""
    call.require_company(company_id)
    company = get_company(call.tenant_id, company_id)
    settings = store.find_settings(call.tenant_id, company_id)
    if settings is None:
        message = f"A empresa {company.trade_name} não tem configuração fiscal: faça-a antes de emitir."
        raise Refused("fiscal.not_configured", message)
    kept = store.find_certificate(call.tenant_id, company_id)
    if kept is None:
        message = (
            f"A empresa {company.trade_name} não tem certificado digital: envie o A1 na configuração fiscal."
        )
        raise Refused("certificate.missing", message)
    signer = signer_of(office.vault, call.tenant_id, kept)
    signer.require_usable(company.cnpj, office.clock.now())
    return Desk(call, office, company, settings, signer)


def case_of(desk: Desk, customer_id: str, invoice_id: str) -> Case:
    """Raises NotFound, and Refused for an invoice that gets no document: another company's, removed, not paid yet."""
    tenant_id = desk.call.tenant_id
    invoice = invoicing.get_invoice(tenant_id, customer_id, invoice_id)
    require_asked(desk, invoice)
    charges = invoicing.find_charges(tenant_id, [(customer_id, charge) for charge in invoice.charge_ids])
    listed = [charges[charge_id] for charge_id in invoice.charge_ids]
    contracts = {charge.contract_id for charge in listed if charge.contract_id is not None}
    return Case(
        invoice=invoice,
        charges=listed,
        contracts=find_contracts(tenant_id, [(customer_id, contract) for contract in sorted(contracts)]),
        customer=customers.get(tenant_id, customer_id),
        company=desk.company,
        settings=desk.settings,
        month=store.get_month(tenant_id, desk.company.id, Month.of(desk.today)),
    )


def require_asked(desk: Desk, invoice: Invoice) -> None:
    """Raises Refused for an invoice that gets no document."""
    if invoice.company_id != desk.company.id:
        raise Refused("fiscal.other_company", f"A fatura {invoice.number} é de outra empresa.")
    if invoice.status not in {InvoiceStatus.OPEN, InvoiceStatus.SETTLED, InvoiceStatus.RENEGOTIATED}:
        message = (
            f"A fatura {invoice.number} está {invoice.status.label.lower()}: não se emite documento dela."
        )
        raise Refused("fiscal.invoice_status", message)
    if invoice.agreed_part is not None:
        message = f"A fatura {invoice.number} é parcela de um parcelamento: o serviço é documentado pelas faturas de origem."
        raise Refused("fiscal.of_agreement", message)
    if desk.settings.issue_on is IssueMoment.SETTLEMENT and invoice.status is not InvoiceStatus.SETTLED:
        message = f"A fatura {invoice.number} ainda não foi liquidada: a empresa emite na liquidação."
        raise Refused("fiscal.not_settled", message)


def signed_key(tenant_id: str, document: FiscalDocument) -> str:
    """Each signature has a file of its own: what was sent is never overwritten."""
    return _key(tenant_id, document, str(document.attempts))


def processed_key(tenant_id: str, document: FiscalDocument) -> str:
    """The note with its protocol, for the customer and the accountant."""
    return _key(tenant_id, document, "proc")


def xml_key(tenant_id: str, document: FiscalDocument) -> str:
    """With the protocol, if it was authorised."""
    of = signed_key if document.authorised_at is None else processed_key
    return of(tenant_id, document)


def cancellation_key(tenant_id: str, document: FiscalDocument) -> str:
    return _key(tenant_id, document, "canc")


def xml_of(tenant_id: str, files: Files, document: FiscalDocument) -> bytes:
    """Raises NotFound before it was signed."""
    return files.get(xml_key(tenant_id, document))


def all_standing(documents: Sequence[FiscalDocument | None]) -> bool:
    return all(document is not None and document.is_standing for document in documents)


def _key(tenant_id: str, document: FiscalDocument, kind: str) -> str:
    return Folder.FISCAL.key(
        tenant_id, document.company_id, str(document.month), f"{document.key}-{kind}.xml"
    )
