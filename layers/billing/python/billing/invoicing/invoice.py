"""Invoices (faturas): one or more charges billed together under a number, and their state (INV)."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import Field

from billing.banking.bank_reason import BankReason
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.invoicing import refusals
from billing.invoicing.charge import AgreedPart, Charge, OnTimeDiscount
from billing.invoicing.standing import InvoiceStanding
from billing.invoicing.states import (
    INVOICE_MOVES,
    REMITTANCE_MOVES,
    InvoiceStatus,
    Lock,
    LockKind,
    RemittanceState,
    move,
)

SERIES = "1"
"""The series of invoice numbers; numbers are sequential per company and series (INV-17)."""


class Deletion(Entity):
    """Quando, por quem e por que a fatura foi excluída."""

    at: datetime
    actor_id: str
    reason: str


class Invoice(InvoiceStanding):
    """Fatura a receber. Nasce completa: número, boleto e Pix existem desde o início."""

    id: str
    series: str = SERIES
    company_id: str
    customer_id: str
    description: str = Field(max_length=120)
    due_on: date
    issued_on: date
    charge_ids: tuple[str, ...]
    discount: OnTimeDiscount | None = None
    """Das suas contas somadas, nunca mais que o valor (CTR-13)."""
    payment_profile_id: str | None = None
    entries_sent: int = 0
    """Quantas vezes a entrada do boleto foi ao banco desde a última rejeição."""
    entry_hash: str | None = None
    """O que foi na última entrada, resumido: o boleto rejeitado só vai de novo quando isto muda."""
    nosso_numero: str | None = None
    """Como vai nos arquivos do banco, sem o dígito verificador."""
    title_number: int | None = None
    """Número tirado da faixa do profile, com o qual a regra do banco forma o nosso número."""
    pix_payload: str | None = None
    rejection: tuple[BankReason, ...] | None = None
    """Por que o banco rejeitou o boleto, e os campos a corrigir; some quando ele vai em nova remessa."""
    rebate: Money | None = None
    """Abatimento que o banco concedeu: o pagamento com ele a menos é integral."""
    protested_on: date | None = None
    """Quando o banco mandou o título a cartório."""
    settled_on: date | None = None
    replaced_by: str | None = None
    replaces: tuple[str, ...] | None = None
    """Faturas cujas contas esta cobra de novo e cujo boleto o banco talvez ainda receba: o desta só é registrado depois."""
    deletion: Deletion | None = None
    agreed_part: AgreedPart | None = None
    """De que parcelamento de dívida é parcela."""

    def following(self, before: "Invoice | None", charges: Iterable[Charge]) -> "Invoice":
        """The invoice, if it differs from `before` (None: when first written) by exactly the amounts of the charges
        that were added and removed, all of them among `charges` (INV-18). Raises ValueError.
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

    def removed(self, deletion: Deletion | None = None) -> "Invoice":
        """Removed; the caller frees its charges. Raises Refused with every reason (INV-01)."""
        refusals.require(refusals.to_remove(self))
        return self._moved(InvoiceStatus.DELETED, deletion=deletion)

    def replaced(self, by: str) -> "Invoice":
        """Replaced by the invoice `by`, which has its charges now. Raises Refused with every reason, as for a removal
        (INV-01)."""
        refusals.require(refusals.to_remove(self))
        return self._moved(InvoiceStatus.REPLACED, replaced_by=by)

    def renegotiated(self, agreement_id: str) -> "Invoice":
        """An agreement's instalments ask for the balance instead. Raises Refused with every reason (PAY-06)."""
        refusals.require(refusals.to_renegotiate(self))
        return self._moved(InvoiceStatus.RENEGOTIATED, agreement_id=agreement_id)

    def discharged(self, principal: Money, on: date) -> "Invoice":
        """Its agreement ended, and `principal` of the balance was paid by the instalments: what remains is open again."""
        if not ZERO <= principal <= self.balance:
            raise ValueError("what the instalments paid is within the invoice's balance")
        paid = self.paid + principal
        if principal and paid == self.amount:
            return self._moved(InvoiceStatus.SETTLED, paid=paid, settled_on=on)
        return self._moved(InvoiceStatus.OPEN, paid=paid, agreement_id=None)

    def given_up(self, deletion: Deletion) -> "Invoice":
        """An instalment of an agreement that is broken: nobody is to pay it any more, whatever the bank has."""
        if self.agreed_part is None or self.paid:
            raise ValueError("only an instalment of which nothing was paid is given up")
        return self._moved(InvoiceStatus.DELETED, deletion=deletion)

    def bound(self, agreement_id: str) -> "Invoice":
        """A paid instalment of an agreement that ended: what it paid was counted, and is not reversed any more."""
        return self.evolve(agreement_id=agreement_id)

    def suspended(self) -> "Invoice":
        """Out of remittance, dunning and dispatch. Raises Refused (INV-02); see `refusals.to_suspend` for a warning."""
        refusals.require(refusals.to_suspend(self))
        return self._moved(InvoiceStatus.SUSPENDED)

    def unsuspended(self) -> "Invoice":
        """Raises Refused (INV-02)."""
        refusals.require(refusals.to_unsuspend(self))
        return self._moved(InvoiceStatus.OPEN)

    def received(self, principal: Money, on: date, *, reconciled: bool = False) -> "Invoice":
        """With `principal` more received: settled when nothing is left, and `reconciled` if the bank itself reports
        it. The caller holds whatever exceeds the balance."""
        if not ZERO <= principal <= self.balance:
            raise ValueError("the principal of a settlement is within the invoice's balance")
        paid = self.paid + principal
        if paid < self.amount:
            return self.evolve(paid=paid)
        return self._moved(InvoiceStatus.SETTLED, paid=paid, settled_on=on, reconciled=reconciled)

    def reversed(self, principal: Money) -> "Invoice":
        """With `principal` less received, and open again if it was settled (INV-09)."""
        status = self.status
        if status is InvoiceStatus.SETTLED:
            status = move(INVOICE_MOVES, status, InvoiceStatus.OPEN)
        return self.evolve(status=status, paid=self.paid - principal, settled_on=None, reconciled=False)

    def adjusted(self, charge: Charge) -> "Invoice":
        """With one more charge: the discount or surcharge from a settlement for a different amount (INV-08)."""
        return self.evolve(amount=self.amount + charge.amount, charge_ids=(*self.charge_ids, charge.id))

    def matched(self, cause: str) -> "Invoice":
        """The bank's credit of the settlement `cause` was found (INV-19)."""
        return self.unlocked(LockKind.AWAITING_RECONCILIATION, cause).evolve(reconciled=True)

    def without_adjustment(self, charge: Charge) -> "Invoice":
        """`adjusted`, undone: the settlement that added the charge was reversed (INV-09)."""
        kept = tuple(charge_id for charge_id in self.charge_ids if charge_id != charge.id)
        return self.evolve(amount=self.amount - charge.amount, charge_ids=kept)

    def locked(self, kind: LockKind, cause: str, at: datetime) -> "Invoice":
        return self.evolve(locks=(*self.locks, Lock(kind=kind, cause=cause, at=at)))

    def unlocked(self, kind: LockKind, cause: str) -> "Invoice":
        """Without the lock set by `cause`; other locks stay."""
        return self.evolve(
            locks=tuple(lock for lock in self.locks if (lock.kind, lock.cause) != (kind, cause))
        )

    @property
    def may_need_document(self) -> bool:
        """Whether it is, or was, payable and does not have all of its fiscal documents."""
        live = {InvoiceStatus.OPEN, InvoiceStatus.SETTLED, InvoiceStatus.RENEGOTIATED}
        is_asked = self.status in live and self.amount > ZERO
        return is_asked and not self.is_documented

    def awaiting_document(self, cause: str, at: datetime) -> "Invoice":
        """Locked: a fiscal document took a number for its charges (INV-19)."""
        if any((lock.kind, lock.cause) == (LockKind.AWAITING_FISCAL_DOCUMENT, cause) for lock in self.locks):
            return self
        return self.locked(LockKind.AWAITING_FISCAL_DOCUMENT, cause, at)

    def with_document(self, cause: str, *, is_last: bool, for_settlement: bool) -> "Invoice":
        """The fiscal document `cause` was authorised; `is_last` if it is the last one that its charges need."""
        return self.unlocked(LockKind.AWAITING_FISCAL_DOCUMENT, cause).evolve(
            has_fiscal_document=True,
            has_settlement_document=self.has_settlement_document or for_settlement,
            is_documented=is_last,
        )

    def without_document(self, cause: str, *, has_others: bool) -> "Invoice":
        """The fiscal document `cause` was cancelled or gave its number back; `has_others` if others are still valid."""
        return self.unlocked(LockKind.AWAITING_FISCAL_DOCUMENT, cause).evolve(
            has_fiscal_document=has_others,
            has_settlement_document=self.has_settlement_document and has_others,
            is_documented=False,
        )

    def losing_document(self) -> "Invoice":
        """The cancellation of one of its documents was requested: runs find it again until the authority has
        answered."""
        return self.evolve(is_documented=False)

    def needing_no_document(self) -> "Invoice":
        """None of its charges (or of those left) needs a fiscal document."""
        return self.evolve(is_documented=True)

    def claimed(self, cause: str, at: datetime) -> "Invoice":
        """Chosen by a remittance that is being written (INV-19)."""
        return self._remitted(RemittanceState.AWAITING).locked(LockKind.AWAITING_REMITTANCE, cause, at)

    def unmarked(self) -> "Invoice":
        """Free to be changed. What the bank has, or may have, stays on record; a rejected title is sent again as it
        is. Raises Refused (INV-13)."""
        refusals.require(refusals.to_unmark(self))
        if self.remittance is RemittanceState.REJECTED:
            return self._remitted(RemittanceState.NONE, rejection=None, entry_hash=None)
        return self.evolve(is_unmarked=True)

    def released(self, cause: str) -> "Invoice":
        """The remittance that claimed it was given up."""
        back = RemittanceState.NONE if self.rejection is None else RemittanceState.REJECTED
        if self.entries_sent:
            back = RemittanceState.TRANSMITTED
        return self._remitted(back).unlocked(LockKind.AWAITING_REMITTANCE, cause)

    def transmitted(self, cause: str, entry_hash: str | None = None) -> "Invoice":
        """Sent to the bank; `entry_hash` is a hash of the title as written in the file."""
        sent = self._remitted(
            RemittanceState.TRANSMITTED,
            rejection=None,
            is_unmarked=False,
            entries_sent=self.entries_sent + 1,
            entry_hash=entry_hash,
        )
        return sent.unlocked(LockKind.AWAITING_REMITTANCE, cause)

    def registered(self, pix_payload: str | None = None) -> "Invoice":
        """The bank confirmed the title; if it made a Pix code for it, that one replaces ours."""
        registered = self._answered(RemittanceState.REGISTERED, None)
        return registered if pix_payload is None else registered.evolve(pix_payload=pix_payload)

    def rejected(self, reasons: tuple[BankReason, ...], *, with_its_file: bool = False) -> "Invoice":
        """The bank refused the title and does not have it; `with_its_file` if the whole file was refused, so that it
        can be sent again as it is."""
        entry_hash = None if with_its_file else self.entry_hash
        return self._answered(RemittanceState.REJECTED, reasons).evolve(entries_sent=0, entry_hash=entry_hash)

    def paid_at_bank(self) -> "Invoice":
        """The bank was paid the title: nobody can pay it again."""
        if self.remittance is RemittanceState.PAID:
            return self
        return self._answered(RemittanceState.PAID, self.rejection)

    def with_write_off_queued(self) -> "Invoice":
        return self._remitted(RemittanceState.WRITE_OFF_QUEUED)

    def without_write_off(self) -> "Invoice":
        """The write-off was given up or the bank refused it: the title continues."""
        return self._remitted(RemittanceState.REGISTERED)

    def written_off(self) -> "Invoice":
        return self._remitted(RemittanceState.WRITTEN_OFF)

    def due_changed(self, due_on: date, barcode: str) -> "Invoice":
        """The bank gave the same title another due date, which is in its barcode."""
        return self.evolve(due_on=due_on, barcode=barcode)

    def with_rebate(self, rebate: Money | None) -> "Invoice":
        """With the rebate that the bank grants on the title, or without it."""
        return self.evolve(rebate=rebate)

    def with_discount(self, discount: OnTimeDiscount | None) -> "Invoice":
        """With the discount that the bank grants until a day, or without it."""
        return self.evolve(discount=discount)

    def protested(self, on: date | None) -> "Invoice":
        """At the notary's since that day; None: no longer."""
        return self.evolve(protested_on=on)

    def _answered(self, state: RemittanceState, rejection: tuple[BankReason, ...] | None) -> "Invoice":
        kept = tuple(lock for lock in self.locks if lock.kind is not LockKind.AWAITING_REMITTANCE)
        return self._remitted(state, locks=kept, rejection=rejection, is_unmarked=False)

    def _remitted(self, state: RemittanceState, **changes: Any) -> "Invoice":
        return self.evolve(remittance=move(REMITTANCE_MOVES, self.remittance, state), **changes)

    def _moved(self, status: InvoiceStatus, **changes: Any) -> "Invoice":
        return self.evolve(status=move(INVOICE_MOVES, self.status, status), **changes)
