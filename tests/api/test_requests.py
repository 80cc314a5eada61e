"""How a request is read and answered in any context: ids, query, headers and sizes, in an API with a single
resource."""

import json
from typing import Annotated, Any

import pytest
from aws_lambda_powertools.event_handler.openapi.params import Query

from billing.access.model import Permission
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.text import Line
from billing.entry import log
from billing.entry.http import MAX_ANSWER_BYTES, MAX_BODY_BYTES, Api
from billing.entry.reading import MAX_PARAMETERS, MAX_PATH_VALUE, MAX_QUERY_VALUE
from tests.support.aws import InProcessAws
from tests.support.http import Answer, Client

pytestmark = pytest.mark.req("SEC-06")
Relaunched = list[tuple[str, dict[str, Any]]]


class Thing(Entity):
    name: Line | None = None
    version: int = 0


class States(Entity):
    states: tuple[str, ...]


@pytest.fixture
def relaunched() -> Relaunched:
    return []


@pytest.fixture
def client(aws: InProcessAws, relaunched: Relaunched) -> Client:
    api = Api("things", lambda tenant_id, answer: relaunched.append((tenant_id, answer)))

    @api.get("/things/<thing_id>")
    def get_thing(
        thing_id: str,
        kind: Annotated[Line | None, Query()] = None,
        state: Annotated[list[Line] | None, Query(max_length=100)] = None,
    ) -> States:
        api.call(Permission.RUNS_READ)
        return States(states=tuple(state or ()))

    @api.get("/texts/<length>")
    def get_text(length: int) -> Thing:
        api.call(Permission.RUNS_READ)
        return Thing.model_construct(name="x" * length, version=1)

    @api.put("/things/<thing_id>")
    def put_thing(thing_id: str, thing: Thing) -> Thing:
        api.call(Permission.RUNS_START)
        return Thing(name=thing.name, version=api.if_match + 1)

    @api.post("/things", status_code=201)
    def add_thing(thing: Thing) -> Thing:
        return Changes(api.call(Permission.RUNS_START)).commit_answering(thing)

    @api.post("/runs", status_code=202)
    def start_run(thing: Thing) -> Thing:
        return Changes(api.call(Permission.RUNS_START)).commit_answering(thing)

    return Client(api.handle)


def fault(answer: Answer) -> tuple[str, str]:
    """Field and code of the only reason why a request could not be read."""
    assert (answer.status, answer.code) == (400, "request.invalid")
    (reason,) = answer.body["reasons"]
    return reason["field"], reason["code"]


@pytest.mark.parametrize(("length", "status"), [(7, 400), (8, 201), (200, 201), (201, 400)])
def test_idempotency_key_has_8_to_200_characters(client: Client, length: int, status: int) -> None:
    answer = client.post("/things", {"name": "a"}, key="k" * length)

    assert answer.status == status
    assert status == 201 or answer.code == "idempotency.missing"


@pytest.mark.parametrize("value", ['"3"', "3", 'W/"3"'])
def test_if_match_is_the_version_that_was_read(client: Client, value: str) -> None:
    answer = client.send("PUT", "/things/thi_1", {"name": "a"}, headers={"if-match": value})

    assert (answer.status, answer.etag) == (200, '"4"')


@pytest.mark.parametrize("value", [None, "", "abc", '"-1"', "9" * 19])
def test_without_a_version_nothing_is_changed(client: Client, value: str | None) -> None:
    headers = {} if value is None else {"if-match": value}

    answer = client.send("PUT", "/things/thi_1", {"name": "a"}, headers=headers)

    assert (answer.status, answer.code) == (400, "if_match.missing")


@pytest.mark.req("PLT-04")
@pytest.mark.parametrize(("path", "status", "relaunches"), [("/things", 201, 0), ("/runs", 202, 1)])
def test_repeated_request_is_answered_the_same_and_only_long_work_is_launched_again(
    client: Client, relaunched: Relaunched, path: str, status: int, relaunches: int
) -> None:
    first, second = (client.post(path, {"name": "a"}, key="the-same-key") for _ in range(2))

    assert (first.status, first.body) == (second.status, second.body)
    assert first.status == status
    assert "idempotency-replayed" not in first.headers
    assert second.headers["idempotency-replayed"] == "true"
    assert relaunched == [("ten_alfa", first.body)] * relaunches


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ([("colour", "red")], ("colour", "field.query_unknown")),
        ([("kind", "a"), ("kind", "b")], ("kind", "field.query_repeated")),
        ([("kind", "a" * (MAX_QUERY_VALUE + 1))], ("kind", "field.query_too_long")),
    ],
)
def test_query_that_cannot_be_read_names_its_parameter(
    client: Client, query: list[tuple[str, str]], expected: tuple[str, str]
) -> None:
    assert fault(client.send("GET", "/things/thi_1", query=query)) == expected


def test_query_is_read_up_to_its_limits(client: Client) -> None:
    longest = [("kind", "a" * MAX_QUERY_VALUE)]
    most = [("state", str(n)) for n in range(MAX_PARAMETERS)]

    assert client.send("GET", "/things/thi_1", query=longest).status == 200
    assert len(client.send("GET", "/things/thi_1", query=most).body["states"]) == MAX_PARAMETERS
    assert client.send("GET", "/things/thi_1", query=[*most, ("kind", "a")]).code == "query.unreadable"


def test_id_in_the_path_has_at_most_100_characters(client: Client) -> None:
    assert client.get(f"/things/{'t' * MAX_PATH_VALUE}").status == 200
    too_long = client.get(f"/things/{'t' * (MAX_PATH_VALUE + 1)}")
    assert fault(too_long) == ("thing_id", "field.path_value")


@pytest.mark.parametrize("thing_id", ["a#b", "a\nb", "a\u200bb"])
def test_path_with_a_character_that_no_id_has_is_not_found(client: Client, thing_id: str) -> None:
    """The keys of rows are separated by "#"."""
    assert client.get(f"/things/{thing_id}").code == "route.missing"


@pytest.mark.parametrize("body", ["[]", '[{"name": "a"}]', '"a"', "1", "true"])
def test_body_is_an_object(client: Client, body: str) -> None:
    answer = client.send("PUT", "/things/thi_1", body, headers={"if-match": "1"})

    assert (answer.status, answer.body["reasons"][0]["code"]) == (400, "field.model_type")


def test_body_of_a_megabyte_is_read_and_a_byte_more_is_refused(client: Client) -> None:
    def put(size: int) -> Answer:
        body = json.dumps({"name": "a"})
        return client.send("PUT", "/things/thi_1", body + " " * (size - len(body)), headers={"if-match": "1"})

    assert put(MAX_BODY_BYTES).status == 200
    assert (put(MAX_BODY_BYTES + 1).status, put(MAX_BODY_BYTES + 1).code) == (413, "body.too_large")


def test_answer_of_a_megabyte_is_sent_and_a_byte_more_is_refused(client: Client) -> None:
    around = len('{"name":"","version":1}')

    assert client.get(f"/texts/{MAX_ANSWER_BYTES - around}").status == 200
    too_large = client.get(f"/texts/{MAX_ANSWER_BYTES - around + 1}")
    assert (too_large.status, too_large.code) == (422, "answer.too_large")


@pytest.mark.req("SEC-03")
@pytest.mark.parametrize(
    ("thing_id", "subjects"), [("thi_0001", {"thing_id": "thi_0001"}), ("Maria Silva", {})]
)
def test_access_is_logged_by_its_route_and_ids_and_nothing_else_that_was_typed(
    client: Client, monkeypatch: pytest.MonkeyPatch, thing_id: str, subjects: dict[str, str]
) -> None:
    accesses: list[tuple[object, ...]] = []
    monkeypatch.setattr(log, "access", lambda *access: accesses.append(access))

    client.get(f"/things/{thing_id}", kind="cus_0001")

    assert accesses == [("ten_alfa", "usr_ana", "GET /things/<thing_id>", subjects)]
