"""Contracts: what was agreed with a customer, for which items, and the state of the agreement (CTR-01..CTR-04, CTR-14).

    awaiting_activation -> active <-> suspended
    active, suspended   -> cancellation_requested -> active (retained)
    any but cancelled   -> cancelled

A contract is in force in the half-open period [activated_on, ends_on); a cancellation sets its end.
"""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.contracts.consistency import check_definitions, differing_initial_value
from billing.contracts.items import ContractItem
from billing.contracts.states import MOVES, STEPS, ContractState, ContractTool
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.ids import ID_PATTERN
from billing.core.money import Money
from billing.core.period import Day, Month, Period, closing_period
from billing.core.table import Aggregate
from billing.core.text import Line, Text
from billing.rating.definition import ChargeDefinition


class BillingMode(StrEnum):
    """Modo de cobrança: de onde vem o que se cobra em um período do contrato."""

    RECURRING = "recurring"
    CLOSING = "closing"
    USAGE = "usage"

    @property
    def label(self) -> str:
        return _MODE_LABELS[self]


_MODE_LABELS = {
    BillingMode.RECURRING: "Recorrente",
    BillingMode.CLOSING: "Por fechamento",
    BillingMode.USAGE: "Por consumo",
}


class DueRule(Entity):
    """Quando um período vence: em um dia de um mês contado a partir daquele em que cai o último dia do período."""

    day: int = Field(ge=1, le=31, examples=[10])
    """Dia do vencimento; em mês mais curto, o último dia do mês."""
    months_after: int = Field(default=1, ge=0, le=12, examples=[1])
    """Meses depois do mês em que o período termina: 0 é o próprio mês."""

    def due_on(self, period: Period) -> date:
        """
        >>> DueRule(day=31, months_after=1).due_on(Period(date(2026, 1, 1), date(2026, 2, 1)))
        datetime.date(2026, 2, 28)
        """
        return Month.of(period.last_day).plus(self.months_after).day(self.day)


class PromotionalDiscount(Entity):
    """Por pagamento em dia (CTR-12). Não reduz a fatura, só o que se recebe até o prazo."""

    amount: Money = Field(examples=["10.00"])
    days_before_due: int = Field(default=0, ge=0, le=30)
    """Prazo: dias antes do vencimento; 0 é o próprio vencimento."""

    @field_validator("amount")
    @classmethod
    def _takes_something_off(cls, amount: Money) -> Money:
        if amount.cents <= 0:
            raise ValueError("o desconto deve ser maior que zero")
        return amount


class Why(Entity):
    """Uma mudança de situação: desde que dia, e o motivo que a pessoa deu."""

    on: Day
    reason: Line = Field(min_length=1, max_length=200, examples=["Inadimplência"])


class ContractTerms(Entity):
    """O que foi combinado. O que as contas já seguem é alterado por operações próprias (veja `alter`)."""

    description: Line = Field(min_length=1, max_length=120, examples=["Fibra 500 Mega"])
    """Nome do plano, impresso nas faturas."""
    mode: BillingMode
    starts_on: Day
    ends_on: Day | None = None
    """Primeiro dia sem vigência; ausente, o contrato é por prazo indeterminado."""
    cut_off_day: int = Field(default=1, ge=1, le=31)
    """Dia de corte: o período de fechamento começa nele."""
    due: DueRule
    payment_profile_id: str = Field(pattern=ID_PATTERN, examples=["pro_7m3k9x2p4q8r1s5t6v0w"])
    grouping: Annotated[Line, Field(min_length=1, max_length=40)] | None = None
    """Agrupamento: contratos do cliente com o mesmo nome saem na mesma fatura."""
    auto_freeze: bool = True
    """Congela o fechamento sozinho no fim do período quando não há pendência."""
    max_silence_days: Annotated[int, Field(ge=1, le=365)] | None = None
    """Tempo máximo de falha de comunicação tolerado, em dias."""
    horizon_months: int = Field(default=0, ge=0, le=60)
    """Carnê: meses gerados na ativação; 0 gera mês a mês."""
    promotional_discount: PromotionalDiscount | None = None
    notes: Text | None = Field(default=None, max_length=2000)
    """Observações internas."""

    @field_validator("ends_on")
    @classmethod
    def _ends_after_start(cls, ends_on: date | None, info: ValidationInfo) -> date | None:
        starts_on = info.data.get("starts_on")
        if ends_on is not None and starts_on is not None and ends_on <= starts_on:
            raise PydanticCustomError("contract.ends_first", "O contrato termina antes de começar.")
        return ends_on

    @field_validator("horizon_months")
    @classmethod
    def _only_known_amounts_are_booked_ahead(cls, months: int, info: ValidationInfo) -> int:
        if months and info.data.get("mode", BillingMode.RECURRING) is not BillingMode.RECURRING:
            raise PydanticCustomError(
                "contract.booklet",
                "Só contrato recorrente gera carnê: nos outros o valor depende do consumo.",
            )
        return months


class NewContract(ContractTerms):
    company_id: str = Field(pattern=ID_PATTERN, examples=["com_7m3k9x2p4q8r1s5t6v0w"])
    """Empresa que fatura."""
    items: tuple[ContractItem, ...] = Field(default=(), max_length=300)
    definitions: tuple[ChargeDefinition, ...] = Field(default=(), max_length=300)
    """Definições de encargos, cada versão com sua vigência."""

    @field_validator("items")
    @classmethod
    def _item_once(cls, items: tuple[ContractItem, ...]) -> tuple[ContractItem, ...]:
        if len({item.id for item in items}) != len(items):
            raise PydanticCustomError("contract.item_twice", "Há dois itens com o mesmo id.")
        return items

    @field_validator("definitions")
    @classmethod
    def _definitions_of_items(
        cls, definitions: tuple[ChargeDefinition, ...], info: ValidationInfo
    ) -> tuple[ChargeDefinition, ...]:
        if "items" in info.data:
            items = info.data["items"]
            check_definitions(definitions, {item.id for item in items})
            differing = differing_initial_value(items, definitions)
            if differing is not None:
                raise PydanticCustomError("contract.initial_meter_value", "{told}", {"told": differing})
        return definitions


def _differing(field: str, value: str | None) -> list[Refusal]:
    return [] if value is None else [Refusal("contract.initial_meter_value", value, field=field)]


class Contract(NewContract, Aggregate):
    """Contrato. `number` conta os contratos do cliente: vem à frente do nome do plano (CTR-10)."""

    id: str = Field(pattern=ID_PATTERN, examples=["con_7m3k9x2p4q8r1s5t6v0w"])
    number: int = Field(ge=1, examples=[1])
    customer_id: str = Field(pattern=ID_PATTERN)
    state: ContractState = ContractState.AWAITING_ACTIVATION
    activated_on: date | None = None
    suspension: Why | None = None
    """Suspensão em curso."""
    cancellation: Why | None = None
    """Cancelamento solicitado ou efetivado."""

    @property
    def title(self) -> str:
        """Its name on statements, charges and invoices: "2 - Fibra 500 Mega"."""
        return f"{self.number} - {self.description}"

    def in_force(self, period: Period) -> Period | None:
        """The part of `period` in which the contract is in force (CTR-13); None if it is not, or is not activated."""
        if self.activated_on is None or (self.ends_on is not None and self.ends_on <= self.activated_on):
            return None
        return period.intersection(Period(self.activated_on, self.ends_on or date.max))

    def definitions_in(self, period: Period) -> tuple[ChargeDefinition, ...]:
        """Every version in force on some day of `period`."""
        return tuple(
            definition
            for definition in self.definitions
            if definition.valid_from < period.end
            and (definition.valid_until is None or definition.valid_until > period.start)
        )

    def bill_sources(self, period: Period, month: Month) -> set[str]:
        """The sources whose utility bills for the month are needed to rate the days of `period` that are in the month's
        closing period."""
        days = closing_period(month, self.cut_off_day).intersection(period)
        active = None if days is None else self.in_force(days)
        if active is None:
            return set()
        return {
            definition.needed_bill for definition in self.definitions_in(active) if definition.needed_bill
        }

    def item(self, item_id: str) -> ContractItem | None:
        return next((item for item in self.items if item.id == item_id), None)

    def activate(self, on: date, *, books_ahead: bool = True) -> "Contract":
        """In force from `on`. Without `books_ahead` it loses its booklet for good; billing is month by month (CTR-04).

        Raises Refused if it is not awaiting activation, or if `on` is outside the agreed dates.
        """
        reasons = self.reasons_against(ContractTool.ACTIVATE)
        if on < self.starts_on:
            reasons.append(
                Refusal(
                    "contract.not_begun", f"O contrato {self.number} só começa em {self.starts_on:%d/%m/%Y}."
                )
            )
        if self.ends_on is not None and on >= self.ends_on:
            reasons.append(
                Refusal("contract.ended", f"O contrato {self.number} termina em {self.ends_on:%d/%m/%Y}.")
            )
        horizon = self.horizon_months if books_ahead else 0
        return self._move(reasons, state=ContractState.ACTIVE, activated_on=on, horizon_months=horizon)

    def suspend(self, why: Why) -> "Contract":
        """Raises Refused unless active."""
        reasons = self.reasons_against(ContractTool.SUSPEND)
        return self._move(reasons, state=ContractState.SUSPENDED, suspension=why)

    def resume(self) -> "Contract":
        """Cancel the suspension. Raises Refused unless suspended."""
        reasons = self.reasons_against(ContractTool.RESUME)
        return self._move(reasons, state=ContractState.ACTIVE, suspension=None)

    def request_cancellation(self, why: Why) -> "Contract":
        """Put it in the cancellation queue (CTR-05). Raises Refused unless active or suspended."""
        reasons = self.reasons_against(ContractTool.REQUEST_CANCELLATION)
        return self._move(
            reasons, state=ContractState.CANCELLATION_REQUESTED, cancellation=why, suspension=None
        )

    def retain(self) -> "Contract":
        """The customer stays. Raises Refused unless a cancellation was requested."""
        reasons = self.reasons_against(ContractTool.RETAIN)
        return self._move(reasons, state=ContractState.ACTIVE, cancellation=None)

    def cancel(self, why: Why) -> "Contract":
        """No longer in force from `why.on` (CTR-03). Raises Refused if it is already cancelled, or was activated on
        that day or later."""
        reasons = self.reasons_against(ContractTool.CANCEL)
        ends_on = self.ends_on
        if self.activated_on is not None:
            ends_on = min(why.on, self.ends_on or date.max)
            if why.on <= self.activated_on:
                reasons.append(
                    Refusal(
                        "contract.cancelled_before_start",
                        f"O contrato {self.number} está em vigor desde {self.activated_on:%d/%m/%Y}."
                        " Informe uma data posterior.",
                        field="on",
                    )
                )
        return self._move(
            reasons, state=ContractState.CANCELLED, cancellation=why, suspension=None, ends_on=ends_on
        )

    def alter(self, terms: ContractTerms) -> "Contract":
        """With other general terms (CTR-03). Raises Refused if it is cancelled, or if a changed term is one that
        charges of an activated contract already follow."""
        reasons = []
        if self.state is ContractState.CANCELLED:
            reasons.append(self._is_in(self.state, "alterado"))
        elif self.state is not ContractState.AWAITING_ACTIVATION:
            reasons += [
                Refusal(
                    "contract.term_in_use",
                    f"O contrato {self.number} já foi ativado: {_HOW_TO_CHANGE.get(name, 'este dado não pode mais ser alterado.')}",
                    field=name,
                )
                for name in FIXED_BY_ACTIVATION
                if getattr(terms, name) != getattr(self, name)
            ]
        return self._move(reasons, **terms.__dict__)

    def changed(self, due: DueRule, payment_profile_id: str) -> "Contract":
        """With another due rule or payment profile (CTR-06, CTR-07); the caller moves the charges that follow it."""
        reasons = self.reasons_against(ContractTool.ALTER)
        return self._move(reasons, due=due, payment_profile_id=payment_profile_id)

    def with_item(self, item: ContractItem) -> "Contract":
        """With this item, in place of the one with the same id if there is one (CTR-02)."""
        others = [item if known.id == item.id else known for known in self.items]
        added = others if self.item(item.id) is not None else [*others, item]
        reasons = self.reasons_against(ContractTool.ALTER)
        reasons += _differing("meters", differing_initial_value([item], self.definitions))
        return self._move(reasons, items=tuple(added))

    def with_definition(self, definition: ChargeDefinition) -> "Contract":
        """With this version of a definition from its start of validity. It replaces the versions that start on that day
        or later, and the version before it ends on that day. The version number is set here.

        The caller checks whether a closing was frozen with the versions that it replaces (`service.put_definition`).
        """
        reasons = self.reasons_against(ContractTool.ALTER)
        reasons += _differing("initial_meter_value", differing_initial_value(self.items, [definition]))
        if definition.item_id is not None and self.item(definition.item_id) is None:
            message = "A definição é de um item que não está no contrato."
            reasons.append(Refusal("contract.definition_item", message, field="item_id"))
        versions = [d for d in self.definitions if d.definition_id == definition.definition_id]
        others = tuple(d for d in self.definitions if d.definition_id != definition.definition_id)
        if not versions:
            return self._move(reasons, definitions=(*others, definition.evolve(version=1)))
        *older, last = sorted(versions, key=lambda d: d.version)
        kept = [d for d in (*older, last) if d.valid_from < definition.valid_from]
        if kept and (kept[-1].valid_until is None or kept[-1].valid_until > definition.valid_from):
            kept[-1] = kept[-1].evolve(valid_until=definition.valid_from)
        newest = definition.evolve(version=last.version + 1)
        return self._move(reasons, definitions=(*others, *kept, newest))

    def reasons_against(self, tool: ContractTool) -> list[Refusal]:
        """Why the contract's state does not allow this tool; each command checks its own dates and charges."""
        if tool is ContractTool.ALTER:
            return [self._is_in(self.state, "alterado")] if self.state is ContractState.CANCELLED else []
        step = STEPS[tool]
        allowed = step.state in MOVES[self.state] and step.only in {None, self.state}
        return [] if allowed else [self._is_in(self.state, step.done)]

    def _is_in(self, state: ContractState, done: str) -> Refusal:
        return Refusal(
            f"contract.{state}",
            f"O contrato {self.number} está com a situação {state.label} e não pode ser {done}.",
        )

    def _move(self, reasons: list[Refusal], **changes: Any) -> "Contract":
        if reasons:
            raise Refused.because(reasons)
        return self.evolve(**changes)


_HOW_TO_CHANGE = {
    "due": "use a troca de vencimento, que leva junto as contas em aberto.",
    "payment_profile_id": "use a troca de profile, que leva junto as contas em aberto.",
}

FIXED_BY_ACTIVATION = (
    "mode",
    "starts_on",
    "cut_off_day",
    "due",
    "payment_profile_id",
    "horizon_months",
)
"""Terms that charges and closings of an activated contract already follow."""
