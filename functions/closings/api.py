"""Changes to closings over HTTP (CLO-01..CLO-08); also activating a contract, which starts its first closing (CTR-04),
and cancelling it, which removes what it booked ahead (CTR-03).

Closings are read by `closing_views`, which writes nothing.
"""

from pydantic import Field

from billing.access.model import Permission
from billing.closings import service, unfreezing
from billing.closings.ending import EndedContract
from billing.closings.model import (
    ChargeRequest,
    Closing,
    FreezeRequest,
    NewAdjustment,
    NewNote,
)
from billing.contracts.model import Contract, Why
from billing.core.entity import Entity
from billing.core.period import Day
from billing.entry.http import Api

api = Api("closings")
handler = api.handle
TAGS = ["Fechamentos"]


class Activation(Entity):
    on: Day = Field(examples=["2026-03-20"])
    """Dia a partir do qual o contrato passa a valer."""
    books_ahead: bool = True
    """Gera as parcelas do carnê; false remove a instrução de aguardando ativação sem gerar, e o contrato passa a ser
    cobrado mês a mês."""


@api.put(
    "/customers/<customer_id>/contracts/<contract_id>/activation",
    summary="Ativa o contrato: inicia o primeiro fechamento e gera as parcelas do carnê",
    tags=["Contratos"],
)
def activate_contract(customer_id: str, contract_id: str, activation: Activation) -> Contract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.activate(
        call,
        customer_id,
        contract_id,
        api.if_match,
        activation.on,
        books_ahead=activation.books_ahead,
    )


@api.put(
    "/customers/<customer_id>/contracts/<contract_id>/cancellation",
    summary="Cancela o contrato e remove as parcelas do carnê depois do fim que ainda não foram faturadas",
    tags=["Contratos"],
)
def cancel_contract(customer_id: str, contract_id: str, why: Why) -> EndedContract:
    call = api.call(Permission.CONTRACTS_WRITE)
    return service.cancel(call, customer_id, contract_id, api.if_match, why)


@api.post(
    "/customers/<customer_id>/closings/<closing_id>/computations",
    summary="Calcula de novo o fechamento com o que se sabe agora",
    tags=TAGS,
)
def compute_closing(customer_id: str, closing_id: str) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.refresh(call, customer_id, closing_id)


@api.post(
    "/customers/<customer_id>/closings/<closing_id>/adjustments",
    status_code=201,
    summary="Adiciona um acréscimo ou desconto",
    tags=TAGS,
)
def add_closing_adjustment(customer_id: str, closing_id: str, adjustment: NewAdjustment) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.adjust(call, customer_id, closing_id, adjustment)


@api.delete(
    "/customers/<customer_id>/closings/<closing_id>/adjustments/<adjustment_id>",
    summary="Exclui um acréscimo ou desconto",
    tags=TAGS,
)
def remove_closing_adjustment(customer_id: str, closing_id: str, adjustment_id: str) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.remove_adjustment(call, customer_id, closing_id, api.if_match, adjustment_id)


@api.post(
    "/customers/<customer_id>/closings/<closing_id>/notes",
    status_code=201,
    summary="Adiciona uma observação",
    tags=TAGS,
)
def add_closing_note(customer_id: str, closing_id: str, note: NewNote) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.note(call, customer_id, closing_id, note)


@api.put(
    "/customers/<customer_id>/closings/<closing_id>/freeze",
    summary="Congela o fechamento; com confirm, ignora as pendências",
    tags=TAGS,
)
def freeze_closing(customer_id: str, closing_id: str, request: FreezeRequest) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.freeze(call, customer_id, closing_id, api.if_match, request)


@api.delete(
    "/customers/<customer_id>/closings/<closing_id>/freeze",
    summary="Descongela o fechamento congelado mais recente do contrato",
    tags=TAGS,
)
def unfreeze_closing(customer_id: str, closing_id: str) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return unfreezing.unfreeze(call, customer_id, closing_id, api.if_match)


@api.put(
    "/customers/<customer_id>/closings/<closing_id>/charge",
    summary="Registra a cobrança: congela o fechamento pelo valor a ser cobrado",
    tags=TAGS,
)
def charge_closing(customer_id: str, closing_id: str, request: ChargeRequest) -> Closing:
    call = api.call(Permission.CLOSINGS_FREEZE)
    return service.charge(call, customer_id, closing_id, api.if_match, request)
