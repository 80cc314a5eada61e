"""The state of an invoice that decides what may be done with it, and with its charges."""

from typing import Annotated

from pydantic import AfterValidator, Field

from billing.core.money import ZERO, Money
from billing.core.table import Aggregate
from billing.invoicing.states import (
    AT_THE_BANK,
    DEAD_AT_THE_BANK,
    InvoiceStatus,
    Lock,
    LockKind,
    RemittanceState,
)


def _not_negative(amount: Money) -> Money:
    if amount < ZERO:
        raise ValueError("o valor não pode ser negativo")
    return amount


class InvoiceStanding(Aggregate):
    number: int = Field(ge=1)
    amount: Annotated[Money, AfterValidator(_not_negative)]
    """Sempre a soma das suas contas (INV-18)."""
    status: InvoiceStatus = InvoiceStatus.OPEN
    remittance: RemittanceState = RemittanceState.NONE
    is_unmarked: bool = False
    """Uma pessoa tirou a marca de remessa transmitida: a fatura pode ser alterada. O que o banco tem segue em
    `remittance`."""
    locks: tuple[Lock, ...] = ()
    barcode: str | None = None
    paid: Money = ZERO
    """O principal das liquidações não estornadas."""
    reconciled: bool = False
    has_fiscal_document: bool = False
    has_settlement_document: bool = False
    """Foi emitido documento fiscal pelo valor liquidado."""
    is_documented: bool = False
    """Tem todos os documentos fiscais de que precisa, ou não precisa de nenhum."""
    agreement_id: str | None = None
    """O parcelamento em que foi renegociada, ou de que é uma parcela paga que já não se estorna."""

    @property
    def balance(self) -> Money:
        return self.amount - self.paid

    @property
    def is_at_the_bank(self) -> bool:
        """Whether the bank has, or may have, the title: it was sent, and no answer says otherwise."""
        return self.remittance in AT_THE_BANK

    @property
    def has_live_boleto(self) -> bool:
        """Whether its boleto can still be paid, or can be once it is registered."""
        return self.barcode is not None and self.remittance not in DEAD_AT_THE_BANK

    @property
    def has_boleto_to_pay(self) -> bool:
        """Whether its boleto is for the amount owed; not so for a partly paid invoice, since the bank has the full
        amount."""
        is_owed = self.status is InvoiceStatus.OPEN and self.balance > ZERO
        return is_owed and self.has_live_boleto and not self.paid

    def is_locked(self, kind: LockKind) -> bool:
        return any(lock.kind is kind for lock in self.locks)
