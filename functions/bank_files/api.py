"""Remittances and returns over HTTP (BNK-04, BNK-05)."""

from billing.access.model import Permission
from billing.bank_files import store
from billing.bank_files.model import OccurrenceRow, Remittance, ReturnFile
from billing.banking.store import get_profile
from billing.core.entity import Entity
from billing.core.errors import NotFound
from billing.core.ids import new_id
from billing.core.page import Page
from billing.entry import wiring
from billing.entry.http import Api

api = Api("bank_files")
handler = api.handle
REMITTANCES = ["Remessas"]
RETURNS = ["Retornos"]


class FileLink(Entity):
    """Um endereço que vale por 15 minutos."""

    url: str


class ReturnUpload(FileLink):
    """Envie o arquivo com PUT para `url`; ele é processado quando chega."""

    key: str


class Lines(Entity):
    """Cada ocorrência do arquivo, com o que foi feito dela."""

    items: tuple[OccurrenceRow, ...]


@api.get(
    "/payment-profiles/<profile_id>/remittances",
    summary="Lista as remessas de um profile, da mais nova à mais antiga",
    tags=REMITTANCES,
)
def list_remittances(profile_id: str) -> Page[Remittance]:
    call = api.call(Permission.BANKING_READ)
    profile = get_profile(call.tenant_id, profile_id)
    return Page[Remittance](items=tuple(store.remittances(call.tenant_id, profile.id)))


@api.get(
    "/payment-profiles/<profile_id>/remittances/<sequence>/file",
    summary="Endereço para baixar o arquivo de remessa",
    tags=REMITTANCES,
)
def download_remittance(profile_id: str, sequence: int) -> FileLink:
    call = api.call(Permission.BANKING_REMIT)
    for remittance in store.remittances(call.tenant_id, profile_id):
        if remittance.sequence == sequence:
            key = store.file_key(call.tenant_id, remittance)
            return FileLink(url=wiring.files().download_url(key, remittance.file_name))
    raise NotFound("remittance.missing", "A remessa não existe.")


@api.post(
    "/bank-returns",
    status_code=201,
    summary="Pede um endereço para enviar um arquivo de retorno",
    tags=RETURNS,
)
def upload_return() -> ReturnUpload:
    call = api.call(Permission.BANKING_RETURN)
    key = f"returns/{call.tenant_id}/{new_id('up')}.ret"
    return ReturnUpload(url=wiring.files().upload_url(key), key=key)


@api.get("/bank-returns", summary="Lista os arquivos de retorno", tags=RETURNS)
def list_returns() -> Page[ReturnFile]:
    call = api.call(Permission.BANKING_READ)
    newest_first = sorted(store.returns(call.tenant_id), key=lambda r: (r.received_at, r.id), reverse=True)
    return Page[ReturnFile](items=tuple(newest_first[:100]))


@api.get("/bank-returns/<return_id>", summary="Resumo de um arquivo de retorno", tags=RETURNS)
def get_return(return_id: str) -> ReturnFile:
    call = api.call(Permission.BANKING_READ)
    return store.get_return(call.tenant_id, return_id)


@api.get(
    "/bank-returns/<return_id>/lines", summary="Cada linha do retorno e o que foi feito dela", tags=RETURNS
)
def list_lines(return_id: str) -> Lines:
    call = api.call(Permission.BANKING_READ)
    store.get_return(call.tenant_id, return_id)
    return Lines(items=tuple(store.lines(call.tenant_id, return_id)))
