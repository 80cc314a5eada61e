"""Charges (contas) and invoices (faturas): what is owed, and what is asked for at once, with a number (CON, INV)."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from pydantic import AfterValidator, Field

from billing.banking.bank_reason import BankReason
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, standing
from billing.core.ids import ID_PATTERN, derived_id
from billing.core.money import ZERO, Money
from billing.core.period import Month, Period
from billing.core.table import Aggregate
from billing.invoicing import refusals
from billing.invoicing.states import (
    CHARGE_MOVES,
    INVOICE_MOVES,
    REMITTANCE_MOVES,
    ChargeStatus,
    InvoiceStatus,
    Lock,
    LockKind,
    RemittanceState,
    move,
)

SERIES = "1"
"""The series of invoice numbers; numbers are sequential per company and series (INV-17)."""


def _not_negative(amount: Money) -> Money:
    if amount < ZERO:
        raise ValueError("o valor não pode ser negativo")
    return amount


Instalment = tuple[Annotated[int, Field(ge=1)], Annotated[int, Field(ge=1, le=480)]]


_LONGEST_RANGE = timedelta(days=366)
MOST_CONTRACTS = 100
"""That billing in mass is narrowed to: their ids together are one text of a run."""
ContractId = Annotated[str, Field(pattern=ID_PATTERN, examples=["con_7m3k9x2p4q8r1s5t6v0w"])]


class OnTimeDiscount(Entity):
    """Desconto por pagamento em dia: não reduz o que é devido, só o que se pede até o seu dia (CTR-12)."""

    amount: Money = Field(examples=["10.00"])
    until: date
    """Último dia em que vale, inclusive."""


class Origin(Entity):
    """What a contract's charge is for, whoever makes it: activation, recurrence or a closing."""

    contract_id: str
    definition_id: str
    reference: Period


def charge_id(contract_id: str, definition_id: str, period: Period, revision: int) -> str:
    """One id for contract + definition + service period + revision: the same charge is never made twice."""
    return derived_id("chg", contract_id, definition_id, period.start, period.end, revision)


class BillingRequest(Entity):
    """Faturamento em massa de uma empresa (CON-06)."""

    company_id: str
    due_from: date = Field(examples=["2026-04-01"])
    due_to: date = Field(examples=["2026-04-30"])
    """Vencimentos de `due_from` a `due_to`, inclusive."""
    payment_profile_id: str | None = None
    """Só as contas deste profile; ausente, as de todos."""
    reference: Month | None = None
    """Só as contas cujo período de referência começa neste mês."""
    contract_ids: tuple[ContractId, ...] = Field(default=(), max_length=MOST_CONTRACTS)
    """Só as contas destes contratos."""
    grouping: str | None = Field(default=None, min_length=1, max_length=40)
    """Só as contas deste agrupamento."""

    def checked(self) -> "BillingRequest":
        """Itself, with a range of due dates that can be billed at once. Raises Refused."""
        if not timedelta(0) <= self.due_to - self.due_from <= _LONGEST_RANGE:
            message = "O vencimento final vem depois do inicial, no máximo 366 dias."
            raise Refused.because([Refusal("billing.range", message, field="due_to")])
        return self


class ChargeEdit(Entity):
    """O que se pode alterar em uma conta não faturada (CON-02)."""

    description: str = Field(min_length=1, max_length=120, examples=["Plano Fibra 500 Mb"])
    amount: Money = Field(examples=["129.90"])
    """Negativo para desconto."""
    due_on: date
    reference: Period
    instalment: Instalment | None = Field(default=None, examples=[[1, 3]])
    """Número da parcela e quantas são."""
    ledger_account: str | None = Field(default=None, max_length=30, examples=["3.1.01"])
    """Conta do plano de contas."""
    fiscal_composition: str | None = Field(default=None, max_length=30)
    """Composição fiscal de nota avulsa; só em contas sem contrato."""


class NewCharge(ChargeEdit):
    """A charge inserted by hand (CON-01)."""

    company_id: str
    payment_profile_id: str


class Agreed(Entity):
    """O que o contrato pedia em uma conta que depois foi editada por uma pessoa, ou repartida."""

    amount: Money
    reference: Period


class Charge(ChargeEdit, Aggregate):
    """Conta a receber. Um desconto é uma conta de valor negativo."""

    id: str
    customer_id: str
    company_id: str
    contract_id: str | None = None
    definition_id: str | None = None
    closing_id: str | None = None
    revision: int = 0
    payment_profile_id: str | None = None
    grouping: str | None = None
    """Contas do mesmo cliente, vencimento, profile e agrupamento vão na mesma fatura (CTR-09)."""
    discount: OnTimeDiscount | None = None
    credit_of: str | None = None
    """O recebimento retido, ou o fechamento, de que a conta é crédito: abate a próxima fatura do cliente (PAY-08)."""
    agreed: Agreed | None = None
    """O que o contrato pedia, onde uma pessoa mudou o valor ou a referência, ou parte dela é crédito à parte: um
    fechamento não desfaz a mudança."""
    status: ChargeStatus = ChargeStatus.UNBILLED
    invoice_id: str | None = None
    paid: Money = ZERO
    locks: tuple[Lock, ...] = ()

    @property
    def code(self) -> str:
        """What people call it by."""
        return self.id.partition("_")[2][:8].upper()

    @property
    def is_credit(self) -> bool:
        return self.credit_of is not None

    @property
    def origin(self) -> Origin | None:
        if self.contract_id is None or self.definition_id is None:
            return None
        reference = self.agreed.reference if self.agreed is not None else self.reference
        return Origin(contract_id=self.contract_id, definition_id=self.definition_id, reference=reference)

    @property
    def asked(self) -> Money:
        """The part of what the contract proposes that this charge stands for.

        A person's edit stands, and so does the removal of an instalment made ahead; a closing's charge that was
        removed stands for nothing, and is made anew when the closing is frozen again.
        """
        if self.status is ChargeStatus.REMOVED and self.closing_id is not None:
            return ZERO
        return self.agreed.amount if self.agreed is not None else self.amount

    @property
    def title(self) -> str:
        """As it is printed: instalments read "Plano X (1/3)" (CTR-10)."""
        return (
            f"{self.description} ({self.instalment[0]}/{self.instalment[1]})"
            if self.instalment
            else self.description
        )

    def lock(self, kind: LockKind) -> Lock | None:
        return next((lock for lock in self.locks if lock.kind is kind), None)

    def edited(self, edit: ChargeEdit, invoice: "Invoice | None", *, confirmed: bool) -> "Charge":
        """Raises Refused with every reason (CON-02)."""
        _require(refusals.to_edit_charge(self, edit, invoice), confirmed=confirmed)
        changed = (edit.amount, edit.reference) != (self.amount, self.reference)
        return self.evolve(**dict(edit), agreed=self._as_agreed if changed else self.agreed)

    def suspended(self, invoice: "Invoice | None") -> "Charge":
        """It stays out of billing. Raises Refused (CON-03)."""
        _require(refusals.to_suspend_charge(self, invoice))
        return self._moved(ChargeStatus.SUSPENDED)

    def unsuspended(self, invoice: "Invoice | None") -> "Charge":
        """Raises Refused (CON-03)."""
        _require(refusals.to_unsuspend_charge(self, invoice))
        return self._moved(ChargeStatus.UNBILLED)

    def removed(self, invoice: "Invoice | None") -> "Charge":
        """Raises Refused (CON-04)."""
        _require(refusals.to_remove_charge(self, invoice))
        return self._moved(ChargeStatus.REMOVED)

    def split(self, used: Money, into: str) -> tuple["Charge", "Charge | None"]:
        """Below zero, and `into` uses as much of it: that part, which stands for all that the contract asked for, and the
        rest as a charge of its own."""
        rest = self.amount + used
        if not rest:
            return self, None
        changes = {"amount": rest, "definition_id": None, "agreed": None, "version": 0}
        left = self.evolve(id=derived_id("chg", self.id, into), **changes)
        return self.evolve(amount=-used, agreed=self._as_agreed), left

    @property
    def _as_agreed(self) -> Agreed | None:
        """What the contract asked for, kept before it changes; None without a contract."""
        if self.agreed is not None or self.contract_id is None:
            return self.agreed
        return Agreed(amount=self.amount, reference=self.reference)

    def billed(self, invoice_id: str) -> "Charge":
        return self._moved(ChargeStatus.BILLED, invoice_id=invoice_id)

    def freed(self) -> "Charge":
        """Unbilled again: its invoice was removed, or could not stand."""
        return self._moved(ChargeStatus.UNBILLED, invoice_id=None)

    def withdrawn(self) -> "Charge":
        """Out of its invoice for good: the settlement that added it was reversed (INV-09). It still names the invoice."""
        return self._moved(ChargeStatus.REMOVED)

    def _moved(self, status: ChargeStatus, **changes: Any) -> "Charge":
        return self.evolve(status=move(CHARGE_MOVES, self.status, status), **changes)


class Invoice(Aggregate):
    """Fatura a receber. Nasce completa: número, boleto e Pix existem desde o início."""

    id: str
    number: int = Field(ge=1)
    series: str = SERIES
    company_id: str
    customer_id: str
    description: str = Field(max_length=120)
    amount: Annotated[Money, AfterValidator(_not_negative)]
    """Sempre a soma das suas contas (INV-18)."""
    due_on: date
    issued_on: date
    charge_ids: tuple[str, ...]
    discount: OnTimeDiscount | None = None
    """Das suas contas somadas, nunca mais que o valor (CTR-13)."""
    payment_profile_id: str | None = None
    status: InvoiceStatus = InvoiceStatus.OPEN
    remittance: RemittanceState = RemittanceState.NONE
    locks: tuple[Lock, ...] = ()
    nosso_numero: str | None = None
    """Como vai nos arquivos do banco, sem o dígito verificador."""
    title_number: int | None = None
    """Número tirado da faixa do profile, com o qual a regra do banco forma o nosso número."""
    barcode: str | None = None
    pix_payload: str | None = None
    rejection: tuple[BankReason, ...] | None = None
    """Por que o banco rejeitou o boleto, e os campos a corrigir; some quando ele vai em nova remessa."""
    rebate: Money | None = None
    """Abatimento que o banco concedeu: o pagamento com ele a menos é integral."""
    protested_on: date | None = None
    """Quando o banco mandou o título a cartório."""
    paid: Money = ZERO
    """O principal das liquidações não estornadas."""
    settled_on: date | None = None
    conciliated: bool = False
    has_fiscal_document: bool = False
    has_settlement_document: bool = False
    """Foi emitido documento fiscal pelo valor liquidado."""
    agreement_id: str | None = None
    """O parcelamento em que foi renegociada."""
    replaced_by: str | None = None

    @property
    def balance(self) -> Money:
        return self.amount - self.paid

    def is_locked(self, kind: LockKind) -> bool:
        return any(lock.kind is kind for lock in self.locks)

    def following(self, before: "Invoice | None", charges: Iterable[Charge]) -> "Invoice":
        """Itself, if it differs from `before` (None: as first written) by the amounts of exactly the charges that came
        and went, which are among `charges` (INV-18). Raises ValueError.
        """
        held, expected = ((), ZERO) if before is None else (before.charge_ids, before.amount)
        came, went = set(self.charge_ids) - set(held), set(held) - set(self.charge_ids)
        moved = [charge for charge in charges if charge.id in came | went]
        for charge in moved:
            expected += charge.amount if charge.id in came else -charge.amount
        is_whole = len(moved) == len(came | went) and len(set(self.charge_ids)) == len(self.charge_ids)
        if not is_whole or self.amount != expected:
            raise ValueError(f"{self.id} of {self.amount} is not the sum of its charges")
        return self

    def removed(self) -> "Invoice":
        """Its charges are freed by the caller. Raises Refused with every reason (INV-01)."""
        _require(refusals.to_remove(self))
        return self._moved(InvoiceStatus.DELETED)

    def suspended(self) -> "Invoice":
        """Out of remittance, dunning and dispatch. Raises Refused (INV-02); see `refusals.to_suspend` for a warning."""
        _require(refusals.to_suspend(self))
        return self._moved(InvoiceStatus.SUSPENDED)

    def unsuspended(self) -> "Invoice":
        """Raises Refused (INV-02)."""
        _require(refusals.to_unsuspend(self))
        return self._moved(InvoiceStatus.OPEN)

    def received(self, principal: Money, on: date) -> "Invoice":
        """With `principal` more received: settled when nothing is left. More than the balance is the caller's to hold."""
        if not ZERO <= principal <= self.balance:
            raise ValueError("the principal of a settlement is within the invoice's balance")
        paid = self.paid + principal
        if paid < self.amount:
            return self.evolve(paid=paid)
        return self._moved(InvoiceStatus.SETTLED, paid=paid, settled_on=on)

    def reversed(self, principal: Money) -> "Invoice":
        """Open again where it was settled, without `principal` of what was received (INV-09)."""
        status = self.status
        if status is InvoiceStatus.SETTLED:
            status = move(INVOICE_MOVES, status, InvoiceStatus.OPEN)
        return self.evolve(status=status, paid=self.paid - principal, settled_on=None, conciliated=False)

    def adjusted(self, charge: Charge) -> "Invoice":
        """With one charge more: the discount or surcharge of a settlement for another amount (INV-08)."""
        return self.evolve(amount=self.amount + charge.amount, charge_ids=(*self.charge_ids, charge.id))

    def matched(self, cause: str) -> "Invoice":
        """The bank's credit of the settlement `cause` was found (INV-19)."""
        return self.unlocked(LockKind.AWAITING_CONCILIATION, cause).evolve(conciliated=True)

    def without_adjustment(self, charge: Charge) -> "Invoice":
        """`adjusted`, undone: the settlement that added the charge was reversed (INV-09)."""
        kept = tuple(charge_id for charge_id in self.charge_ids if charge_id != charge.id)
        return self.evolve(amount=self.amount - charge.amount, charge_ids=kept)

    def locked(self, kind: LockKind, cause: str, at: datetime) -> "Invoice":
        return self.evolve(locks=(*self.locks, Lock(kind=kind, cause=cause, at=at)))

    def unlocked(self, kind: LockKind, cause: str) -> "Invoice":
        """Without the lock that `cause` set; another's stays."""
        return self.evolve(
            locks=tuple(lock for lock in self.locks if (lock.kind, lock.cause) != (kind, cause))
        )

    def claimed(self, cause: str, at: datetime) -> "Invoice":
        """Chosen by a remittance that is being written (INV-19)."""
        return self._remitted(RemittanceState.AWAITING).locked(LockKind.AWAITING_REMITTANCE, cause, at)

    def unmarked(self) -> "Invoice":
        """Free for change, and for a new remittance after it. Raises Refused (INV-13)."""
        _require(refusals.to_unmark(self))
        return self._remitted(RemittanceState.NONE)

    def released(self, cause: str) -> "Invoice":
        """The remittance that claimed it was given up."""
        back = RemittanceState.NONE if self.rejection is None else RemittanceState.REJECTED
        return self._remitted(back).unlocked(LockKind.AWAITING_REMITTANCE, cause)

    def transmitted(self, cause: str) -> "Invoice":
        sent = self._remitted(RemittanceState.TRANSMITTED, rejection=None)
        return sent.unlocked(LockKind.AWAITING_REMITTANCE, cause)

    def registered(self, pix_payload: str | None = None) -> "Invoice":
        """The bank confirmed the title; a Pix code that it made for it stands for ours."""
        registered = self._answered(RemittanceState.REGISTERED, None)
        return registered if pix_payload is None else registered.evolve(pix_payload=pix_payload)

    def rejected(self, reasons: tuple[BankReason, ...]) -> "Invoice":
        """The bank refused the title."""
        return self._answered(RemittanceState.REJECTED, reasons)

    def with_write_off_queued(self) -> "Invoice":
        return self._remitted(RemittanceState.WRITE_OFF_QUEUED)

    def without_write_off(self) -> "Invoice":
        """The write-off was given up, or the bank refused it: the title goes on."""
        return self._remitted(RemittanceState.REGISTERED)

    def written_off(self) -> "Invoice":
        return self._remitted(RemittanceState.WRITTEN_OFF)

    def due_changed(self, due_on: date, barcode: str) -> "Invoice":
        """The bank gave the same title another due date, which its barcode carries."""
        return self.evolve(due_on=due_on, barcode=barcode)

    def with_rebate(self, rebate: Money | None) -> "Invoice":
        """What the bank takes off the title, or no longer."""
        return self.evolve(rebate=rebate)

    def with_discount(self, discount: OnTimeDiscount | None) -> "Invoice":
        """What the bank takes off until a day, or no longer."""
        return self.evolve(discount=discount)

    def protested(self, on: date | None) -> "Invoice":
        """At the notary's since that day; None: no more."""
        return self.evolve(protested_on=on)

    def _answered(self, state: RemittanceState, rejection: tuple[BankReason, ...] | None) -> "Invoice":
        kept = tuple(lock for lock in self.locks if lock.kind is not LockKind.AWAITING_REMITTANCE)
        return self._remitted(state, locks=kept, rejection=rejection)

    def _remitted(self, state: RemittanceState, **changes: Any) -> "Invoice":
        return self.evolve(remittance=move(REMITTANCE_MOVES, self.remittance, state), **changes)

    def _moved(self, status: InvoiceStatus, **changes: Any) -> "Invoice":
        return self.evolve(status=move(INVOICE_MOVES, self.status, status), **changes)


def _require(reasons: list[Refusal], *, confirmed: bool = False) -> None:
    stops = standing(reasons, confirmed=confirmed)
    if stops:
        raise Refused.because(stops)
