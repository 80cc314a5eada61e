"""Charges (contas): what a customer owes, from a contract or entered by a person, until it is invoiced (CON); and why
an operation on a charge is refused, in the words of the manuals (where they write X, it is the charge's code)."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from billing.access.call import Call
from billing.core.entity import Entity
from billing.core.errors import Refusal, Severity
from billing.core.ids import derived_id
from billing.core.money import ZERO, Money, Percent
from billing.core.period import Day, Period
from billing.core.table import Aggregate
from billing.core.text import Id, Line
from billing.invoicing.actions import ChargeAction
from billing.invoicing.refusals import Rule, held, is_settled, require
from billing.invoicing.standing import InvoiceStanding
from billing.invoicing.states import CHARGE_MOVES, ChargeStatus, Lock, LockKind, move

Instalment = tuple[Annotated[int, Field(ge=1, le=480)], Annotated[int, Field(ge=1, le=480)]]


class OnTimeDiscount(Entity):
    """Desconto por pagamento em dia: não reduz o que é devido, só o que se pede até o seu dia (CTR-12)."""

    amount: Money = Field(examples=["10.00"])
    until: Day
    """Último dia em que vale, inclusive."""


class AgreedPart(Entity):
    """De que parcelamento de dívida uma conta é parcela, e os juros do parcelamento que ela traz (PAY-06)."""

    agreement_id: str
    base: Money
    """A parcela sem os juros do parcelamento."""
    interest: Money = ZERO
    """Juros simples, do acordo ao vencimento; quem paga antes os deve só até o dia (CDC, art. 52, § 2º)."""
    monthly_percent: Percent = Decimal(0)
    agreed_on: Day


class ChargeOrigin(Entity):
    """What a contract's charge is for, whether made by an activation, a recurrence or a closing."""

    contract_id: str
    definition_id: str
    reference: Period


def charge_id(contract_id: str, definition_id: str, period: Period, revision: int) -> str:
    """One id for contract + definition + service period + revision: the same charge is never made twice."""
    return derived_id("chg", contract_id, definition_id, period.start, period.end, revision)


class ChargeEdit(Entity):
    """O que se pode alterar em uma conta não faturada (CON-02)."""

    description: Line = Field(min_length=1, max_length=120, examples=["Plano Fibra 500 Mb"])
    amount: Money = Field(examples=["129.90"])
    """Negativo para desconto."""
    due_on: Day
    reference: Period
    instalment: Instalment | None = Field(default=None, examples=[[1, 3]])
    """Número da parcela e quantas são."""
    ledger_account: Line | None = Field(default=None, max_length=30, examples=["3.1.01"])
    """Conta do plano de contas."""
    fiscal_composition: Line | None = Field(default=None, max_length=30)
    """Composição fiscal de nota avulsa; só em contas sem contrato."""


class NewCharge(ChargeEdit):
    """A charge inserted by a person (CON-01)."""

    company_id: Id
    payment_profile_id: Id


class Agreed(Entity):
    """O que o contrato pedia em uma conta que depois foi editada por uma pessoa, ou repartida."""

    amount: Money
    reference: Period


class MadeBy(Entity):
    """Quem fez uma conta que nasce de um congelamento ou de uma ativação, e quando."""

    # Kept in the charge: an audit entry for each would halve the number of charges that fit into a freeze.

    action: str
    actor_id: str
    run_id: str | None = None
    at: datetime


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
    agreed_part: AgreedPart | None = None
    """De que parcelamento de dívida é parcela."""
    agreed: Agreed | None = None
    """O que o contrato pedia, onde uma pessoa mudou o valor ou a referência, ou parte dela é crédito à parte: um
    fechamento não desfaz a mudança."""
    status: ChargeStatus = ChargeStatus.UNBILLED
    invoice_id: str | None = None
    replaces: tuple[str, ...] | None = None
    """Faturas de que saiu quando o banco ainda podia receber o boleto delas: o da próxima espera que ele seja baixado."""
    paid: Money = ZERO
    locks: tuple[Lock, ...] = ()
    made_by: MadeBy | None = None
    """Do que nasce com outra coisa: o histórico das demais começa em quem as inseriu."""

    @property
    def called(self) -> str:
        """How a message refers to it: by what every list shows of it."""
        return f"“{self.title}” com vencimento em {self.due_on:%d/%m/%Y}"

    @property
    def is_credit(self) -> bool:
        return self.credit_of is not None

    @property
    def origin(self) -> ChargeOrigin | None:
        if self.contract_id is None or self.definition_id is None:
            return None
        reference = self.agreed.reference if self.agreed is not None else self.reference
        return ChargeOrigin(
            contract_id=self.contract_id, definition_id=self.definition_id, reference=reference
        )

    @property
    def asked(self) -> Money:
        """How much of the contract's proposed amount this charge accounts for.

        A person's edit does not change that, nor does the removal of an instalment made ahead. A closing's charge
        that was removed accounts for nothing, and is made again when the closing is frozen again.
        """
        if self.status is ChargeStatus.REMOVED and self.closing_id is not None:
            return ZERO
        return self.agreed.amount if self.agreed is not None else self.amount

    @property
    def title(self) -> str:
        """As printed: instalments read "Plano X (1/3)" (CTR-10)."""
        return (
            f"{self.description} ({self.instalment[0]}/{self.instalment[1]})"
            if self.instalment
            else self.description
        )

    def lock(self, kind: LockKind) -> Lock | None:
        return next((lock for lock in self.locks if lock.kind is kind), None)

    def made(self, call: Call, action: ChargeAction) -> "Charge":
        """Marked with the freeze or activation that makes it now."""
        actor = call.actor
        return self.evolve(made_by=MadeBy(action=action, actor_id=actor.id, run_id=actor.run_id, at=call.now))

    def edited(self, edit: ChargeEdit, invoice: InvoiceStanding | None, *, confirmed: bool) -> "Charge":
        """Raises Refused with every reason (CON-02)."""
        require(to_edit_charge(self, edit, invoice), confirmed=confirmed)
        changed = (edit.amount, edit.reference) != (self.amount, self.reference)
        return self.evolve(**dict(edit), agreed=self._as_agreed if changed else self.agreed)

    def suspended(self, invoice: InvoiceStanding | None) -> "Charge":
        """Suspended: it stays out of billing. Raises Refused (CON-03)."""
        require(to_suspend_charge(self, invoice))
        return self._moved(ChargeStatus.SUSPENDED)

    def unsuspended(self, invoice: InvoiceStanding | None) -> "Charge":
        """Raises Refused (CON-03)."""
        require(to_unsuspend_charge(self, invoice))
        return self._moved(ChargeStatus.UNBILLED)

    def removed(self, invoice: InvoiceStanding | None) -> "Charge":
        """Raises Refused (CON-04)."""
        require(to_remove_charge(self, invoice))
        return self._moved(ChargeStatus.REMOVED)

    def split(self, used: Money, into: str) -> tuple["Charge", "Charge | None"]:
        """Of a charge below zero, the part that the invoice `into` uses, which accounts for all that the contract
        proposed, and the rest as a charge of its own."""
        unused = self.amount + used
        if not unused:
            return self, None
        changes = {"amount": unused, "definition_id": None, "agreed": None, "version": 0}
        left = self.evolve(id=derived_id("chg", self.id, into), **changes)
        return self.evolve(amount=-used, agreed=self._as_agreed), left

    @property
    def _as_agreed(self) -> Agreed | None:
        """The contract's own terms, kept before the charge changes; None without a contract."""
        if self.agreed is not None or self.contract_id is None:
            return self.agreed
        return Agreed(amount=self.amount, reference=self.reference)

    def billed(self, invoice_id: str) -> "Charge":
        return self._moved(ChargeStatus.BILLED, invoice_id=invoice_id)

    def freed(self, still_payable: str | None = None) -> "Charge":
        """Unbilled again: its invoice was removed or could not be issued; see `leaving`."""
        return self._moved(ChargeStatus.UNBILLED, invoice_id=None).leaving(still_payable)

    def leaving(self, still_payable: str | None) -> "Charge":
        """Out of an invoice; `still_payable` is that invoice if its boleto may still be paid at the bank."""
        known = self.replaces or ()
        if still_payable is None or still_payable in known:
            return self
        return self.evolve(replaces=(*known, still_payable))

    def moved(
        self,
        due_on: date,
        payment_profile_id: str | None,
        discount: OnTimeDiscount | None,
        invoice_id: str | None,
    ) -> "Charge":
        """With its contract's present terms; a billed charge moves to the invoice that replaces its own."""
        return self.evolve(
            due_on=due_on, payment_profile_id=payment_profile_id, discount=discount, invoice_id=invoice_id
        )

    def given_up(self) -> "Charge":
        """The agreement of which it is an instalment was broken."""
        return self._moved(ChargeStatus.REMOVED)

    def withdrawn(self) -> "Charge":
        """Out of its invoice for good, because the settlement that added it was reversed (INV-09). It still names the
        invoice."""
        return self._moved(ChargeStatus.REMOVED)

    def _moved(self, status: ChargeStatus, **changes: Any) -> "Charge":
        return self.evolve(status=move(CHARGE_MOVES, self.status, status), **changes)


def to_edit_charge(charge: Charge, edit: ChargeEdit, invoice: InvoiceStanding | None) -> list[Refusal]:
    """CON-02. For a charge on an invoice a confirmation is enough, unless the invoice's amount or due date would
    become wrong (ours)."""
    pending = charge.lock(LockKind.PENDING_BILLING)
    reasons = held(
        [
            (
                _is_paid(charge, invoice),
                "charge.settled",
                "ERRO! Você não pode efetuar alterações em contas liquidadas.",
            ),
            (
                charge.status is ChargeStatus.REMOVED or charge.lock(LockKind.LOCKED_CHARGE) is not None,
                "charge.locked",
                "ERRO! Essa conta não pode mais sofrer nenhum tipo de alteração.",
            ),
            (
                invoice is not None and invoice.reconciled,
                "charge.reconciled",
                "ERRO! Essa conta está associada a movimento bancário já conciliado.",
            ),
            (
                pending is not None,
                "charge.pending_billing",
                f"ERRO! Esta conta está vinculada a um faturamento pendente cód. {pending.cause if pending else ''} e não pode ser alterada.",
            ),
            (
                edit.fiscal_composition is not None and charge.contract_id is not None,
                "charge.fiscal_composition",
                "ERRO! Contas de contrato, não podem utilizar nenhuma plano de composição avulso.",
            ),
            (
                charge.status is ChargeStatus.BILLED
                and (edit.amount, edit.due_on) != (charge.amount, charge.due_on),
                "charge.invoice_total",
                "O valor e o vencimento desta conta são os da fatura. Remova a fatura antes de alterá-los.",
            ),
            _credit(charge, "alterada"),
            _instalment(charge, (edit.amount, edit.instalment) != (charge.amount, charge.instalment)),
        ]
    )
    if charge.status is ChargeStatus.BILLED:
        reasons.append(
            Refusal(
                "charge.in_invoice",
                "ERRO! Essa conta participa de uma fatura. Confirme seu interesse.",
                Severity.ASKS,
            )
        )
    return reasons


def to_suspend_charge(charge: Charge, invoice: InvoiceStanding | None) -> list[Refusal]:
    """CON-03."""
    return held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {charge.called} já está liquidada"),
            (
                charge.lock(LockKind.PENDING_BILLING) is not None,
                "charge.pending_billing",
                "Esta conta aguarda efetivação de faturamento",
            ),
            (
                charge.status is ChargeStatus.SUSPENDED,
                "charge.suspended",
                f"A Conta {charge.called} já está com o status de suspenso.",
            ),
            (
                charge.status is ChargeStatus.BILLED,
                "charge.in_invoice",
                "Esta conta já faz parte de uma fatura",
            ),
            _removed(charge),
            _credit(charge, "suspensa"),
            _instalment(charge),
        ]
    )


def to_unsuspend_charge(charge: Charge, invoice: InvoiceStanding | None) -> list[Refusal]:
    """CON-03."""
    return held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {charge.called} já está liquidada"),
            (
                charge.status is not ChargeStatus.SUSPENDED,
                "charge.not_suspended",
                f"A Conta {charge.called} não está mais suspensa",
            ),
        ]
    )


def to_remove_charge(charge: Charge, invoice: InvoiceStanding | None) -> list[Refusal]:
    """CON-04."""
    return held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {charge.called} já está liquidada"),
            (
                charge.status is ChargeStatus.BILLED,
                "charge.in_invoice",
                f"A Conta {charge.called} faz parte de uma fatura",
            ),
            (
                charge.lock(LockKind.PENDING_BILLING) is not None,
                "charge.pending_billing",
                f"A Conta {charge.called} aguarda efetivação de faturamento.",
            ),
            (bool(charge.paid), "charge.partially_settled", "Esta Conta possui pagamento parcial."),
            _removed(charge),
            _credit(charge, "removida"),
            _instalment(charge),
        ]
    )


def to_remove_unbilled(charge: Charge) -> list[Refusal]:
    """INV-01, requested for a charge that is on no invoice."""
    return [Refusal("charge.not_billed", f"A Conta {charge.called} ainda não foi faturada")]


def _is_paid(charge: Charge, invoice: InvoiceStanding | None) -> bool:
    return charge.status is ChargeStatus.SETTLED or (invoice is not None and is_settled(invoice))


def _removed(charge: Charge) -> Rule:
    return (
        charge.status is ChargeStatus.REMOVED,
        "charge.removed",
        f"A Conta {charge.called} já foi removida",
    )


def _credit(charge: Charge, done: str) -> Rule:
    """PAY-08 (ours): a credit is money that we hold or that a closing gives back; only invoices may use it up."""
    message = f"A Conta {charge.called} é crédito do cliente e abate a próxima fatura. Não pode ser {done}."
    return (charge.is_credit, "charge.credit", message)


def _instalment(charge: Charge, is_touched: bool = True) -> Rule:
    """PAY-06 (ours): what an agreement asks for stays as it was agreed; its due date alone may be put off."""
    message = f"A Conta {charge.called} é parcela de um parcelamento: quebre o parcelamento para alterá-la."
    return (charge.agreed_part is not None and is_touched, "charge.of_agreement", message)
