"""Closings (fechamentos): one contract and one period, computed, checked and frozen (CLO-01, CLO-04, CLO-06..CLO-08)."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, field_validator

from billing.closings.figures import Figures, PendingIssue
from billing.closings.periods import early_freeze, may_unfreeze
from billing.closings.states import MOVES, ClosingStatus
from billing.closings.totals import NO_TOTALS, ClosingTotals, closing_totals, total_charged
from billing.contracts.model import Contract
from billing.core.clock import business_date
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused, Severity, standing
from billing.core.ids import derived_id
from billing.core.money import ZERO, AboveZero, Money
from billing.core.period import Period
from billing.core.table import Aggregate
from billing.core.text import Id, Line, Text
from billing.rating.pricing.partial_passage import PassageMode

PARTIAL_PASSAGE = "closing.partial_passage"
"""The pending issue that needs a choice, not just a confirmation."""
MAX_ADJUSTMENTS = 60
MAX_NOTES = 60
LARGEST = Money("9999999999999.99")


class AdjustmentKind(StrEnum):
    SURCHARGE = "surcharge"
    DISCOUNT = "discount"


class NewAdjustment(Entity):
    """Acréscimo ou desconto (CLO-03)."""

    kind: AdjustmentKind
    description: Line = Field(min_length=1, max_length=120, examples=["Visita técnica fora do horário"])
    """O motivo, impresso na fatura."""
    amount: AboveZero = Field(examples=["45.50"])


class Adjustment(NewAdjustment):
    id: str
    author_id: str
    at: datetime

    @property
    def signed(self) -> Money:
        return self.amount if self.kind is AdjustmentKind.SURCHARGE else -self.amount


class NewNote(Entity):
    text: Text = Field(
        min_length=1, max_length=1000, examples=["Contador trocado no dia 12; ver a ordem de serviço."]
    )


class Note(NewNote):
    author_id: str
    at: datetime


class FreezeRequest(Entity):
    """Congelar (CLO-06, CLO-08)."""

    confirm: bool = Field(default=False, examples=[True])
    """Ignora as pendências, com registro de quem e de quais."""
    merge_remaining: bool | None = None
    """Antes da data final: incorporar os dias restantes deste fechamento no próximo período (true), ou criar um
    fechamento da data do congelamento até o fim do período atual (false)."""
    partial_passages: dict[Id, PassageMode] = Field(default={}, max_length=300)
    """Cobrança integral ou proporcional, por item com passagem parcial."""


class ChargeRequest(Entity):
    """Cobrar: congela o fechamento pelo valor informado (CLO-09)."""

    total: Money = Field(examples=["950.00"])
    """Valor total a ser cobrado."""
    cost_centre: Line = Field(min_length=1, max_length=60, examples=["Nuvem"])
    """Centro de resultado."""
    ticket: Line = Field(min_length=1, max_length=40, examples=["INC-20451"])
    """Número do chamado."""
    reason: Annotated[Line, Field(min_length=1, max_length=120)] | None = None
    """Motivo da diferença, quando o valor cobrado não é o devido."""
    confirm: bool = False
    """Ignora as pendências, com registro de quem e de quais."""
    partial_passages: dict[Id, PassageMode] = Field(default={}, max_length=300)
    """Cobrança integral ou proporcional, por item com passagem parcial."""

    @field_validator("total")
    @classmethod
    def _is_no_credit(cls, total: Money) -> Money:
        if total < ZERO:
            raise ValueError("o valor cobrado não é negativo")
        return total


class Charging(Entity):
    """Como a cobrança foi registrada."""

    due: Money
    """Valor total devido."""
    cost_centre: str
    ticket: str


class Closing(Aggregate):
    """Fechamento. As linhas, as pendências e o que passa para o próximo ficam em páginas próprias (`figures.Page`)."""

    id: str
    customer_id: str
    contract_id: str
    company_id: str
    contract_title: str
    period: Period
    status: ClosingStatus = ClosingStatus.OPEN
    previous_id: str | None = None
    opening_pages: int = 0
    """Páginas do fechamento anterior de cujos contadores e saldos este parte; 0 quando nada vem dele."""
    adjustments: tuple[Adjustment, ...] = Field(default=(), max_length=MAX_ADJUSTMENTS)
    notes: tuple[Note, ...] = Field(default=(), max_length=MAX_NOTES)
    partial_passages: dict[str, PassageMode] = {}
    totals: ClosingTotals = NO_TOTALS
    total: Money = ZERO
    credit: Money = ZERO
    """O que os descontos e créditos têm além do resto: passa para o próximo fechamento."""
    pending: dict[str, int] = {}
    """Quantas pendências de cada código; em um fechamento congelado, as que foram ignoradas."""
    pages: int = 0
    content_hash: str | None = None
    computed_at: datetime | None = None
    frozen_at: datetime | None = None
    frozen_by: str | None = None
    """A pessoa, ou a execução que congelou automaticamente."""
    charging: Charging | None = None
    charge_ids: tuple[str, ...] = ()
    """As contas que os seus congelamentos geraram."""
    charges_left: bool = False
    """Congelado com mais contas do que cabem em uma gravação: as demais estão sendo gravadas."""
    successor_id: str | None = None

    @property
    def is_frozen(self) -> bool:
        return self.status is ClosingStatus.FROZEN

    def status_on(self, day: date) -> ClosingStatus:
        """As people read it: processed once its end has come, whether a run has computed it or not."""
        is_over = self.status is ClosingStatus.OPEN and day >= self.period.end
        return ClosingStatus.PROCESSED if is_over else self.status

    @property
    def due(self) -> Money:
        """What the customer owes; a person may have charged another amount."""
        return self.total if self.charging is None else self.charging.due

    @property
    def frozen_on(self) -> date | None:
        return None if self.frozen_at is None else business_date(self.frozen_at)

    def computed(self, figures: Figures, *, on: date, at: datetime) -> "Closing":
        """With these figures; processed once its end has come. Raises Refused if frozen or waiting."""
        reached = on >= self.period.end
        status = ClosingStatus.PROCESSED if reached else ClosingStatus.OPEN
        if self.status is ClosingStatus.PROCESSED and not reached:
            status = ClosingStatus.PROCESSED
        return self._changed(
            status=self.status if status is self.status else self._to(status),
            **_totals(closing_totals(figures.lines, (adjustment.signed for adjustment in self.adjustments))),
            pending=dict(sorted(Counter(issue.code for issue in figures.issues).items())),
            pages=len(figures.pages()),
            content_hash=figures.content_hash,
            computed_at=at,
        )

    def adjusted(self, adjustment: Adjustment) -> "Closing":
        return self._changed(**self._adjustments([*self.adjustments, adjustment]))

    def without_adjustment(self, adjustment_id: str) -> "Closing":
        others = [known for known in self.adjustments if known.id != adjustment_id]
        if len(others) == len(self.adjustments):
            raise Refused.because(
                [
                    Refusal(
                        "closing.no_such_adjustment", "O acréscimo ou desconto não existe neste fechamento."
                    )
                ]
            )
        return self._changed(**self._adjustments(others))

    def noted(self, note: Note) -> "Closing":
        """Notes may be added in any state: they do not affect figures."""
        if len(self.notes) == MAX_NOTES:
            raise Refused.because(
                [Refusal("closing.notes_full", f"O fechamento já tem {MAX_NOTES} observações.")]
            )
        return self.evolve(notes=(*self.notes, note))

    def choosing(self, passages: dict[str, PassageMode]) -> "Closing":
        """With a person's choice for items that were in the contract during a part of the period (CLO-05 e)."""
        return self._changed(partial_passages={**self.partial_passages, **passages})

    def cut(self, on: date, contract: Contract, *, merge_remaining: bool) -> tuple["Closing", Period]:
        """The closing, cut to end on `on`, and the period that begins then (CLO-08). Raises Refused on its first day,
        and if the month is an instalment of a booklet, which is charged in full."""
        if contract.horizon_months:
            message = f"O mês já está no carnê: congele o fechamento a partir de {self.period.end:%d/%m/%Y}."
            raise Refused.because([Refusal("closing.booked_ahead", message)])
        part, remainder = early_freeze(self.period, on, contract.cut_off_day, merge_remaining=merge_remaining)
        return self._changed(period=part), remainder

    def charged(self, request: ChargeRequest, author_id: str, at: datetime) -> "Closing":
        """Charged for the requested amount; a difference becomes a surcharge or discount with its reason (CLO-09).
        Raises Refused."""
        charging = Charging(due=self.total, cost_centre=request.cost_centre, ticket=request.ticket)
        if request.total == self.total:
            return self._changed(charging=charging)
        if request.reason is None:
            message = "O valor cobrado é diferente do devido: informe o motivo da diferença."
            raise Refused.because([Refusal("closing.reason_missing", message, field="reason")])
        difference = total_charged(self.totals.balance, request.total).adjustment
        adjustment = Adjustment(
            id=self._difference_id,
            kind=AdjustmentKind.SURCHARGE if difference > ZERO else AdjustmentKind.DISCOUNT,
            description=request.reason,
            amount=abs(difference),
            author_id=author_id,
            at=at,
        )
        return self._changed(charging=charging, **self._adjustments([*self.adjustments, adjustment]))

    @property
    def _difference_id(self) -> str:
        return derived_id("adj", self.id, "charged")

    def frozen(self, by: str, at: datetime, charge_ids: Iterable[str], successor_id: str | None) -> "Closing":
        return self._changed(
            status=self._to(ClosingStatus.FROZEN),
            frozen_at=at,
            frozen_by=by,
            charge_ids=tuple(dict.fromkeys([*self.charge_ids, *charge_ids])),
            successor_id=successor_id,
        )

    def unfrozen(self, on: date, others: Iterable[Refusal]) -> "Closing":
        """Processed again (CLO-07); `others` are reasons from its charges and its successor. Raises Refused."""
        reasons = [*self.reasons_against_unfreezing(on), *others]
        if reasons:
            raise Refused.because(reasons)
        kept = [adjustment for adjustment in self.adjustments if adjustment.id != self._difference_id]
        return self.evolve(
            status=self._to(ClosingStatus.PROCESSED),
            frozen_at=None,
            frozen_by=None,
            charging=None,
            **self._adjustments(kept),
        )

    def waiting(self) -> "Closing":
        """Waiting, because the previous closing was unfrozen: what was carried over from there is taken out, the rest
        is kept."""
        carried = carried_credit_id(self.previous_id or "")
        kept = [adjustment for adjustment in self.adjustments if adjustment.id != carried]
        return self._changed(status=self._to(ClosingStatus.WAITING), **self._adjustments(kept))

    def resumed(self, fresh: "Closing", *, period: Period) -> "Closing":
        """Continued after the previous closing was frozen again: `fresh` has what it now starts from. Raises Refused
        for another period if the closing after it has already begun."""
        if period != self.period and self.successor_id is not None:
            message = (
                f"O fechamento seguinte vai até {self.period.last_day:%d/%m/%Y} e já teve o seu próprio sucessor: congele com"
                " a mesma opção de antes."
            )
            raise Refused.because([Refusal("closing.successor_begun", message, field="merge_remaining")])
        return self.evolve(
            status=self._to(ClosingStatus.OPEN),
            period=period,
            opening_pages=fresh.opening_pages,
            **self._adjustments([*fresh.adjustments, *self.adjustments]),
        )

    def require_changeable(self) -> None:
        """Raises Refused if frozen, or if it waits for the previous closing."""
        reasons = self.reasons_against_change()
        if reasons:
            raise Refused.because(reasons)

    def reasons_against_unfreezing(self, on: date) -> list[Refusal]:
        """It is not frozen, or was frozen too long ago (CLO-07)."""
        if self.frozen_on is None or not self.is_frozen:
            return [Refusal("closing.not_frozen", "O fechamento não está congelado.")]
        if may_unfreeze(self.frozen_on, on):
            return []
        message = f"Só é possível descongelar até 30 dias depois do congelamento, feito em {self.frozen_on:%d/%m/%Y}."
        return [Refusal("closing.unfreeze_late", message)]

    def reasons_against_charging(self, on: date) -> list[Refusal]:
        """Its state, or a period that has not ended (CLO-09)."""
        reasons = self.reasons_against_change()
        if not reasons and self.period.end > on:
            message = f"O período termina em {self.period.last_day:%d/%m/%Y}: registre a cobrança depois."
            reasons.append(Refusal("closing.before_end", message))
        return reasons

    def reasons_against_freezing(self, issues: Iterable[PendingIssue], *, confirmed: bool) -> list[Refusal]:
        """Its state, and every pending issue unless a person confirms (CLO-06)."""
        pending = [
            Refusal(
                issue.code,
                f"{issue.title}: {issue.item}" if issue.item else issue.title,
                Severity.BLOCKS if issue.code == PARTIAL_PASSAGE else Severity.ASKS,  # its choice is missing
                "partial_passages" if issue.code == PARTIAL_PASSAGE else None,
            )
            for issue in issues
        ]
        return [*self.reasons_against_change(), *standing(pending, confirmed=confirmed)]

    def _adjustments(self, adjustments: list[Adjustment]) -> dict[str, Any]:
        """The fields that depend on surcharges and discounts. Raises Refused for too many."""
        if len(adjustments) > MAX_ADJUSTMENTS:
            message = f"O fechamento já tem {MAX_ADJUSTMENTS} acréscimos e descontos."
            raise Refused.because([Refusal("closing.adjustments_full", message)])
        totals = self.totals.adjusted(adjustment.signed for adjustment in adjustments)
        return {"adjustments": tuple(adjustments), **_totals(totals)}

    def _changed(self, **changes: Any) -> "Closing":
        self.require_changeable()
        return self.evolve(**changes)

    def reasons_against_change(self) -> list[Refusal]:
        """It is frozen, or waits for the previous closing."""
        if self.status is ClosingStatus.FROZEN:
            return [Refusal("closing.frozen", "O fechamento está congelado: valores e contadores não mudam.")]
        if self.status is ClosingStatus.WAITING:
            return [
                Refusal(
                    "closing.waiting",
                    "O fechamento anterior deste contrato foi descongelado. Congele-o para continuar este.",
                )
            ]
        return []

    def _to(self, status: ClosingStatus) -> ClosingStatus:
        if status not in MOVES[self.status]:
            raise ValueError(f"{self.status} -> {status} is not a legal move")
        return status


def closing_id(contract_id: str, period: Period) -> str:
    """The same id for the same contract and period start, whoever starts it (CLO-01)."""
    return derived_id("clo", contract_id, period.start)


def _totals(totals: ClosingTotals) -> dict[str, Any]:
    """The fields set from the totals. Raises Refused for totals with more digits than an amount can have."""
    if any(abs(amount) > LARGEST for amount in (*dict(totals).values(), totals.balance)):
        message = "O total do fechamento passa de 13 dígitos: confira quantidades, preços e ajustes."
        raise Refused.because([Refusal("closing.amount_too_large", message)])
    return {"totals": totals, "total": totals.total, "credit": totals.credit}


def carried_credit_id(closing_id: str) -> str:
    """The id of the discount that carries the credit of `closing_id` over to the next closing."""
    return derived_id("adj", closing_id, "credit")


def start(
    contract: Contract,
    period: Period,
    previous: Closing | None = None,
    *,
    opening_pages: int = 0,
    adjustments: tuple[Adjustment, ...] = (),
) -> Closing:
    """The contract's closing of `period`, in state open (em processamento)."""
    return Closing(
        id=closing_id(contract.id, period),
        customer_id=contract.customer_id,
        contract_id=contract.id,
        company_id=contract.company_id,
        contract_title=contract.title,
        period=period,
        previous_id=None if previous is None else previous.id,
        opening_pages=opening_pages,
        adjustments=adjustments,
        **_totals(NO_TOTALS.adjusted(adjustment.signed for adjustment in adjustments)),
    )
