"""Remittances and returns of the caller's companies (SEC-02), and the inspector, which shows a file record by record:
what each column means and what cannot be read.
"""

from collections.abc import Iterable

from billing.access.call import Call
from billing.bank_files import store
from billing.bank_files.model import Remittance, ReturnFile
from billing.banking.inspect import LENGTH_FAULT, InspectedLine, inspect_part
from billing.banking.store import get_profile_for, profiles, profiles_for
from billing.core.entity import Entity
from billing.core.files import Files

MOST_LINES = 100
"""The most lines in one answer."""


class FileField(Entity):
    """Um campo de um registro, como está no arquivo."""

    name: str
    columns: str
    """De que coluna a que coluna, a partir de 1."""
    value: str
    is_wrong: bool = False
    """O que está nas colunas não é o que o layout diz que o campo é."""


class FileRecord(Entity):
    """Uma linha do arquivo; sem `record`, nenhum layout conhecido a descreve, e `text` a mostra."""

    line: int
    record: str | None = None
    source: str | None = None
    """De onde é a descrição: o manual, versão e página."""
    fields: tuple[FileField, ...] = ()
    has_wrong_length: bool = False
    """A linha tem mais ou menos colunas do que o registro."""
    text: str


class FileRecords(Entity):
    """Uma parte do arquivo, na ordem das linhas."""

    items: tuple[FileRecord, ...]
    next_line: int | None = None
    """Por onde continuar, em `first`; ausente no fim do arquivo."""


def remittances_for(call: Call, profile_id: str) -> list[Remittance]:
    """Newest first. Raises NotFound, Forbidden."""
    return store.remittances(call.tenant_id, get_profile_for(call, profile_id).id)


def remittance_for(call: Call, profile_id: str, sequence: int) -> Remittance:
    """Raises NotFound, Forbidden for a profile of a company that the caller does not work for."""
    return store.get_remittance(call.tenant_id, get_profile_for(call, profile_id).id, sequence)


def returns_for(call: Call) -> list[ReturnFile]:
    """Returns for accounts of the caller's companies, and those with an unknown account; newest first."""
    mine = {None, *(profile.id for profile in profiles_for(call))}
    own_returns = [returned for returned in store.returns(call.tenant_id) if returned.profile_id in mine]
    return sorted(own_returns, key=lambda returned: (returned.received_at, returned.id), reverse=True)


def return_for(call: Call, return_id: str) -> ReturnFile:
    """Raises NotFound, Forbidden for a return of an account of a company that the caller does not work for."""
    returned = store.get_return(call.tenant_id, return_id)
    if returned.profile_id is not None:
        get_profile_for(call, returned.profile_id)
    return returned


def of_remittance(
    call: Call, files: Files, profile_id: str, sequence: int, *, first: int, count: int
) -> FileRecords:
    """Raises NotFound, Forbidden."""
    remittance = remittance_for(call, profile_id, sequence)
    return _part(files.chunks(store.file_key(call.tenant_id, remittance)), first, count)


def of_return(call: Call, files: Files, return_id: str, *, first: int, count: int) -> FileRecords:
    """Also for a refused file. Raises NotFound, and Forbidden if it is, or may be, another company's."""
    returned = return_for(call, return_id)
    if returned.profile_id is None:
        for profile in profiles(call.tenant_id):
            call.require_company(profile.company_id)
    return _part(files.chunks(store.return_key(call.tenant_id, returned.id)), first, count)


def _part(chunks: Iterable[bytes], first: int, count: int) -> FileRecords:
    seen = list(inspect_part(chunks, first=first, count=count + 1))
    following = seen[count].number if len(seen) > count else None
    return FileRecords(items=tuple(map(_record, seen[:count])), next_line=following)


def _record(seen: InspectedLine) -> FileRecord:
    if seen.record is None:
        return FileRecord(line=seen.number, text=seen.line)
    return FileRecord(
        line=seen.number,
        record=seen.record.name,
        source=seen.record.source,
        fields=tuple(
            FileField(
                name=field.name,
                columns=field.columns,
                value=seen.line[field.start - 1 : field.end].rstrip(),
                is_wrong=field.name in seen.faults,
            )
            for field in seen.record.inputs
        ),
        has_wrong_length=LENGTH_FAULT in seen.faults,
        text=seen.line,
    )
