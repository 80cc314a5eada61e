"""Remittances and returns of the caller's companies (SEC-02), and the inspector, which shows a file record by record:
what each column means and what cannot be read.
"""

from collections.abc import Iterable
from datetime import date

from billing.access.call import Call
from billing.bank_files import store
from billing.bank_files.model import OccurrenceRow, Remittance, RemittanceTitles, ReturnFile
from billing.banking.inspect import LENGTH_FAULT, InspectedLine, inspect_part
from billing.banking.store import get_profile_for, profiles, profiles_for
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.money import ZERO, Money
from billing.core.page import Page, cursor_at, newest_first, number_in
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.invoicing.store import find_invoices

MOST_LINES = 100
"""The most lines in one answer."""


class RemittanceTitle(Entity):
    """Um boleto de uma remessa, ou uma instrução sobre ele, como está agora; com `refusal`, ficou de fora."""

    customer_id: str
    invoice_id: str
    instruction: str | None = None
    """O que se pediu do boleto; ausente, o seu registro."""
    number: int
    due_on: date
    amount: Money
    status: InvoiceStatus
    remittance: RemittanceState
    refusal: str | None = None
    """Por que o banco o recusaria."""


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


def titles_for(
    call: Call, files: Files, profile_id: str, sequence: int, cursor: str | None
) -> Page[RemittanceTitle]:
    """What a remittance has, in the file's order, then what was left out. Raises NotFound, Forbidden, InvalidInput."""
    remittance = remittance_for(call, profile_id, sequence)
    pinned = store.find_titles(files, call.tenant_id, remittance.run_id) or RemittanceTitles(
        keys=(), total=ZERO
    )
    keys = [*pinned.keys, *pinned.refused]
    this = f"{call.tenant_id}#titles#{remittance.id}"
    start = number_in(this, cursor)
    page = keys[start : start + MOST_LINES]
    named = [key.split("/") for key in page]
    invoices = find_invoices(call.tenant_id, list(dict.fromkeys((one[0], one[1]) for one in named)))
    instructions = store.find_instructions(call.tenant_id, [key for key in page if key.count("/") == 2])
    return Page[RemittanceTitle](
        items=tuple(
            RemittanceTitle(
                customer_id=customer_id,
                invoice_id=invoice.id,
                instruction=instructions[key].name if key in instructions else None,
                number=invoice.number,
                due_on=invoice.due_on,
                amount=invoice.amount,
                status=invoice.status,
                remittance=invoice.remittance,
                refusal=pinned.refused.get(key),
            )
            for key, (customer_id, invoice_id, *_) in zip(page, named, strict=True)
            if (invoice := invoices.get(invoice_id)) is not None
        ),
        next_cursor=cursor_at(this, start + MOST_LINES) if start + MOST_LINES < len(keys) else None,
    )


def returns_for(call: Call, cursor: str | None = None) -> Page[ReturnFile]:
    """Returns for accounts of the caller's companies, and those with an unknown account; newest first."""
    mine = {None, *(profile.id for profile in profiles_for(call))}
    own_returns = (returned for returned in store.returns(call.tenant_id) if returned.profile_id in mine)
    items, following = newest_first(f"{call.tenant_id}#returns", own_returns, cursor)
    return Page[ReturnFile](items=items, next_cursor=following)


def lines_for(call: Call, return_id: str, cursor: str | None) -> Page[OccurrenceRow]:
    """A return's lines in the file's order. Raises NotFound, Forbidden, InvalidInput."""
    returned = return_for(call, return_id)
    this = f"{call.tenant_id}#lines#{returned.id}"
    following = store.lines(call.tenant_id, returned.id, after=number_in(this, cursor), limit=MOST_LINES + 1)
    page = following[:MOST_LINES]
    more = len(following) > MOST_LINES
    return Page[OccurrenceRow](
        items=tuple(page), next_cursor=cursor_at(this, page[-1].line_number) if more else None
    )


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
