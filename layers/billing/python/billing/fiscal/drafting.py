"""From an invoice to the notes that it needs: its charges grouped by document, a group drafted as an NFCom (FIS-02, FIS-06).

A note names one contract, so there is one for each contract of the invoice; manually inserted charges go with the
first.
A declaration of the NFS-e is of one service too: there is one for each composition. `nfse/drafting.py` drafts it.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import NamedTuple

from billing.banking.boleto.linha_digitavel import from_barcode
from billing.contracts.model import Contract
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO
from billing.core.period import Month
from billing.customers.company import Company
from billing.customers.model import Customer, PersonKind
from billing.fiscal.document import FiscalModel, Observations
from billing.fiscal.municipalities import municipality_code
from billing.fiscal.nfcom.note import Billing, Nfcom, NfcomLine, ServiceKind, Subscriber, SubscriberKind
from billing.fiscal.nfcom.taxes import LineValue, tax_line
from billing.fiscal.parties import IcmsStanding, Issuer, Place, Recipient
from billing.fiscal.settings import FiscalComposition, FiscalMonth, FiscalSettings, NfcomComposition
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.pix_code import pix_to_pay


class Case(NamedTuple):
    """An invoice with everything that its documents need."""

    invoice: Invoice
    charges: Sequence[Charge]
    """The invoice's charges, in its order."""
    contracts: Mapping[str, Contract]
    customer: Customer
    company: Company
    settings: FiscalSettings
    month: FiscalMonth
    """The competence of today."""


class DocumentGroup(NamedTuple):
    """Charges that go in one document."""

    model: FiscalModel
    contract_id: str | None
    composition: str | None
    """Of the NFS-e's service; an NFCom has lines of any."""
    lines: Sequence[tuple[Charge, FiscalComposition]]

    @property
    def line_ids(self) -> tuple[str, ...]:
        return tuple(charge.id for charge, _ in self.lines)


_Lines = list[tuple[Charge, FiscalComposition]]


def groups_of(case: Case) -> list[DocumentGroup]:
    """Empty for an invoice whose charges need no document. Raises Refused for charges without a composition."""
    refusals: list[Refusal] = []
    of_kind: dict[tuple[FiscalModel, str | None], dict[str | None, _Lines]] = {}
    for charge in case.charges:
        composition = _composition_of(case, charge)
        if composition is None:
            refusals.append(_without_composition(charge))
        elif composition.model is not None:
            kind = composition.model, None if composition.nfse is None else composition.code
            of_kind.setdefault(kind, {}).setdefault(charge.contract_id, []).append((charge, composition))
    if refusals:
        raise Refused.because(refusals)
    return [
        DocumentGroup(model, contract_id, code, lines)
        for (model, code), of_contract in of_kind.items()
        for contract_id, lines in _with_what_is_by_hand(of_contract).items()
    ]


def _with_what_is_by_hand(of_contract: dict[str | None, _Lines]) -> dict[str | None, _Lines]:
    """What has no contract goes with the first that there is."""
    first = next((contract_id for contract_id in of_contract if contract_id is not None), None)
    if first is None:
        return of_contract
    by_hand = of_contract.pop(None, [])
    return of_contract | {first: [*of_contract[first], *by_hand]}


def draft(case: Case, group: DocumentGroup, day: date, observations: Observations | None = None) -> Nfcom:
    """The note as it would be issued on that day; `faults_of` finds what is missing in it. Raises Refused as
    `tax_line`."""
    contract = case.contracts.get(group.contract_id or "")
    lines = [(charge, one.nfcom) for charge, one in group.lines if one.nfcom is not None]
    return Nfcom(
        environment=case.settings.environment,
        issuer=issuer_of(case),
        recipient=recipient_of(case.customer),
        subscriber=_subscriber(case, contract, {composition.service for _, composition in lines}),
        lines=tuple(_line(case, charge, composition, day) for charge, composition in lines),
        billing=_billing(case, group),
        observations=(observations or observations_of(case, contract)).written,
    )


def observations_of(case: Case, contract: Contract | None) -> Observations:
    """The four observations, from the register (FIS-03)."""
    first, second, *_ = (*case.customer.fiscal_notes, None, None)
    return Observations(
        customer_first=first,
        customer_second=second,
        month=case.month.observation,
        contract=None if contract is None else f"Contrato {contract.title}",
    )


def _composition_of(case: Case, charge: Charge) -> FiscalComposition | None:
    if charge.fiscal_composition is not None:
        return case.settings.composition(charge.fiscal_composition)
    contract = case.contracts.get(charge.contract_id or "")
    if contract is None:
        return None
    return case.settings.composition_of_contract(contract.description, charge.definition_id)


def _without_composition(charge: Charge) -> Refusal:
    if charge.fiscal_composition is not None:
        message = f"A composição fiscal {charge.fiscal_composition} da conta {charge.called} não existe na configuração fiscal."
    elif charge.contract_id is None:
        message = f"A conta avulsa {charge.called} não tem composição fiscal: informe-a na conta."
    else:
        message = f"Nenhuma regra da configuração fiscal serve à conta {charge.called}."
    return Refusal("fiscal.no_composition", message, field="fiscal_composition")


def issuer_of(case: Case) -> Issuer:
    company = case.company
    return Issuer(
        cnpj=company.cnpj,
        legal_name=company.legal_name,
        trade_name=company.trade_name,
        regime=case.settings.regime,
        state_registration=case.settings.state_registration,
        municipal_registration=None
        if case.settings.nfse is None
        else case.settings.nfse.municipal_registration,
        place=Place(address=company.address, municipality_code=company.municipality_code),
    )


def recipient_of(customer: Customer) -> Recipient:
    """Raises Refused for a customer without address."""
    address = customer.billing_address
    if address is None:
        message = "Falta o endereço do cliente."
        raise Refused.because([Refusal("fiscal.no_address", message, field="addresses")])
    registration = customer.state_registration
    standing = IcmsStanding.NOT_TAXPAYER
    if registration is not None:
        standing = IcmsStanding.EXEMPT if registration == "ISENTO" else IcmsStanding.TAXPAYER
    return Recipient(
        name=customer.name,
        document=customer.document,
        standing=standing,
        state_registration=registration if standing is IcmsStanding.TAXPAYER else None,
        place=Place(address=address, municipality_code=municipality_code(address.city, address.uf)),
    )


def _subscriber(case: Case, contract: Contract | None, services: set[ServiceKind]) -> Subscriber:
    is_company = case.customer.kind is PersonKind.COMPANY
    return Subscriber(
        code=str(case.customer.code),
        kind=SubscriberKind.COMMERCIAL if is_company else SubscriberKind.RESIDENTIAL,
        service=services.pop() if len(services) == 1 else ServiceKind.SEVERAL,
        contract_number=None if contract is None else f"{case.customer.code}-{contract.number}",
        contract_starts_on=None if contract is None else contract.activated_on or contract.starts_on,
    )


def _line(case: Case, charge: Charge, composition: NfcomComposition, day: date) -> NfcomLine:
    """A charge below zero is a refund: it enters the totals with the opposite sign (indDevolucao)."""
    gives_back = charge.amount < ZERO
    value = LineValue(unit_price=abs(charge.amount.decimal))
    return NfcomLine(
        code=charge.definition_id or charge.fiscal_composition or charge.id.partition("_")[2][:8].upper(),
        description=charge.title[:120],
        class_code=composition.class_code,
        cfop=_cfop(case, composition.cfop),
        unit=composition.unit,
        value=value,
        taxes=tax_line(value, composition.taxation, day),
        gives_back=gives_back,
    )


def _cfop(case: Case, cfop: str | None) -> str | None:
    address = case.customer.billing_address
    if cfop is None or address is None or address.uf == case.company.address.uf:
        return cfop
    return f"6{cfop[1:]}" if cfop.startswith("5") else cfop


def _billing(case: Case, group: DocumentGroup) -> Billing:
    invoice = case.invoice
    references = [charge.reference for charge, _ in group.lines]
    return Billing(
        month=str(Month.of(invoice.issued_on)).replace("-", ""),
        due_on=invoice.due_on,
        used_from=min(reference.start for reference in references),
        used_to=max(reference.last_day for reference in references),
        typed_line=None if invoice.barcode is None else from_barcode(invoice.barcode),
        pix_url=pix_to_pay(invoice),
    )
