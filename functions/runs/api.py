"""Runs over HTTP: follow, cancel, start again (PLT-04), and start the monthly closing or a remittance. The other runs
are started by their own contexts.

Long work answers 202 with the run to follow.
"""

from operator import attrgetter
from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.bank_files import remittances
from billing.bank_files.model import RemittanceRequest
from billing.banking import store as profiles
from billing.closings import starting
from billing.closings.starting import ClosingsRequest
from billing.core.entity import Entity
from billing.core.ids import ids_within
from billing.core.names import names_of, with_names
from billing.core.page import MAX_PAGE, Page, part_of
from billing.core.text import Cursor
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.dispatch import store as messages
from billing.entry import wiring
from billing.entry.http import Api, ListCursor
from billing.entry.launching import relaunch
from billing.members import store as members
from billing.runs import service, store
from billing.runs.kinds import RunKind
from billing.runs.model import Parked, Run, RunProgress, RunStatus

api = Api("runs", relaunch)
handler = api.handle
TAGS = ["Execuções"]


class ParkedList(Entity):
    """O que ficou de fora, com o motivo; o resto seguiu."""

    items: tuple[Parked, ...]
    next_cursor: str | None = None
    """Envie em `cursor` para ler a página seguinte; ausente na última."""
    names: dict[str, str] = {}
    """Os nomes dos clientes que estão nas chaves."""


@api.post("/runs/remittances", status_code=202, summary="Gera o arquivo de remessa", tags=TAGS)
def start_remittance(request: RemittanceRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.BANKING_REMIT)
    return remittances.start(call, wiring.processes(), request)


@api.post(
    "/runs/closings",
    status_code=202,
    summary="Processa os fechamentos do dia das empresas de quem pede",
    tags=TAGS,
)
def start_closings(request: ClosingsRequest) -> Run:
    call = api.call(Permission.RUNS_START, Permission.CLOSINGS_FREEZE)
    return starting.start_closings(call, wiring.processes(), request)


@api.get("/runs", summary="Lista as execuções, das mais novas às mais antigas", tags=TAGS)
def list_runs(
    kind: Annotated[RunKind | None, Query(description="Só deste tipo.")] = None,
    status: Annotated[RunStatus | None, Query(description="Só nesta situação.")] = None,
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Execuções por página.")] = MAX_PAGE,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[Run]:
    call = api.call(Permission.RUNS_READ)
    page = store.runs_for(call, kind=kind, status=status, limit=limit, cursor=cursor)
    sources = members.NAMES, companies.NAMES, profiles.NAMES, messages.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get("/runs/<run_id>", summary="Acompanha uma execução", tags=TAGS)
def get_run(run_id: str) -> RunProgress:
    call = api.call(Permission.RUNS_READ)
    return service.progress(call.tenant_id, store.get_for(call, run_id))


@api.get("/runs/<run_id>/parked", summary="Lista o que ficou de fora e por quê", tags=TAGS)
def list_parked(run_id: str, cursor: ListCursor = None) -> ParkedList:
    call = api.call(Permission.RUNS_READ)
    run = store.get_for(call, run_id)
    this = f"{call.tenant_id}#parked#{run.id}"
    parked, following = part_of(
        this, service.parked_of(call.tenant_id, run.id), cursor, key=attrgetter("key")
    )
    ids = {id_ for one in parked for id_ in ids_within(one.key)}
    names = names_of(call.tenant_id, ids, customers.NAMES)
    return ParkedList(items=parked, next_cursor=following, names=names)


@api.post("/runs/<run_id>/cancel", status_code=202, summary="Cancela uma execução", tags=TAGS)
def cancel_run(run_id: str) -> Run:
    call = api.call(Permission.RUNS_START)
    if service.to_change(call, run_id).kind is RunKind.REMITTANCE:
        return remittances.cancel(call, wiring.processes(), run_id)
    return service.cancel(call, run_id)


@api.post("/runs/<run_id>/start-again", status_code=202, summary="Inicia de novo; converge", tags=TAGS)
def start_run_again(run_id: str) -> Run:
    call = api.call(Permission.RUNS_START)
    return service.start_again(call, wiring.processes(), run_id)
