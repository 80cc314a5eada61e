"""What a transaction requires of rows that it does not write."""

import json

import pytest
from botocore.awsrequest import AWSResponse

from billing.access.call import Call
from billing.audit.changes import Changes, PlatformTable
from billing.core import table as core_table
from billing.core.entity import Entity
from billing.core.errors import Conflict, Transient
from billing.core.table import Table, entity_row, find
from tests.support.aws import InProcessAws, Raw


class Note(Entity):
    text: str = "nota"


def row(name: str) -> Table:
    return entity_row(PlatformTable, "ten_alfa#notes", name, Note())


def put_unless(call: Call, name: str, *, there_is: str) -> None:
    changes = Changes(call)
    changes.include(row(name))
    changes.require_absent(PlatformTable, "ten_alfa#notes", there_is)
    changes.commit()


@pytest.mark.req("PLT-04")
def test_nothing_is_written_where_a_row_that_must_be_absent_exists(aws: InProcessAws, call: Call) -> None:
    put_unless(call, "first", there_is="marker")
    put_unless(call, "marker", there_is="another")

    with pytest.raises(Conflict):
        put_unless(call, "second", there_is="marker")
    assert find(PlatformTable, "ten_alfa#notes", "first", Note) == Note()
    assert find(PlatformTable, "ten_alfa#notes", "second", Note) is None


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long a commit would have waited, without waiting."""
    waited: list[float] = []
    monkeypatch.setattr(core_table, "sleep", waited.append)
    return waited


def cancelled(*codes: str) -> AWSResponse:
    reasons = [{"Code": code} for code in codes]
    body = {"__type": "x#TransactionCanceledException", "message": "", "CancellationReasons": reasons}
    return AWSResponse("https://dynamodb.example", 400, {}, Raw(json.dumps(body).encode()))


@pytest.mark.req("PLT-04")
@pytest.mark.parametrize("met", [1, 4])
def test_transaction_that_meets_another_at_a_row_is_tried_again(
    aws: InProcessAws, call: Call, waits: list[float], monkeypatch: pytest.MonkeyPatch, met: int
) -> None:
    answers = [cancelled("None", "TransactionConflict")] * met
    send = aws.send
    monkeypatch.setattr(aws, "send", lambda request: answers.pop() if answers else send(request))

    put_unless(call, "first", there_is="marker")

    assert find(PlatformTable, "ten_alfa#notes", "first", Note) == Note()
    assert len(waits) == met
    assert all(0 < wait <= most for wait, most in zip(waits, (0.05, 0.1, 0.2, 0.4), strict=False))


@pytest.mark.req("PLT-04")
@pytest.mark.parametrize(
    ("codes", "error", "waited"),
    [
        (("None", "TransactionConflict"), Transient, 4),
        (("ConditionalCheckFailed", "TransactionConflict"), Conflict, 0),
        (("None", "ThrottlingError"), Transient, 0),
    ],
)
def test_transaction_that_does_not_come_through_says_why(
    aws: InProcessAws,
    call: Call,
    waits: list[float],
    monkeypatch: pytest.MonkeyPatch,
    codes: tuple[str, ...],
    error: type[Exception],
    waited: int,
) -> None:
    monkeypatch.setattr(aws, "send", lambda _request: cancelled(*codes))

    with pytest.raises(error) as raised:
        put_unless(call, "first", there_is="marker")

    assert (type(raised.value), len(waits)) == (error, waited)
