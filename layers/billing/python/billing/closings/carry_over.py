"""The ledger of units that a contract's minimums billed and nobody used (retorno a zero, CHG-05), for reading.

Its rows are kept with each closing's figures; while a closing is not frozen, its rows may still change.
"""

from billing.access.call import Call
from billing.closings import store
from billing.closings.figures import Carried
from billing.closings.model import Closing
from billing.contracts import store as contracts
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.money import Quantity
from billing.core.page import Page, cursor_at, number_in
from billing.core.period import Period
from billing.rating.carry_over import CarryOverKind
from billing.rating.units import written

CLOSINGS_A_PAGE = 12

_LABELS = {
    CarryOverKind.STORED: "Guardado: uso abaixo do mínimo",
    CarryOverKind.TAKEN: "Compensado: uso acima do mínimo",
    CarryOverKind.LOST: "Perdido: fim do contrato",
}


class CarryOverRow(Entity):
    """Um movimento do saldo de mínimo; a soma deles é o saldo."""

    closing_id: str
    period: Period
    is_frozen: bool
    """Enquanto o fechamento não é congelado, o movimento pode mudar."""
    definition_id: str
    description: str
    item_id: str | None = None
    item: str | None = None
    unit: str | None = None
    kind: CarryOverKind
    kind_label: str
    units: Quantity
    """O que entrou; negativo, o que saiu."""
    balance: Quantity
    """Saldo depois do movimento."""


def ledger(call: Call, customer_id: str, contract_id: str, cursor: str | None) -> Page[CarryOverRow]:
    """The movements of a contract, the newest closing first. Raises NotFound, Forbidden."""
    contract = contracts.get_for(call, customer_id, contract_id)
    computed = [
        closing
        for closing in store.closings_of(call.tenant_id, customer_id)
        if closing.contract_id == contract_id and closing.pages
    ]
    this = f"{call.tenant_id}#carry_over#{contract_id}"
    first = number_in(this, cursor)
    until = first + CLOSINGS_A_PAGE
    return Page[CarryOverRow](
        items=tuple(
            row
            for closing in computed[first:until]
            for row in rows(
                contract,
                closing,
                store.figures(call.tenant_id, customer_id, closing.id, closing.pages).carried,
            )
        ),
        next_cursor=cursor_at(this, until) if until < len(computed) else None,
    )


def rows(contract: Contract, closing: Closing, carried: tuple[Carried, ...]) -> tuple[CarryOverRow, ...]:
    definitions = {entry.definition_id: entry for entry in contract.definitions}
    lines = []
    for entry in carried:
        item, definition = contract.item(entry.item_id or ""), definitions[entry.definition_id]
        lines.append(
            CarryOverRow(
                **dict(entry),
                closing_id=closing.id,
                period=closing.period,
                is_frozen=closing.is_frozen,
                description=definition.title,
                item=None if item is None else item.description,
                unit=written(definition.usage_unit),
                kind_label=_LABELS[entry.kind],
            )
        )
    return tuple(lines)
