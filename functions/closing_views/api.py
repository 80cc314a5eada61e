"""Reading closings over HTTP (CLO-02, CLO-03, CLO-09): a function of its own, which may not write to any of them."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.audit.history import History
from billing.closings import carry_over, store, views
from billing.closings.carry_over import CarryOverRow
from billing.closings.lines import Line
from billing.closings.states import ClosingStatus
from billing.closings.views import ClosingDetail, ClosingFilter, ClosingSummary, MonthOfClosings, Timeline
from billing.core.page import Page
from billing.core.period import Month
from billing.core.text import Cursor, Id
from billing.entry.histories import history_page
from billing.entry.http import Api, ListCursor

api = Api("closing_views")
handler = api.handle
TAGS = ["Fechamentos"]


FilterId = Annotated[Id | None, Query(min_length=1, max_length=60)]
Pending = Annotated[bool | None, Query(description="Só os que têm pendências, ou só os que não têm.")]


@api.get(
    "/closings/timeline",
    summary="Fechamentos iniciados por mês: quantos, o total, os congelados e os que têm pendências",
    tags=TAGS,
)
def get_closing_timeline(
    first: Annotated[Month, Query()],
    last: Annotated[Month, Query()],
    company_id: FilterId = None,
    customer_id: FilterId = None,
    contract_id: FilterId = None,
    pending: Pending = None,
) -> Timeline:
    call = api.call(Permission.CLOSINGS_READ)
    return views.timeline(call, first, last, ClosingFilter(company_id, customer_id, contract_id, pending))


@api.get("/closings", summary="Lista os fechamentos iniciados no mês, com quantidade e total", tags=TAGS)
def list_closings(
    month: Annotated[Month, Query()],
    status: Annotated[ClosingStatus | None, Query()] = None,
    company_id: FilterId = None,
    customer_id: FilterId = None,
    contract_id: FilterId = None,
    pending: Pending = None,
    cursor: Annotated[Cursor | None, Query()] = None,
) -> MonthOfClosings:
    call = api.call(Permission.CLOSINGS_READ)
    criteria = ClosingFilter(company_id, customer_id, contract_id, pending)
    return views.month_of_closings(call, month, status, cursor, criteria)


@api.get("/customers/<customer_id>/closings", summary="Lista os fechamentos do cliente", tags=TAGS)
def list_customer_closings(customer_id: str, cursor: ListCursor = None) -> Page[ClosingSummary]:
    call = api.call(Permission.CLOSINGS_READ)
    return views.of_customer(call, customer_id, cursor)


@api.get(
    "/customers/<customer_id>/closings/<closing_id>",
    summary="Detalha o fechamento: itens, custos fixos, acréscimos e descontos, observações e pendências",
    tags=TAGS,
)
def get_closing(customer_id: str, closing_id: str) -> ClosingDetail:
    call = api.call(Permission.CLOSINGS_READ)
    return views.detail(call, customer_id, closing_id)


@api.get(
    "/customers/<customer_id>/closings/<closing_id>/history",
    summary="Tudo o que aconteceu com um fechamento",
    tags=TAGS,
)
def get_closing_history(customer_id: str, closing_id: str, cursor: ListCursor = None) -> History:
    call = api.call(Permission.CLOSINGS_READ)
    return history_page(call, store.history_of(call, customer_id, closing_id), cursor)


@api.get(
    "/customers/<customer_id>/closings/<closing_id>/lines",
    summary="Lista as linhas do fechamento, cada uma com o cálculo do valor",
    tags=TAGS,
)
def list_closing_lines(
    customer_id: str, closing_id: str, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[Line]:
    call = api.call(Permission.CLOSINGS_READ)
    return views.lines(call, customer_id, closing_id, cursor)


@api.get(
    "/customers/<customer_id>/contracts/<contract_id>/carry-over",
    summary="Lista os movimentos do saldo de mínimo do contrato (retorno a zero), do fechamento mais novo ao mais antigo",
    tags=TAGS,
)
def list_carry_over(
    customer_id: str, contract_id: str, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[CarryOverRow]:
    call = api.call(Permission.CLOSINGS_READ)
    return carry_over.ledger(call, customer_id, contract_id, cursor)
