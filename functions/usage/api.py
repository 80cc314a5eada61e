"""Usage, readings, transactions and utility bills over HTTP (USE-01..USE-04, USE-07)."""

from operator import attrgetter
from typing import Annotated, Any

from aws_lambda_powertools.event_handler.openapi.params import Path, Query
from pydantic import Field

from billing.access.model import Permission
from billing.audit.batches import BatchAnswer
from billing.catalog import store as items
from billing.core.entity import Entity
from billing.core.ids import content_hash
from billing.core.names import with_names
from billing.core.page import MAX_PAGE, Page, part_of
from billing.core.period import Day, Month
from billing.core.text import Cursor, Id, Line
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.http import Api, DryRun, ListCursor
from billing.entry.messages import field_error
from billing.members import store as members
from billing.rating.units import UnitCode
from billing.runs import store as runs
from billing.usage import chart, file_imports, metering, service, utility_bills, work
from billing.usage.bills import NewUtilityBill, UtilityBill, bills_of
from billing.usage.chart import UsageChart
from billing.usage.entry_pages import page_of_entries
from billing.usage.events import ReadingEvent, TransactionEvent, UsageEvent
from billing.usage.file_imports import ImportLine, ImportUpload, NewImport, UsageImport
from billing.usage.imports import MAX_EVENTS
from billing.usage.model import NewUsageEntry, OpenMonths, UsageEntry
from billing.usage.readings import MeterDay, NewReading, Reading, Shown
from billing.usage.transactions import Transaction

api = Api("usage")
handler = api.handle
USAGE = ["Consumo"]
READINGS = ["Leituras"]
TRANSACTIONS = ["Transações"]
FILES = ["Importações de arquivos"]


class UsageBatch(Entity):
    """Cada linha é aceita, já conhecida ou recusada por si; a que não pode ser lida é recusada com o motivo."""

    events: tuple[Annotated[UsageEvent | dict[str, Any], Field(union_mode="left_to_right")], ...] = Field(
        min_length=1, max_length=MAX_EVENTS
    )


class ReadingBatch(Entity):
    """Cada linha é aceita, já conhecida ou recusada por si; a que não pode ser lida é recusada com o motivo."""

    readings: tuple[Annotated[ReadingEvent | dict[str, Any], Field(union_mode="left_to_right")], ...] = Field(
        min_length=1, max_length=MAX_EVENTS
    )


class TransactionBatch(Entity):
    """Cada linha é aceita, já conhecida ou recusada por si; a que não pode ser lida é recusada com o motivo."""

    transactions: tuple[
        Annotated[TransactionEvent | dict[str, Any], Field(union_mode="left_to_right")], ...
    ] = Field(min_length=1, max_length=MAX_EVENTS)


class UtilityBillBatch(Entity):
    """Cada linha é aceita, já conhecida ou recusada por si; a que não pode ser lida é recusada com o motivo."""

    bills: tuple[Annotated[NewUtilityBill | dict[str, Any], Field(union_mode="left_to_right")], ...] = Field(
        min_length=1, max_length=MAX_EVENTS
    )


@api.get("/customers/<customer_id>/usage/months", summary="Lista os meses abertos a lançamentos", tags=USAGE)
def list_open_months(customer_id: str) -> OpenMonths:
    call = api.call(Permission.USAGE_READ)
    return service.open_months(call, customer_id)


@api.get(
    "/customers/<customer_id>/usage/chart",
    summary="O uso de até 10 itens nos meses com fatura finalizada",
    tags=USAGE,
)
def get_chart(
    customer_id: str,
    items: Annotated[
        list[Id] | None, Query(max_length=100, description="Itens de faturamento, no máximo 10.")
    ] = None,
    last: Annotated[Month | None, Query(description="O último dos doze meses; sem ele, o que corre.")] = None,
) -> UsageChart:
    call = api.call(Permission.USAGE_READ)
    return chart.chart(call, customer_id, items or (), last)


@api.get("/customers/<customer_id>/usage", summary="Lista os lançamentos de um mês", tags=USAGE)
def list_usage_entries(
    customer_id: str,
    month: Annotated[Month, Query(description="Mês de consumo.")],
    limit: Annotated[int, Query(ge=1, le=MAX_PAGE, description="Itens por página.")] = MAX_PAGE,
    cursor: Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")] = None,
) -> Page[UsageEntry]:
    call = api.call(Permission.USAGE_READ)
    page = page_of_entries(call.tenant_id, customer_id, month, limit=limit, cursor=cursor)
    return with_names(call.tenant_id, page, items.NAMES, customers.NAMES)


@api.post("/customers/<customer_id>/usage", status_code=201, summary="Lança um consumo", tags=USAGE)
def add_usage_entry(customer_id: str, entry: NewUsageEntry) -> UsageEntry:
    call = api.call(Permission.USAGE_WRITE)
    return service.add_entry(call, customer_id, entry)


@api.delete("/customers/<customer_id>/usage/<month>/<usage_id>", summary="Exclui um lançamento", tags=USAGE)
def remove_usage_entry(customer_id: str, month: Annotated[Month, Path()], usage_id: str) -> UsageEntry:
    call = api.call(Permission.USAGE_WRITE)
    return service.remove(call, customer_id, month, usage_id, api.if_match)


@api.post("/usage/batch", summary="Importa eventos de volumetria, cada um contado uma vez", tags=USAGE)
def import_usage(batch: UsageBatch, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.USAGE_WRITE, dry_run=dry_run)
    return service.import_events(call, batch.events, field_error)


@api.get("/customers/<customer_id>/readings", summary="Lista as leituras de um medidor", tags=READINGS)
def list_readings(
    customer_id: str,
    item_id: Annotated[Id, Query(description="Item de contrato.")],
    unit: Annotated[UnitCode, Query(description="Unidade do medidor.")],
    cursor: ListCursor = None,
) -> Page[Reading]:
    call = api.call(Permission.USAGE_READ)
    this = f"{call.tenant_id}#readings#{customer_id}#{item_id}#{unit}"
    part, following = part_of(this, metering.listed(call, customer_id, item_id, unit), cursor)
    return Page[Reading](items=part, next_cursor=following)


@api.post("/customers/<customer_id>/readings", status_code=201, summary="Registra uma leitura", tags=READINGS)
def record_reading(customer_id: str, reading: NewReading) -> Reading:
    call = api.call(Permission.USAGE_WRITE)
    return metering.record(call, customer_id, reading)


@api.put(
    "/customers/<customer_id>/readings/<item_id>/<unit>/<on>", summary="Corrige uma leitura", tags=READINGS
)
def correct_reading(
    customer_id: str,
    item_id: str,
    unit: Annotated[UnitCode, Path()],
    on: Annotated[Day, Path()],
    shown: Shown,
) -> Reading:
    call = api.call(Permission.USAGE_WRITE)
    meter_day = MeterDay(item_id=item_id, unit=unit, on=on)
    return metering.correct(call, customer_id, meter_day, api.if_match, shown)


@api.post("/readings/batch", summary="Importa leituras da monitoração", tags=READINGS)
def import_readings(batch: ReadingBatch, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.USAGE_WRITE, dry_run=dry_run)
    return metering.import_readings(call, batch.readings, field_error)


@api.get(
    "/customers/<customer_id>/contracts/<contract_id>/transactions",
    summary="Lista as transações cobradas de um dia até antes de outro",
    tags=TRANSACTIONS,
)
def list_transactions(
    customer_id: str,
    contract_id: str,
    start: Annotated[Day, Query(description="Primeiro dia de cobrança.")],
    end: Annotated[Day, Query(description="Dia seguinte ao último.")],
    cursor: ListCursor = None,
) -> Page[Transaction]:
    call = api.call(Permission.USAGE_READ)
    this = f"{call.tenant_id}#transactions#{contract_id}#{start}#{end}"
    part, following = part_of(this, work.listed(call, customer_id, contract_id, start, end), cursor)
    return Page[Transaction](items=part, next_cursor=following)


@api.post(
    "/transactions/batch",
    summary="Importa transações de OS, vendas, combustível e energia, cada uma contada uma vez",
    tags=TRANSACTIONS,
)
def import_transactions(batch: TransactionBatch, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.USAGE_WRITE, dry_run=dry_run)
    return work.import_transactions(call, batch.transactions, field_error)


@api.get("/utility-bills", summary="Lista as contas de serviço público de uma origem", tags=TRANSACTIONS)
def list_utility_bills(
    source: Annotated[Line, Query(max_length=254, description="Origem da conta.")],
    cursor: ListCursor = None,
) -> Page[UtilityBill]:
    call = api.call(Permission.USAGE_READ)
    this = f"{call.tenant_id}#bills#{content_hash(source.encode())}"
    part, following = part_of(this, bills_of(call.tenant_id, source), cursor, key=attrgetter("month"))
    return Page[UtilityBill](items=part, next_cursor=following)


@api.post("/utility-bills/batch", summary="Importa contas de serviço público", tags=TRANSACTIONS)
def import_utility_bills(batch: UtilityBillBatch, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.USAGE_WRITE, dry_run=dry_run)
    return utility_bills.import_bills(call, batch.bills, field_error)


@api.put("/utility-bills", summary="Corrige a conta de uma origem e mês", tags=TRANSACTIONS)
def correct_utility_bill(bill: NewUtilityBill) -> UtilityBill:
    call = api.call(Permission.USAGE_WRITE)
    return utility_bills.correct(call, api.if_match, bill)


@api.post(
    "/usage-imports",
    status_code=201,
    summary="Pede um endereço para enviar um arquivo de consumo, leituras, transações ou contas",
    tags=FILES,
)
def upload_usage_file(new: NewImport) -> ImportUpload:
    call = api.call(Permission.USAGE_WRITE)
    return file_imports.offer_upload(call, wiring.files(), new)


@api.get("/usage-imports", summary="Lista as importações de arquivos, da mais nova à mais antiga", tags=FILES)
def list_usage_imports(cursor: Annotated[Cursor | None, Query()] = None) -> Page[UsageImport]:
    call = api.call(Permission.USAGE_READ)
    page = file_imports.imports_for(call, cursor)
    return with_names(call.tenant_id, page, companies.NAMES, members.NAMES, runs.NAMES)


@api.get("/usage-imports/<import_id>", summary="Acompanha uma importação", tags=FILES)
def get_usage_import(import_id: str) -> UsageImport:
    call = api.call(Permission.USAGE_READ)
    return file_imports.get_for(call, import_id)


@api.get(
    "/usage-imports/<import_id>/lines",
    summary="Lista as linhas que não foram aceitas, com o motivo",
    tags=FILES,
)
def list_usage_import_lines(
    import_id: str, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[ImportLine]:
    call = api.call(Permission.USAGE_READ)
    return file_imports.lines_of(call, wiring.files(), import_id, cursor)
