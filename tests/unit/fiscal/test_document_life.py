"""A fiscal document's life and its number; the monthly record of models 21 and 22 with its digests."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.core.errors import Refused
from billing.core.period import Month
from billing.fiscal.document import (
    ELECTRONIC_MOVES,
    PAPER_MOVES,
    DocumentState,
    FiscalDocument,
    FiscalModel,
    Observations,
)
from billing.fiscal.numbering import LIMITS, SeriesNumbers, annul
from billing.fiscal.paper.master_record import FIELDS, LENGTH, master_record, replaced_note
from tests.support.fiscal_cases import cases

BEFORE, SINCE = Month("2025-10"), Month("2025-11")
VERBS = {
    DocumentState.SIGNED: lambda document: document.numbered("1", document.number or 1, "key"),
    DocumentState.ISSUED: lambda document: document.numbered("1", document.number or 1, "key"),
    DocumentState.UNKNOWN: FiscalDocument.lost,
    DocumentState.AUTHORISED: lambda document: document.authorised("335260000000001"),
    DocumentState.REJECTED: lambda document: document.rejected("539"),
    DocumentState.DENIED: lambda document: document.denied("irregular"),
    DocumentState.CANCELLED: lambda document: document.cancelled("erro"),
    DocumentState.SUBSTITUTED: lambda document: document.substituted("erro"),
    DocumentState.ANNULLED: lambda document: document.annulled("erro"),
}


def document(model=FiscalModel.NFCOM, month=None, **changes) -> FiscalDocument:
    return FiscalDocument.model_validate(
        {
            "id": "fis_0001",
            "company_id": "com_0001",
            "customer_id": "cus_0001",
            "model": model,
            "invoice_id": "inv_0001",
            "line_ids": ["1", "2"],
            "month": month or (BEFORE if model.is_paper else SINCE),
            **changes,
        }
    )


def issued(number: int, **changes) -> FiscalDocument:
    return document(FiscalModel.COMMUNICATION, **changes).numbered("U", number, "hash")


def numbers(last: int, model=FiscalModel.COMMUNICATION, series="U") -> SeriesNumbers:
    return SeriesNumbers(model=model, series=series, last=last)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("target", VERBS)
@pytest.mark.parametrize("state", DocumentState)
@pytest.mark.parametrize("model", FiscalModel)
def test_only_legal_moves_are_made(model, state, target):
    moves = PAPER_MOVES if model.is_paper else ELECTRONIC_MOVES
    here = document(model, state=state)
    signs = {DocumentState.SIGNED, DocumentState.ISSUED}
    reached = (
        (DocumentState.ISSUED if model.is_paper else DocumentState.SIGNED) if target in signs else target
    )
    stays = target is DocumentState.UNKNOWN and state is DocumentState.UNKNOWN
    if reached in moves.get(state, ()) or stays:
        assert VERBS[target](here).state is reached
    else:
        with pytest.raises(Refused, match=r"fiscal\.state"):
            VERBS[target](here)


@pytest.mark.req("FIS-02", "FIS-04")
def test_rejected_document_is_signed_again_with_its_own_number():
    rejected = document().numbered("1", 7, "old").rejected("537")
    again = rejected.numbered("1", 7, "new")
    assert (again.state, again.number, again.key, again.reason) == (DocumentState.SIGNED, 7, "new", None)
    for series, number in (("1", 8), ("2", 7)):
        with pytest.raises(Refused, match=r"fiscal\.number_kept"):
            rejected.numbered(series, number, "new")


@pytest.mark.req("FIS-02")
def test_document_of_unknown_fate_takes_no_other_number():
    lost = document().numbered("1", 7, "key").lost()
    assert lost.lost() == lost
    with pytest.raises(Refused):
        lost.numbered("1", 7, "other")
    assert lost.authorised("335260000000001").state is DocumentState.AUTHORISED


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize(
    ("model", "month", "covered"),
    [
        (FiscalModel.COMMUNICATION, BEFORE, True),
        (FiscalModel.COMMUNICATION, SINCE, False),
        (FiscalModel.TELECOMMUNICATION, BEFORE, True),
        (FiscalModel.TELECOMMUNICATION, SINCE, False),
        (FiscalModel.NFCOM, BEFORE, False),
        (FiscalModel.NFCOM, SINCE, True),
        (FiscalModel.NFSE, BEFORE, True),
        (FiscalModel.NFSE, SINCE, True),
    ],
)
def test_each_model_belongs_to_its_months(model, month, covered):
    assert model.covers(month) is covered
    if covered:
        assert document(model, month).numbered("1", 1, "key").number == 1
    else:
        with pytest.raises(Refused, match=r"fiscal\.model_month"):
            document(model, month).numbered("1", 1, "key")


@pytest.mark.req("FIS-03")
@pytest.mark.parametrize("state", DocumentState)
def test_observations_change_until_transmission_or_cancellation(state):
    model = (
        FiscalModel.COMMUNICATION
        if state in {DocumentState.ISSUED, DocumentState.ANNULLED}
        else FiscalModel.NFCOM
    )
    here = document(model, state=state)
    written = Observations(contract="Contrato 42", customer_first="Cliente")
    if state in {DocumentState.PENDING, DocumentState.REJECTED, DocumentState.ISSUED}:
        changed = here.observed(written)
        assert changed.observations.written == ("Cliente", "Contrato 42")
        assert changed.observed(Observations()).observations.written == ()
    else:
        with pytest.raises(Refused, match=r"fiscal\.observations_locked"):
            here.observed(written)


@pytest.mark.req("FIS-04")
def test_cancelled_the_number_stays_used_annulled_it_comes_back():
    """The seed's own example: 5 annulled, the next is 5; cancelled, the next is 6."""
    given_back = annul(issued(5), numbers(5), "erro", month_is_delivered=False)
    assert given_back.document.state is DocumentState.ANNULLED
    assert given_back.numbers.following().last == 5
    assert issued(5).cancelled("erro").state is DocumentState.CANCELLED
    assert numbers(5).following().last == 6


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize(
    ("annulled", "sequence", "delivered", "code"),
    [
        (issued(4), numbers(5), False, "fiscal.annul_last"),
        (issued(5), numbers(5, series="A"), False, "fiscal.annul_last"),
        (issued(5), numbers(5, model=FiscalModel.TELECOMMUNICATION), False, "fiscal.annul_last"),
        (issued(5).cancelled("erro"), numbers(5), False, "fiscal.annul_state"),
        (issued(5), numbers(5), True, "fiscal.annul_delivered"),
        (document().numbered("1", 5, "key"), numbers(5, FiscalModel.NFCOM, "1"), False, "fiscal.annul_model"),
    ],
)
def test_refused_annulment_names_its_reason(annulled, sequence, delivered, code):
    with pytest.raises(Refused) as refused:
        annul(annulled, sequence, "erro", month_is_delivered=delivered)
    assert refused.value.code == code


@pytest.mark.req("FIS-04")
@pytest.mark.parametrize("model", FiscalModel)
def test_at_the_limit_paper_begins_again_and_the_others_need_a_series(model):
    full = numbers(LIMITS[model] - 1, model, "1").following()
    assert full.last == LIMITS[model]
    if model.is_paper:
        assert full.following().last == 1
    else:
        with pytest.raises(Refused, match=r"fiscal\.series_full"):
            full.following()


@pytest.mark.req("FIS-04")
@given(st.lists(st.sampled_from(["issue", "cancel", "annul"]), max_size=40))
def test_numbers_in_use_are_consecutive_whatever_is_cancelled_or_annulled(steps):
    sequence, in_use = numbers(0), []
    for step in steps:
        if step == "issue":
            sequence = sequence.following()
            in_use.append(issued(sequence.last))
        elif in_use and step == "cancel" and in_use[-1].state is DocumentState.ISSUED:
            in_use[-1] = in_use[-1].cancelled("erro")
        elif in_use and step == "annul" and in_use[-1].state is DocumentState.ISSUED:
            _, sequence = annul(in_use.pop(), sequence, "erro", month_is_delivered=False)
    assert [one.number for one in in_use] == list(range(1, len(in_use) + 1))
    assert sequence.last == len(in_use)


@pytest.mark.req("FIS-02")
@pytest.mark.parametrize("case", cases("hash115"), ids=lambda c: c["id"])
def test_master_record_and_its_digests(case):
    fields = {int(number): value for number, value in case["fields"].items()}
    record, expected = master_record(fields), case["expect"]
    assert record.text == expected["record"]
    assert len(record.text) == expected["len_record"] == LENGTH
    assert (record.authentication, record.digest) == (expected["field13"], expected["field36"])


def test_values_are_written_at_their_width():
    case = cases("hash115")[0]
    bare = {
        int(number): value.strip().lstrip("0") if FIELDS[int(number) - 1].is_numeric else value.rstrip()
        for number, value in case["fields"].items()
    }
    assert master_record(bare).text == case["expect"]["record"]


@pytest.mark.parametrize(("number", "value"), [(12, "1000000000"), (14, "12.50"), (27, "12ABC34501DE35")])
def test_number_that_does_not_fit_is_refused(number, value):
    with pytest.raises(ValueError, match=f"field {number}"):
        master_record({number: value})


def test_date_and_issuer_are_in_the_authentication_since_2017():
    fields = {int(number): value for number, value in cases("hash115")[0]["fields"].items()}
    assert (
        master_record({**fields, 9: "20161231"}).authentication
        == master_record({**fields, 9: "20161231", 27: "99999999000191"}).authentication
    )
    assert (
        master_record({**fields, 9: "20170101"}).authentication
        != master_record({**fields, 9: "20170101", 27: "99999999000191"}).authentication
    )


def test_replaced_note_is_named_in_thirty_characters():
    [case] = [case for case in cases("hash115") if case["fields"]["34"].strip()]
    assert replaced_note("2509", "21", "U", 1, "20250930") == case["fields"]["34"]
