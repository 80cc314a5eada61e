"""Remittances, instructions and returns over HTTP (BNK-04, BNK-05, INV-03, INV-12, BEY-13)."""

from typing import Annotated

from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.audit.batches import BatchAnswer
from billing.bank_files import ending, instructions, preview, records, returns, store
from billing.bank_files.ending import WrittenOffReport
from billing.bank_files.instruction import InstructionRequest, OfferedMovement, TitleInstruction
from billing.bank_files.instructions import Resending, Withdrawal
from billing.bank_files.model import OccurrenceRow, Remittance, ReturnFile
from billing.bank_files.preview import RejectedTitles, RemittancePreview
from billing.bank_files.records import MOST_LINES, FileRecords, RemittanceTitle
from billing.bank_files.returns import ReturnUpload
from billing.banking import store as profiles
from billing.core.entity import Entity
from billing.core.files import Link
from billing.core.names import with_names
from billing.core.page import Page, part_of
from billing.core.period import Day
from billing.core.text import Cursor, Line
from billing.customers import company_store as companies
from billing.customers import store as customers
from billing.entry import wiring
from billing.entry.http import Api, DryRun, ListCursor
from billing.members import store as members
from billing.runs import store as run_store

api = Api("bank_files")
handler = api.handle
REMITTANCES = ["Remessas"]
RETURNS = ["Retornos"]
INSTRUCTIONS = ["Instruções ao banco"]

DueFrom = Annotated[Day, Query(description="Primeiro vencimento, inclusive.")]
DueTo = Annotated[Day, Query(description="Último vencimento, inclusive; até 366 dias.")]
FirstLine = Annotated[int, Query(ge=1, le=10_000_000, description="Primeira linha, a partir de 1.")]
LineCount = Annotated[int, Query(ge=1, le=MOST_LINES, description="Quantas linhas.")]


class Offered(Entity):
    """As instruções que o banco aceita sobre o boleto."""

    items: tuple[OfferedMovement, ...]


@api.get(
    "/payment-profiles/<profile_id>/remittances",
    summary="Lista as remessas de um profile, da mais nova à mais antiga",
    tags=REMITTANCES,
)
def list_remittances(profile_id: str, cursor: ListCursor = None) -> Page[Remittance]:
    call = api.call(Permission.BANKING_READ)
    this = f"{call.tenant_id}#remittances#{profile_id}"
    part, following = part_of(this, records.remittances_for(call, profile_id), cursor)
    page = Page[Remittance](items=part, next_cursor=following)
    return with_names(call.tenant_id, page, profiles.NAMES, companies.NAMES, run_store.NAMES)


@api.get(
    "/payment-profiles/<profile_id>/remittances/<sequence>/titles",
    summary="Lista os boletos e as instruções de uma remessa, como estão agora, e o que ficou de fora dela",
    tags=REMITTANCES,
)
def list_remittance_titles(
    profile_id: str, sequence: int, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[RemittanceTitle]:
    call = api.call(Permission.BANKING_READ)
    page = records.titles_for(call, wiring.files(), profile_id, sequence, cursor)
    return with_names(call.tenant_id, page, customers.NAMES)


@api.get(
    "/payment-profiles/<profile_id>/remittances/<sequence>/file",
    summary="Endereço para baixar o arquivo de remessa",
    tags=REMITTANCES,
)
def download_remittance(profile_id: str, sequence: int) -> Link:
    call = api.call(Permission.BANKING_REMIT)
    remittance = records.remittance_for(call, profile_id, sequence)
    key = store.file_key(call.tenant_id, remittance)
    return Link(url=wiring.files().download_url(key, remittance.file_name))


@api.get(
    "/payment-profiles/<profile_id>/remittances/<sequence>/records",
    summary="Uma parte do arquivo de remessa, campo a campo",
    tags=REMITTANCES,
)
def inspect_remittance(
    profile_id: str, sequence: int, first: FirstLine = 1, count: LineCount = MOST_LINES
) -> FileRecords:
    call = api.call(Permission.BANKING_READ)
    return records.of_remittance(call, wiring.files(), profile_id, sequence, first=first, count=count)


@api.get(
    "/payment-profiles/<profile_id>/remittance-preview",
    summary="Pré-conferência: o que iria na remessa e o que o banco recusaria, e por quê; sem efeito",
    tags=REMITTANCES,
)
def preview_remittance(profile_id: str, due_from: DueFrom, due_to: DueTo) -> RemittancePreview:
    call = api.call(Permission.BANKING_READ)
    return preview.preview(call, profile_id, due_from, due_to)


@api.get(
    "/payment-profiles/<profile_id>/rejected-titles",
    summary="Boletos que o banco rejeitou: motivos, campos a corrigir e o que ainda falta",
    tags=REMITTANCES,
)
def list_rejected_titles(
    profile_id: str, due_from: DueFrom, due_to: DueTo, cursor: ListCursor = None
) -> RejectedTitles:
    call = api.call(Permission.BANKING_READ)
    return preview.rejected(call, profile_id, due_from, due_to, cursor)


@api.post(
    "/bank-instructions",
    summary="Pede ao banco uma instrução sobre boletos registrados; vai na próxima remessa",
    tags=INSTRUCTIONS,
)
def ask_bank_instruction(request: InstructionRequest, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.BANKING_REMIT, dry_run=dry_run)
    return instructions.ask(call, request)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/instructions",
    summary="Instruções de uma fatura, do pedido à resposta do banco",
    tags=INSTRUCTIONS,
)
def list_bank_instructions(
    customer_id: str, invoice_id: str, cursor: ListCursor = None
) -> Page[TitleInstruction]:
    call = api.call(Permission.BANKING_READ)
    this = f"{call.tenant_id}#instructions#{invoice_id}"
    part, following = part_of(this, instructions.instructions_of(call, customer_id, invoice_id), cursor)
    page = Page[TitleInstruction](items=part, next_cursor=following)
    sources = customers.NAMES, companies.NAMES, profiles.NAMES, members.NAMES, run_store.NAMES
    return with_names(call.tenant_id, page, *sources)


@api.get(
    "/customers/<customer_id>/invoices/<invoice_id>/offered-instructions",
    summary="O que o banco aceita mudar no mesmo boleto, e o que impede agora",
    tags=INSTRUCTIONS,
)
def list_offered_instructions(customer_id: str, invoice_id: str) -> Offered:
    call = api.call(Permission.BANKING_READ)
    return Offered(items=instructions.offered(call, customer_id, invoice_id))


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/instructions/<instruction_id>/cancel",
    summary="Cancela uma instrução que ainda espera a remessa",
    tags=INSTRUCTIONS,
)
def cancel_bank_instruction(
    customer_id: str, invoice_id: str, instruction_id: str, withdrawal: Withdrawal
) -> TitleInstruction:
    call = api.call(Permission.BANKING_REMIT)
    return instructions.cancel(call, customer_id, invoice_id, instruction_id, withdrawal)


@api.post(
    "/customers/<customer_id>/invoices/<invoice_id>/instructions/<instruction_id>/send-again",
    summary="Devolve à fila uma instrução enviada cujo arquivo não chegou ao banco",
    tags=INSTRUCTIONS,
)
def send_instruction_again(
    customer_id: str, invoice_id: str, instruction_id: str, resending: Resending
) -> TitleInstruction:
    call = api.call(Permission.BANKING_REMIT)
    return instructions.send_again(call, customer_id, invoice_id, instruction_id, resending)


@api.post(
    "/customers/<customer_id>/invoices/report-written-off",
    summary="Informa que o banco baixou os boletos, pedido direto a ele, ou que nunca os teve",
    tags=INSTRUCTIONS,
)
def report_written_off(customer_id: str, report: WrittenOffReport, dry_run: DryRun = False) -> BatchAnswer:
    call = api.batch(Permission.BANKING_REMIT, dry_run=dry_run)
    return ending.report_written_off(call, customer_id, report)


@api.post(
    "/bank-returns",
    status_code=201,
    summary="Pede um endereço para enviar um arquivo de retorno",
    tags=RETURNS,
)
def upload_bank_return(
    file_name: Annotated[
        Line | None, Query(max_length=200, description="O nome do arquivo, como o banco o deu.")
    ] = None,
) -> ReturnUpload:
    call = api.call(Permission.BANKING_RETURN)
    return returns.offer_upload(call, wiring.files(), file_name)


@api.get("/bank-returns", summary="Lista os arquivos de retorno, do mais novo ao mais antigo", tags=RETURNS)
def list_bank_returns(cursor: Annotated[Cursor | None, Query()] = None) -> Page[ReturnFile]:
    call = api.call(Permission.BANKING_READ)
    page = records.returns_for(call, cursor)
    return with_names(call.tenant_id, page, profiles.NAMES, companies.NAMES, run_store.NAMES, members.NAMES)


@api.get("/bank-returns/<return_id>", summary="Resumo de um arquivo de retorno", tags=RETURNS)
def get_bank_return(return_id: str) -> ReturnFile:
    call = api.call(Permission.BANKING_READ)
    return records.return_for(call, return_id)


@api.get(
    "/bank-returns/<return_id>/lines", summary="Cada linha do retorno e o que foi feito dela", tags=RETURNS
)
def list_bank_return_lines(
    return_id: str, cursor: Annotated[Cursor | None, Query()] = None
) -> Page[OccurrenceRow]:
    call = api.call(Permission.BANKING_READ)
    return records.lines_for(call, return_id, cursor)


@api.get(
    "/bank-returns/<return_id>/records",
    summary="Uma parte do arquivo de retorno, campo a campo",
    tags=RETURNS,
)
def inspect_bank_return(return_id: str, first: FirstLine = 1, count: LineCount = MOST_LINES) -> FileRecords:
    call = api.call(Permission.BANKING_READ)
    return records.of_return(call, wiring.files(), return_id, first=first, count=count)
