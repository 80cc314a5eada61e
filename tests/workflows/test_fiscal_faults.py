"""Issuing and cancelling, cut off before and after every write and every call, with lost answers (FIS-01, FIS-04,
PLT-04)."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import count

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_authority.nfcom import AuthorisedNote
from billing.adapters.sandbox_authority.sefin import GeneratedNote
from billing.core.errors import Refused
from billing.fiscal import store
from billing.fiscal.cancellation import cancel
from billing.fiscal.document import DocumentState, FiscalModel
from billing.fiscal.issuance import issue
from billing.fiscal.ports import FiscalOffice
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from tests.support.aws import InProcessAws, put_back, state
from tests.support.cutting import Cut, count_writes, cut
from tests.support.fiscal_office import (
    NFSE_ALONE,
    InProcessAuthorities,
    InProcessSefin,
    authority_of,
    billed,
    changed,
    desk_of,
    office,
    sefin_of,
)

REASON = "Serviço não prestado ao cliente"
MODELS = (FiscalModel.NFCOM, FiscalModel.NFSE)


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture(params=MODELS)
def invoices(request: pytest.FixtureRequest, call: Call, files: S3Files) -> list[Invoice]:
    """Two, whose charges go in documents of one model."""
    billed_invoices = billed(call, files, 2)
    if request.param is FiscalModel.NFSE:
        changed(call, **NFSE_ALONE)
    return billed_invoices


def lose(at: FiscalOffice, count: int) -> None:
    """So many of the coming answers, of whichever authority is asked."""
    authority_of(at).loses_answers = sefin_of(at).loses_answers = count


def calls_made(at: FiscalOffice) -> int:
    assert isinstance(at.authorities, InProcessAuthorities)
    assert isinstance(at.sefin, InProcessSefin)
    return len(at.authorities.calls) + len(at.sefin.calls)


def standing(at: FiscalOffice) -> dict[str, DocumentState]:
    """What the authorities have, by key or by the declaration's id."""
    there = {"100": DocumentState.AUTHORISED, "101": DocumentState.CANCELLED}
    nfcoms = {key: there[note.situation] for key, note in authority_of(at).notes.items()}
    ended = {True: DocumentState.CANCELLED, False: DocumentState.AUTHORISED}
    nfses = {key: ended[note.cancellation is not None] for key, note in sefin_of(at).notes.items()}
    return nfcoms | nfses


def issue_both(call: Call, at: FiscalOffice, invoices: list[Invoice]) -> None:
    for invoice in invoices:
        issue(desk_of(call, at), invoice.customer_id, invoice.id)


def cancel_first(call: Call, at: FiscalOffice, invoices: list[Invoice]) -> None:
    [document] = store.documents_of(call.tenant_id, invoices[0].customer_id, invoices[0].id)
    cancel(desk_of(call, at), document, REASON)


def require_agreement(call: Call, at: FiscalOffice, invoices: list[Invoice]) -> None:
    """What is stored is what the authority has; nothing was received twice, and no number is missing."""
    documents = [
        document
        for invoice in invoices
        for document in store.documents_of(call.tenant_id, invoice.customer_id, invoice.id)
    ]
    assert [document.number for document in documents] == [1, 2]
    assert {document.key: document.state for document in documents} == standing(at)
    received = authority_of(at).received + sefin_of(at).received
    assert set(received.values()) == {1}
    for invoice, document in zip(invoices, documents, strict=True):
        now = invoicing.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)
        stands = document.state is DocumentState.AUTHORISED
        assert (now.locks, now.has_fiscal_document, now.is_documented) == ((), stands, stands)


def restarted(
    call: Call,
    at: FiscalOffice,
    invoices: list[Invoice],
    work: Callable[[Call, FiscalOffice, list[Invoice]], None],
) -> None:
    """An answer that is still lost in the second attempt is found out in the third."""
    if authority_of(at).loses_answers and sefin_of(at).loses_answers:
        work(call, at, invoices)
    for _ in range(2):
        work(call, at, invoices)
        require_agreement(call, at, invoices)


@pytest.mark.req("FIS-01", "FIS-02", "PLT-04")
@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_issuing_cut_off_at_any_write_converges(
    aws: InProcessAws, call: Call, files: S3Files, invoices: list[Invoice], moment: str, lost: int
) -> None:
    begun = state()
    writes = count_writes(aws, lambda: issue_both(call, office(call, files), invoices))
    assert writes >= 2 * 4
    for point in range(writes + lost):
        put_back(begun)
        at = office(call, files)
        lose(at, lost)
        with pytest.raises(Cut), cut(aws, point, moment):
            issue_both(call, at, invoices)
        restarted(call, at, invoices, issue_both)


@pytest.mark.req("FIS-01", "FIS-02", "PLT-04")
@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_issuing_cut_off_at_any_call_converges(
    aws: InProcessAws, call: Call, files: S3Files, invoices: list[Invoice], moment: str, lost: int
) -> None:
    begun = state()
    undisturbed = office(call, files)
    lose(undisturbed, lost)
    issue_both(call, undisturbed, invoices)
    for point in range(calls_made(undisturbed)):
        put_back(begun)
        at = office(call, files)
        lose(at, lost)
        cut_calls(at, point, moment)
        with pytest.raises(Cut):
            issue_both(call, at, invoices)
        restarted(call, at, invoices, issue_both)


@pytest.mark.req("FIS-04", "PLT-04")
@pytest.mark.parametrize("lost", [0, 1])
@pytest.mark.parametrize("moment", ["before", "after"])
def test_cancelling_cut_off_at_any_write_or_call_converges(
    aws: InProcessAws, call: Call, files: S3Files, invoices: list[Invoice], moment: str, lost: int
) -> None:
    at = office(call, files)
    issue_both(call, at, invoices)
    begun, notes = state(), deepcopy(notes_of(at))
    calls_before = calls_made(at)
    lose(at, lost)
    writes = count_writes(aws, lambda: cancel_first(call, at, invoices))
    calls = calls_made(at) - calls_before
    assert writes == 3
    for point in range(writes + calls):
        put_back(begun)
        at = office(call, files)
        authority_of(at).notes, sefin_of(at).notes = deepcopy(notes)
        for key in standing(at):
            (authority_of(at) if len(key) == 44 else sefin_of(at)).received[key] = 1
        lose(at, lost)
        if point < writes:
            with pytest.raises(Cut), cut(aws, point, moment):
                cancel_first(call, at, invoices)
        else:
            cut_calls(at, point - writes, moment)
            with pytest.raises(Cut):
                cancel_first(call, at, invoices)
        restarted(call, at, invoices, cancel_first)


@pytest.mark.req("FIS-04")
def test_cancellation_that_was_cut_off_is_finished_by_the_next_issuing(
    aws: InProcessAws, call: Call, files: S3Files, invoices: list[Invoice]
) -> None:
    """The run finds the invoice again, and does not issue another document for it."""
    at = office(call, files)
    issue_both(call, at, invoices)
    with pytest.raises(Cut), cut(aws, 2, "before"):
        cancel_first(call, at, invoices)
    pending = list(invoicing.invoices_undocumented(call.tenant_id, "com_alfa", call.today, call.today))
    assert pending == [(invoices[0].customer_id, invoices[0].id)]

    issue(desk_of(call, at), *pending[0])

    require_agreement(call, at, invoices)
    with pytest.raises(Refused, match=r"fiscal\.ended_before"):
        issue(desk_of(call, at), *pending[0])


def notes_of(at: FiscalOffice) -> tuple[dict[str, AuthorisedNote], dict[str, GeneratedNote]]:
    return authority_of(at).notes, sefin_of(at).notes


def cut_calls(at: FiscalOffice, point: int, moment: str) -> None:
    """Call number `point` to an authority is the last, before or after its effect; the next calls pass."""
    assert isinstance(at.authorities, InProcessAuthorities)
    assert isinstance(at.sefin, InProcessSefin)
    calls = count()

    def stop(_request: object) -> None:
        if next(calls) == point:
            raise Cut

    for authorities in (at.authorities, at.sefin):
        setattr(authorities, moment, stop)
