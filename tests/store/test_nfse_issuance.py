"""NFS-e of invoices by the path of the NFCom: issued once, found by the declaration's id, cancelled (FIS-01, FIS-02, FIS-04)."""

from __future__ import annotations

import json
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.access.call import Call
from billing.core.errors import Refused
from billing.core.money import Money
from billing.fiscal import store
from billing.fiscal.cancellation import cancel, give_up, refresh
from billing.fiscal.desk import NotTaken
from billing.fiscal.document import DocumentState, FiscalModel
from billing.fiscal.issuance import issue
from billing.fiscal.lists import pdf_of
from billing.fiscal.nfse.identifiers import check_nfse_key
from billing.fiscal.ports import SefinRequest, SefinResponse
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.verification import is_signed_well
from billing.invoicing import store as invoicing
from tests.support.aws import InProcessAws
from tests.support.billing import MemoryFiles
from tests.support.fiscal_office import (
    NFSE_ALONE,
    RENTAL,
    authority_of,
    billed,
    changed,
    desk_of,
    office,
    scm,
    sefin_of,
    support,
)
from tests.support.invoices import charge

REASON = "Serviço não prestado ao cliente"


@pytest.fixture
def files(aws: InProcessAws) -> MemoryFiles:
    return MemoryFiles()


def of_support(call: Call, files: MemoryFiles, count: int = 1, **changes):
    invoices = billed(call, files, count)
    changed(call, **{**NFSE_ALONE, **changes})
    return invoices


def now(call: Call, invoice):
    return invoicing.get_invoice(call.tenant_id, invoice.customer_id, invoice.id)


def documents(call: Call, invoice) -> list:
    return store.documents_of(call.tenant_id, invoice.customer_id, invoice.id)


def printed(call: Call, files: MemoryFiles, document) -> str:
    return PdfReader(BytesIO(pdf_of(call.tenant_id, files, document))).pages[0].extract_text()


@pytest.mark.req("FIS-01", "FIS-02", "FIS-05", "INV-19")
def test_invoice_gets_its_nfse(call: Call, files: MemoryFiles) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert (document.state, document.number, document.series) == (DocumentState.AUTHORISED, 1, "1")
    assert (document.model, document.composition) == (FiscalModel.NFSE, "SUP")
    assert check_nfse_key(document.nfse_key) == sefin_of(at).notes[document.key].key
    assert document.amount == Money("100.00")
    after = now(call, invoice)
    assert (after.has_fiscal_document, after.is_documented, after.locks) == (True, True, ())
    [kept] = [key for key in files.kept if key.endswith("-proc.xml")]
    assert files.kept[kept] == sefin_of(at).notes[document.key].content
    assert not faults(files.kept[kept], Schema.NFSE)
    assert is_signed_well(files.kept[kept])
    page = printed(call, files, document)
    assert document.nfse_key in page
    assert "CANCELADA" not in page
    assert issue(desk_of(call, at), invoice.customer_id, invoice.id) == [document]
    assert [request.path for request in at.sefin.calls] == ["/nfse"]


@pytest.mark.req("FIS-02", "FIS-06")
def test_one_invoice_has_an_nfcom_and_an_nfse_for_each_service_and_nothing_for_a_rental(
    call: Call, files: MemoryFiles
) -> None:
    extra = {"customer_id": "cus_0001", "contract_id": "con_0001"}
    more = [
        charge(**extra, definition_id="def_support", amount="30.00", description="Suporte"),
        charge(**extra, definition_id="def_visit", amount="50.00", description="Visita"),
        charge(
            **extra,
            definition_id="def_visit",
            amount="-5.00",
            description="Desconto da visita",
            id="cha_discount",
        ),
        charge(**extra, definition_id="def_rent", amount="35.00", description="Locação"),
    ]
    (invoice,) = billed(call, files, 1, *more)
    visit = support(national_code="140101").evolve(code="VIS")
    changed(
        call,
        nfse=NFSE_ALONE["nfse"],
        compositions=(scm(), support(), visit, RENTAL),
        rules=(
            {"definition_id": "def_rent", "composition": "LOC"},
            {"definition_id": "def_support", "composition": "SUP"},
            {"definition_id": "def_visit", "composition": "VIS"},
            {"composition": "SCM"},
        ),
    )
    at = office(call, files)

    made = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert {(one.model, one.composition, one.amount) for one in made} == {
        (FiscalModel.NFCOM, None, Money("100.00")),
        (FiscalModel.NFSE, "SUP", Money("30.00")),
        (FiscalModel.NFSE, "VIS", Money("45.00")),
    }
    assert sorted(one.number for one in made if one.model is FiscalModel.NFSE) == [1, 2]
    assert all(one.state is DocumentState.AUTHORISED for one in made)
    assert now(call, invoice).is_documented
    [of_visit] = [one for one in made if one.composition == "VIS"]
    content = sefin_of(at).notes[of_visit.key].content
    assert b"<cTribNac>140101</cTribNac>" in content
    assert b"<vDescIncond>5.00</vDescIncond>" in content


@pytest.mark.req("FIS-02")
def test_invoice_waits_for_its_last_document(call: Call, files: MemoryFiles) -> None:
    """The NFCom is authorised and the Sefin is down: the invoice is not documented yet."""
    by_hand = charge(
        customer_id="cus_0001", contract_id=None, definition_id=None, amount="20.00", fiscal_composition="SUP"
    )
    (invoice,) = billed(call, files, 1, by_hand)
    changed(call, nfse=NFSE_ALONE["nfse"], compositions=(scm(), support(), RENTAL))
    at = office(call, files)
    sefin_of(at).is_down = True

    with pytest.raises(NotTaken):
        issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert not now(call, invoice).is_documented

    sefin_of(at).is_down = False
    issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert now(call, invoice).is_documented
    assert set(sefin_of(at).received.values()) == set(authority_of(at).received.values()) == {1}


@pytest.mark.req("FIS-02", "FIS-06")
@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nfse": None}, "nfse.not_configured"),
        ({"compositions": (support(nbs=None),)}, "nfse.nbs"),
        ({"compositions": (support(ibs_cbs=None),)}, "nfse.ibs_cbs"),
        ({"compositions": (support(contribution_regime=None),)}, "nfse.contributions"),
        ({"regime": "1"}, "nfse.regime"),
    ],
    ids=["not configured", "nbs", "ibs_cbs", "contributions", "regime"],
)
def test_declaration_that_would_be_refused_takes_no_number(
    call: Call, files: MemoryFiles, changes: dict, code: str
) -> None:
    (invoice,) = of_support(call, files, **changes)
    at = office(call, files)

    with pytest.raises(Refused) as refused:
        issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert code in {refused.value.code, *(reason.code for reason in refused.value.reasons)}
    assert documents(call, invoice) == []
    assert at.sefin.calls == []


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    ("kind", "withheld", "net"), [("company", "2", "95.00"), ("individual", "1", "100.00")]
)
def test_iss_is_withheld_by_companies_alone(
    call: Call, files: MemoryFiles, kind: str, withheld: str, net: str
) -> None:
    from billing.core.table import Writes
    from billing.customers import store as customers

    composition = support(iss={"percent": "5", "withheld_by": "2"})
    (invoice,) = of_support(call, files, compositions=(composition,))
    if kind == "company":
        before = customers.get(call.tenant_id, invoice.customer_id)
        writes = Writes()
        after = before.evolve(kind="company", document="33113009000168")
        writes.overwrite(customers.customer_row(call.tenant_id, after))
        writes.commit()
    at = office(call, files)

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    content = sefin_of(at).notes[document.key].content
    assert f"<tpRetISSQN>{withheld}</tpRetISSQN>".encode() in content
    assert f"<vLiq>{net}</vLiq>".encode() in content
    assert document.amount == Money(net)


@pytest.mark.req("FIS-04", "INV-19")
def test_rejected_declaration_keeps_its_number_until_it_is_given_up(call: Call, files: MemoryFiles) -> None:
    first, second = of_support(call, files, 2)
    at = office(call, files)
    sefin_of(at).rejects = "E0310"

    (rejected,) = issue(desk_of(call, at), first.customer_id, first.id)
    assert (rejected.state, rejected.number) == (DocumentState.REJECTED, 1)
    assert rejected.reason.startswith("E0310 ")
    (again,) = issue(desk_of(call, at), first.customer_id, first.id)
    assert (again.number, again.state, again.attempts) == (1, DocumentState.AUTHORISED, 2)

    sefin_of(at).rejects = "E0310"
    (rejected,) = issue(desk_of(call, at), second.customer_id, second.id)
    give_up(desk_of(call, at), rejected)
    (late,) = issue(desk_of(call, at), second.customer_id, second.id)
    assert (late.number, late.state) == (2, DocumentState.AUTHORISED)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("lost", [1, 2, 3, 4])
def test_lost_answer_is_found_out_by_the_declarations_id(call: Call, files: MemoryFiles, lost: int) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)
    sefin_of(at).loses_answers = lost

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    for _ in range(lost):
        (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert document.state is DocumentState.AUTHORISED
    assert sefin_of(at).received == {document.key: 1}
    assert f"/dps/{document.key}" in [request.path for request in at.sefin.calls]


@pytest.mark.req("FIS-02")
def test_refused_consultation_says_nothing_of_the_note(call: Call, files: MemoryFiles) -> None:
    """The answer is lost, and the consultation after it is refused for the certificate: nothing is rejected."""
    (invoice,) = of_support(call, files)
    at = office(call, files)
    sefin_of(at).loses_answers = 1
    whole = at.sefin.authority.answer
    refusal = json.dumps({"erros": [{"codigo": "E1203", "descricao": "Certificado"}]}).encode()
    at.sefin.authority.answer = lambda path, body: whole(path, body) if body else (403, refusal)

    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert document.state is DocumentState.UNKNOWN
    assert document.reason.startswith("E1203 ")

    at.sefin.authority.answer = whole
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert document.state is DocumentState.AUTHORISED


@pytest.mark.req("FIS-02")
def test_note_of_another_content_is_not_taken_for_ours(call: Call, files: MemoryFiles) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)
    whole = at.sefin.ask

    def tampered(request: SefinRequest, *others) -> SefinResponse:
        response = whole(request, *others)
        note = next(iter(sefin_of(at).notes.values()))
        note.content = note.content.replace(b"<DigestValue>", b"<DigestValue>x")
        return (
            response
            if request.path != "/nfse"
            else SefinResponse(201, json.dumps({"chaveAcesso": note.key}).encode())
        )

    at.sefin.ask = tampered
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert (document.state, document.nfse_key) == (DocumentState.UNKNOWN, None)
    assert "outro conteúdo" in document.reason


@pytest.mark.req("FIS-04", "INV-19")
def test_cancelled_nfse_keeps_its_number_and_frees_the_invoice(call: Call, files: MemoryFiles) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert refresh(desk_of(call, at), document) == document

    cancelled = cancel(desk_of(call, at), document, REASON)

    assert (cancelled.state, cancelled.number) == (DocumentState.CANCELLED, 1)
    [event] = [content for key, content in files.kept.items() if key.endswith("-canc.xml")]
    assert not faults(event, Schema.NFSE_EVENT_REQUEST)
    assert is_signed_well(event)
    assert sefin_of(at).notes[document.key].cancellation
    assert "CANCELADA" in printed(call, files, cancelled)
    free = now(call, invoice)
    assert (free.has_fiscal_document, free.is_documented) == (False, False)
    (anew,) = issue(desk_of(call, at), invoice.customer_id, invoice.id, replaces_cancelled=True)
    assert (anew.number, anew.state) == (2, DocumentState.AUTHORISED)


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize("lost", [1, 2])
def test_lost_answer_of_a_cancellation_is_found_out(call: Call, files: MemoryFiles, lost: int) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    sefin_of(at).loses_answers = lost

    after = cancel(desk_of(call, at), document, REASON)
    if lost == 2:
        assert (after.state, after.cancellation.reason) == (DocumentState.AUTHORISED, REASON)
        after = cancel(desk_of(call, at), after, REASON)
    assert after.state is DocumentState.CANCELLED


@pytest.mark.req("FIS-04")
def test_refused_cancellation_leaves_the_note(call: Call, files: MemoryFiles) -> None:
    (invoice,) = of_support(call, files)
    at = office(call, files)
    (document,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    sefin_of(at).is_signed = lambda _content: False

    with pytest.raises(Refused, match=r"fiscal\.cancellation_refused"):
        cancel(desk_of(call, at), document, REASON)

    (kept,) = documents(call, invoice)
    assert (kept.state, kept.cancellation) == (DocumentState.AUTHORISED, None)


@pytest.mark.req("FIS-02", "FIS-06")
def test_changed_composition_documents_no_charge_twice(call: Call, files: MemoryFiles) -> None:
    """Left without an answer as NFCom, then configured as NFS-e."""
    (invoice,) = billed(call, files)
    at = office(call, files)
    authority_of(at).loses_answers = 2
    (unknown,) = issue(desk_of(call, at), invoice.customer_id, invoice.id)
    assert unknown.state is DocumentState.UNKNOWN
    changed(call, **NFSE_ALONE)

    with pytest.raises(Refused, match=r"fiscal\.documented_otherwise"):
        issue(desk_of(call, at), invoice.customer_id, invoice.id)

    assert at.sefin.calls == []
    assert documents(call, invoice) == [unknown]
