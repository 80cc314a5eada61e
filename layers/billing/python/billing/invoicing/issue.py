"""From charges to a complete invoice: grouping, what cannot be billed and why, boleto. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import groupby
from typing import NamedTuple, Self

from billing.banking import pix
from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.instructions import takes_concession
from billing.banking.model import PaymentProfile
from billing.core.errors import Refusal, Refused
from billing.core.ids import derived_id
from billing.core.money import ZERO, Money
from billing.customers.model import Customer
from billing.invoicing.charge import AgreedPart, Charge, OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.invoicing.store import Unbilled

MOST_WITH_CREDIT = 90
"""The most charges and credits that are written with their invoice in one transaction, so that the rest of a credit
is always written together with the part that was used."""

_NONE = "-"


class Group(NamedTuple):
    """Charges that become one invoice. `key` is what a manifest carries: ids and no data (except a description typed
    by a person)."""

    customer_id: str
    due_on: date
    payment_profile_id: str | None
    charge_ids: tuple[str, ...]
    description: str | None = None
    """Only if a person gave one; otherwise it comes from the charges."""

    @property
    def key(self) -> str:
        profile = self.payment_profile_id or _NONE
        described = f" {self.description}" if self.description is not None else ""
        return f"{self.customer_id} {self.due_on} {profile} {','.join(self.charge_ids)}{described}"

    @classmethod
    def read(cls, key: str) -> Self:
        customer_id, due_on, profile, charges, *described = key.split(" ", 4)
        return cls(
            customer_id,
            date.fromisoformat(due_on),
            None if profile == _NONE else profile,
            tuple(charges.split(",")),
            *described,
        )

    def invoice_id(self, owner: str) -> str:
        """The same for the same run or command and the same charges: a repeat makes the same invoice."""
        return derived_id("inv", owner, *self.charge_ids)


class Draft(NamedTuple):
    """An invoice that can be issued; only its numbers are missing."""

    group: Group
    charges: tuple[Charge, ...]
    amount: Money
    profile: PaymentProfile
    issued_on: date
    left: tuple[Charge, ...] = ()
    """The unused rest of a credit, as a credit of its own."""

    @property
    def discount(self) -> OnTimeDiscount | None:
        """The charges' discounts together, until the latest of their days, in the payer's favour; never more than the
        amount.

        A day in the past gives nothing, and no day is later than the due date, even if that was moved (CTR-12).
        Charges without a discount of their own get the profile's (BNK-01).
        """
        if self.agreed_part is not None:
            return None
        own = [charge.discount for charge in self.charges if charge.discount is not None]
        if not own:
            return self._discount_of_profile()
        given = [discount for discount in own if discount.until >= self.issued_on]
        amount = min(Money.sum(discount.amount for discount in given), self.amount)
        if amount <= ZERO:
            return None
        until = max(discount.until for discount in given)
        return OnTimeDiscount(amount=amount, until=min(until, self.group.due_on))

    @property
    def agreed_part(self) -> AgreedPart | None:
        """Of what debt agreement it is an instalment."""
        return next((charge.agreed_part for charge in self.charges if charge.agreed_part is not None), None)

    def _discount_of_profile(self) -> OnTimeDiscount | None:
        """None if its last day is already past."""
        if not self.profile.discount_percent:
            return None
        amount = Money.rounded(self.amount.decimal * self.profile.discount_percent / 100)
        until = self.group.due_on - timedelta(days=self.profile.discount_days)
        if amount <= ZERO or until < self.issued_on:
            return None
        return OnTimeDiscount(amount=amount, until=until)

    @property
    def has_boleto(self) -> bool:
        """No boleto if nothing would be due, even because of an on-time discount (CTR-13), or if the bank cannot
        register the discount (ours): without it the boleto would charge the full amount to a payer who is on time.
        """
        discount = self.discount
        return self.amount > ZERO and (discount is None or takes_concession(self.amount, discount.amount))


def group(charges: Iterable[Unbilled], credit: Iterable[Unbilled] = ()) -> Iterator[Group]:
    """One group per customer, due date, profile and grouping name (CTR-09).

    The customer's credit goes on the first of their invoices (PAY-08).
    """

    def together(charge: Unbilled) -> tuple[str, date, str, str]:
        return (
            charge.customer_id,
            charge.due_on,
            charge.payment_profile_id or "",
            charge.grouping or "",
        )

    credits_of: dict[str, list[str]] = {}
    for credit_id in sorted(credit):
        credits_of.setdefault(credit_id.customer_id, []).append(credit_id.charge_id)
    ordered = sorted(charges, key=lambda charge: (*together(charge), charge.charge_id))
    for (customer_id, due_on, profile, _), members in groupby(ordered, key=together):
        ids = [member.charge_id for member in members]
        if len(ids) + 2 * len(credits_of.get(customer_id, ())) <= MOST_WITH_CREDIT:
            ids += credits_of.pop(customer_id, [])
        yield Group(customer_id, due_on, profile or None, tuple(ids))


def still_unbilled(group: Group, invoice_id: str, charges: Mapping[str, Charge]) -> list[Charge]:
    """The group's charges that are still unbilled, or already claimed by this same invoice."""
    unbilled = [
        charge
        for charge_id in group.charge_ids
        if (charge := charges.get(charge_id)) is not None
        and (
            charge.status is ChargeStatus.UNBILLED
            or (charge.status is ChargeStatus.BILLED and charge.invoice_id == invoice_id)
        )
    ]
    return (
        unbilled if any(not charge.is_credit for charge in unbilled) else []
    )  # a credit alone makes no invoice


def draft(
    group: Group,
    charges: Sequence[Charge],
    customer: Customer | None,
    profile: PaymentProfile | None,
    *,
    invoice_id: str,
    issued_on: date,
) -> Draft:
    """Raises Refused, in a clerk's words, with every reason why these charges cannot be invoiced (`to_bill`)."""
    used, left = _with_credit(charges, invoice_id)
    amount = Money.sum(charge.amount for charge in used)
    reasons = to_bill(group, charges, customer, profile, amount=amount, issued_on=issued_on)
    if reasons:
        raise Refused.because(reasons)
    assert profile is not None
    return Draft(group, used, amount, profile, issued_on, left)


def to_bill(
    group: Group,
    charges: Sequence[Charge],
    customer: Customer | None,
    profile: PaymentProfile | None,
    *,
    amount: Money,
    issued_on: date,
) -> list[Refusal]:
    """Why these charges cannot be one invoice of the amount. What is due on the day of issue can be; the day before, not."""
    reasons = []
    if not charges:
        reasons.append(Refusal("billing.no_charges", "As contas já não podem ser faturadas."))
    if customer is None:
        reasons.append(Refusal("billing.customer_missing", "O cadastro do cliente não existe."))
    elif not customer.is_active:
        reasons.append(
            Refusal(
                "billing.customer_inactive",
                f"O cadastro do cliente {customer.code} está inativo. Reative-o ou remova as contas.",
            )
        )
    if profile is None:
        reasons.append(
            Refusal(
                "billing.profile_missing",
                "As contas não têm um profile de pagamento válido. Escolha um e fature de novo.",
            )
        )
    elif not profile.is_active:
        reasons.append(
            Refusal("billing.profile_inactive", f"O profile de pagamento “{profile.name}” está inativo.")
        )
    if customer is not None and amount > ZERO:
        reasons += _of_payer(customer)
    if amount < ZERO:
        reasons.append(
            Refusal(
                "billing.negative",
                f"Os descontos passam das cobranças: o total seria {amount.format_br()}. Ajuste as contas.",
            )
        )
    if group.due_on < issued_on:
        reasons.append(
            Refusal(
                "billing.due_date_past",
                f"O vencimento {group.due_on:%d/%m/%Y} já passou. Altere o vencimento das contas.",
            )
        )
    return reasons


def _of_payer(customer: Customer) -> list[Refusal]:
    """What a boleto needs of its payer: document and address."""
    reasons = []
    if customer.document is None:
        message = f"O cadastro {customer.code} não tem CPF nem CNPJ. Complete-o e fature de novo."
        reasons.append(Refusal("billing.customer_document", message))
    if customer.billing_address is None:
        message = f"O cadastro {customer.code} não tem endereço de cobrança. Informe-o e fature de novo."
        reasons.append(Refusal("billing.customer_address", message))
    return reasons


def _with_credit(charges: Sequence[Charge], invoice_id: str) -> tuple[tuple[Charge, ...], tuple[Charge, ...]]:
    """The charges with as much credit as they can absorb, and the rest of the last credit used.

    Unneeded credits stay as they are.
    """
    used = [charge for charge in charges if not charge.is_credit]
    due, left = Money.sum(charge.amount for charge in used), []
    for credit in (charge for charge in charges if charge.is_credit):
        if due <= ZERO:
            break
        part, remainder = credit.split(min(-credit.amount, due), invoice_id)
        used.append(part)
        due += part.amount
        left += [] if remainder is None else [remainder]
    return tuple(used), tuple(left)


def boleto_of(draft: Draft, number: int, title_number: int, issued_on: date) -> Boleto:
    """Raises Refused for what the bank would not accept: amount, date, number out of range."""
    return issue_boleto(
        BoletoTerms(
            account=draft.profile.terms,
            nosso_numero=title_number,
            due_on=draft.group.due_on,
            amount=draft.amount,
            issued_on=issued_on,
            document_number=str(number),
        )
    )


def complete(
    draft: Draft, invoice_id: str, *, number: int, series: str, title_number: int | None, issued_on: date
) -> Invoice:
    """The invoice as first written. If nothing is due, it is settled at once: nobody is billed zero.

    Raises Refused for what the bank would not accept, and for an amount due without a number from the profile's
    range.
    """
    first = draft.charges[0]
    nothing_due = not draft.amount
    if not draft.has_boleto:
        title_number = None
    elif title_number is None:
        raise Refused("billing.title_missing", "A fatura passou a ter valor depois de numerada.")
    boleto = None if title_number is None else boleto_of(draft, number, title_number, issued_on)
    return Invoice(
        id=invoice_id,
        number=number,
        series=series,
        company_id=first.company_id,
        customer_id=draft.group.customer_id,
        description=draft.group.description or _description(draft.charges),
        amount=draft.amount,
        due_on=draft.group.due_on,
        issued_on=issued_on,
        charge_ids=tuple(charge.id for charge in draft.charges),
        discount=draft.discount,
        payment_profile_id=draft.profile.id,
        status=InvoiceStatus.SETTLED if nothing_due else InvoiceStatus.OPEN,
        settled_on=issued_on if nothing_due else None,
        nosso_numero=None if boleto is None else boleto.nosso_numero,
        title_number=title_number,
        barcode=None if boleto is None else boleto.barcode,
        pix_payload=None if boleto is None else pix_of(draft, boleto.nosso_numero),
        replaces=None if boleto is None else _replaced(draft.charges),
        agreed_part=draft.agreed_part,
        is_documented=draft.agreed_part
        is not None,  # what was supplied is documented with the invoices renegotiated
    )


def _replaced(charges: Iterable[Charge]) -> tuple[str, ...] | None:
    return tuple(sorted({invoice_id for charge in charges for invoice_id in charge.replaces or ()})) or None


def pix_of(draft: Draft, nosso_numero: str) -> str | None:
    """The static BR Code, whose txid is the boleto's nosso número; None for a profile without a key or whose Pix
    receipts nobody imports."""
    terms = draft.profile.terms
    if terms.pix_key is None or not draft.profile.imports_pix:
        return None
    return pix.static_code(
        key=terms.pix_key,
        name=terms.beneficiary_name,
        city=draft.profile.pix_city,
        amount=draft.amount,
        txid=nosso_numero,
    )


def cancelled(
    group: Group, invoice_id: str, *, number: int, series: str, company_id: str, issued_on: date
) -> Invoice:
    """What is written when a number was taken and the invoice can no longer be issued (INV-17)."""
    return Invoice(
        id=invoice_id,
        number=number,
        series=series,
        company_id=company_id,
        customer_id=group.customer_id,
        description="Número cancelado: as contas deixaram de ser faturáveis",
        amount=ZERO,
        due_on=group.due_on,
        issued_on=issued_on,
        charge_ids=(),
        payment_profile_id=group.payment_profile_id,
        status=InvoiceStatus.CANCELLED,
    )


def _description(charges: Sequence[Charge]) -> str:
    more = f" e mais {len(charges) - 1}" if len(charges) > 1 else ""
    return f"{charges[0].title[: 120 - len(more)]}{more}"
