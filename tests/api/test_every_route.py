"""What holds for every route: who may not call it, whose things it touches, what it requires before it does anything.

Each rule is tried with a request that its owner could make (the first test), so that what is refused is refused for the
reason named. Nothing that is refused may write.
"""

import ast
import base64
import inspect
import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from io import StringIO
from itertools import product
from typing import Any

import pytest

from billing.access.model import PERMISSIONS_OF, Profile
from billing.core import page
from billing.core.ids import is_id
from billing.core.names import ids_in
from billing.entry import log
from billing.entry.reading import MAX_DEPTH, MAX_DIGITS, MAX_KEYS
from billing.members import store as members
from functions.access.api import handler as access
from functions.customers.api import handler as customers
from functions.invoicing.api import handler as invoicing
from infra.constructs.routes import Route
from infra.local.people import COMPANY, COMPANY_ID, TENANT_ID
from tests.support.aws import WRITES, InProcessAws, in_process_aws
from tests.support.batches import batches
from tests.support.cutting import Cut
from tests.support.every_route import ADMIN, ROUTES, Base, declared, handler_of, lived_month, send, takes_body
from tests.support.http import Answer, Client
from tests.support.members import let_in, signed_in
from tests.support.tables import create_tables

STRANGER = {"tenant_id": "ten_beta", "companies": "com_beta0001", "user_id": "usr_bruno"}
SHOWS_ONLY = {"POST /customers/{customer_id}/messages/preview", "POST /simulations/contracts"}
PROPOSES = {
    f"POST /customers/{{customer_id}}/contracts/{{contract_id}}/{tool}/proposal"
    for tool in ("tax-codes", "missing-meters", "energy-preferences", "changes")
} | {
    "POST /customers/{customer_id}/agreements/proposal",
    "POST /customers/{customer_id}/agreements/{agreement_id}/break/proposal",
    "POST /profiles/{profile_id}/proposal",
}
KEEPS_NOTHING = (
    SHOWS_ONLY
    | PROPOSES
    | {
        "POST /bank-returns",  # it signs an address
        "POST /companies/{company_id}/sender",  # the address is already claimed and proven
        "POST /sender-domains/{domain}/proof",  # so is the domain
        "POST /customers/{customer_id}/invoices/{invoice_id}/fiscal-documents",  # it is already issued
        "POST /customers/{customer_id}/invoices/{invoice_id}/fiscal-documents/{document_id}/consultation",
        "POST /authorisations",  # its key is a hash of somebody's password
    }
)
OF_ONESELF = {"POST /me/second-factor", "POST /me/second-factor/confirmation", "POST /me/sign-out"}
ABOUT_ONESELF = {"GET /me", "GET /me/second-factor", *OF_ONESELF}
A_READER_MAY = SHOWS_ONLY | OF_ONESELF | {"POST /customers/{customer_id}/invoices/print"}


def named(route: Route) -> str:
    return f"{route.method} {route.path}"


each_route = pytest.mark.parametrize("route", ROUTES, ids=named)
each_write = pytest.mark.parametrize("route", [r for r in ROUTES if r.method != "GET"], ids=named)
each_post = pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "POST"], ids=named)
each_change = pytest.mark.parametrize(
    "route", [r for r in ROUTES if r.method not in {"GET", "POST"}], ids=named
)
each_body = pytest.mark.parametrize("route", [r for r in ROUTES if takes_body(r)], ids=named)

OF_THE_TENANT = {
    "/customers",
    "/customers/{customer_id}",
    "/customers/{customer_id}/history",
    "/customers/{customer_id}/activity",
    "/customers/{customer_id}/panel",
    "/permissions",
    "/profiles",
    "/registrations",
    "/registrations/pivot",
    "/search",
    "/waiting",
    "/customers/{customer_id}/usage",
    "/customers/{customer_id}/usage/months",
    "/customers/{customer_id}/usage/chart",
    "/customers/{customer_id}/usage/{month}/{usage_id}",
    "/usage/batch",
    "/utility-bills",
    "/utility-bills/batch",
    "/charge-categories",
    "/usage-units",
    "/items",
    "/items/{item_id}",
    "/items/{item_id}/history",
    "/items/{item_id}/prices/{month}",
    "/tax-codes",
    "/tax-codes/{code}",
    "/tax-codes/{code}/history",
    "/tax-codes/{code}/rates/{valid_from}",
    "/message-templates",
    "/message-templates/{template_id}",
    "/message-templates/{template_id}/history",
    "/message-wildcards",
    "/sender-domains",
    "/sender-domains/{domain}",
    "/sender-domains/{domain}/proof",
    "/listed-reasons",
    "/listed-reasons/{reason_id}",
    "/listed-reasons/{reason_id}/history",
    "/cash-sessions/mine",
    "/authorisations",
    "/me",
    "/me/second-factor",
    "/me/second-factor/confirmation",
    "/me/sign-out",
    "/tenant/rules",
    "/bases",
}
MAKES_ITS_OWN = {
    "POST /bank-returns",
    "POST /companies",
    "POST /runs/closings",
    "POST /runs/simulations",
    "POST /usage-imports",
}
each_of_a_company = pytest.mark.parametrize(
    "route",
    [r for r in ROUTES if r.path not in OF_THE_TENANT and named(r) not in MAKES_ITS_OWN],
    ids=named,
)

NUMBERS = {
    "PUT /customers/{customer_id}/charges/{charge_id}": [("amount",)],
    "POST /customers/{customer_id}/charges": [("amount",)],
    "POST /customers/{customer_id}/closings/{closing_id}/adjustments": [("amount",)],
    "PUT /customers/{customer_id}/closings/{closing_id}/charge": [("total",)],
    "POST /customers/{customer_id}/contracts": [
        ("items", 0, "meters", 0, "initial"),
        ("definitions", 0, "pricing", "allowance"),
        ("definitions", 0, "pricing", "fee"),
    ],
    "PUT /customers/{customer_id}/contracts/{contract_id}/definitions/{definition_id}": [
        ("pricing", "amount")
    ],
    "PUT /customers/{customer_id}/contracts/{contract_id}/items/{item_id}": [("meters", 0, "initial")],
    "POST /customers/{customer_id}/readings": [("value",)],
    "PUT /customers/{customer_id}/readings/{item_id}/{unit}/{on}": [("value",)],
    "POST /customers/{customer_id}/usage": [("quantity",)],
    "POST /items": [("unit_price",)],
    "PATCH /items/{item_id}": [("unit_price",)],
    "POST /tax-codes": [("percent",)],
    "PATCH /tax-codes/{code}": [("percent",)],
    "PUT /utility-bills": [("amount",)],
    "POST /payment-profiles": [("terms", "fine_percent"), ("terms", "interest_percent_month")],
}
"""Money, quantities and percentages that people send, by route."""

BATCHES = {
    "POST /readings/batch": ("readings", 0, "value"),
    "POST /transactions/batch": ("transactions", 0, "quantity"),
    "POST /usage/batch": ("events", 0, "quantity"),
    "POST /utility-bills/batch": ("bills", 0, "amount"),
}

each_batch = pytest.mark.parametrize("route", [r for r in ROUTES if named(r) in BATCHES], ids=named)
each_number = pytest.mark.parametrize(
    ("route", "path"),
    [(route, path) for route in ROUTES for path in NUMBERS.get(named(route), [])],
    ids=lambda value: named(value) if isinstance(value, Route) else ".".join(map(str, value)),
)
ENGLISH = re.compile(r"\b(should|must|input|value|valid|is|not|string|number|with)\b", re.IGNORECASE)


ONE_AT_A_TIME = {"POST /payment-profiles/{profile_id}/pix-receipts"}
"""Every Pix that can be read is accepted; the Pix of a profile that does not import them are refused together, because
of the profile."""
each_in_one_form = pytest.mark.parametrize(
    "route", [r for r in ROUTES if named(r) in batches().keys() - ONE_AT_A_TIME], ids=named
)


def put_at(body: Any, path: tuple[str | int, ...], value: object) -> Any:
    """A copy of `body` with `value` at `path`."""
    if not path:
        return value
    first, *remaining = path
    if isinstance(first, int):
        return [put_at(item, tuple(remaining), value) if n == first else item for n, item in enumerate(body)]
    return {**body, first: put_at(body[first], tuple(remaining), value)}


@pytest.fixture(scope="module")
def aws() -> Iterator[InProcessAws]:
    with in_process_aws() as running:
        create_tables()
        yield running


@pytest.fixture(scope="module")
def base(aws: InProcessAws, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Base]:
    with lived_month(tmp_path_factory.mktemp("mailbox")) as lived:
        yield lived


@pytest.fixture
def written(aws: InProcessAws, base: Base) -> Iterator[list[bytes]]:
    """The requests that write, while the test runs."""
    seen: list[bytes] = []

    def observe(operation: str, body: bytes, moment: str) -> None:
        if moment == "before" and operation in WRITES:
            seen.append(body)

    aws.observers.append(observe)
    yield seen
    aws.observers.remove(observe)


@pytest.fixture
def cut_at_the_first_write(aws: InProcessAws, base: Base) -> Iterator[None]:
    def stop(operation: str, _body: bytes, _moment: str) -> None:
        if operation in WRITES:
            raise Cut

    aws.observers.append(stop)
    yield
    aws.observers.remove(stop)


def owner(route: Route, **changes: Any) -> Client:
    return Client(
        handler_of(route), **{"tenant_id": TENANT_ID, "companies": COMPANY_ID, "user_id": ADMIN, **changes}
    )


def assert_refused(answer: Answer, status: int, code: str, written: list[bytes]) -> None:
    assert (answer.status, answer.code) == (status, code), answer.body
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.body["title"]
    assert written == []


@each_route
def test_owner_gets_an_answer_or_a_reason(base: Base, cut_at_the_first_write: None, route: Route) -> None:
    """The requests of the other tests are right: each reaches an answer, a business rule or a write."""
    try:
        answer = send(owner(route), route, base.request(route))
    except Cut:
        return
    assert answer.status in {200, 201, 422}, answer.body
    assert route.method == "GET" or answer.status == 422 or named(route) in KEEPS_NOTHING


def takes_range(route: Route) -> bool:
    """Whether its query or its body has the first and last date of a range of due dates."""
    dependant = declared(route).dependant
    fields = {parameter.name for parameter in dependant.query_params}
    for parameter in dependant.body_params:
        fields |= set(getattr(parameter.field_info.annotation, "model_fields", ()))
    return {"due_from", "due_to"} <= fields


@pytest.mark.req("SEC-06", "PLT-07")
@pytest.mark.parametrize("route", [r for r in ROUTES if takes_range(r)], ids=named)
def test_range_of_centuries_is_refused_or_as_cheap_as_a_short_one(
    base: Base, aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    """An index that is read month by month would be read 3,600 times."""
    request = base.request(route)
    ends = {"due_from": "1900-01-01", "due_to": "2199-12-31"}
    wide = replace(request, body={**request.body, **ends} if request.body else request.body)
    wide = wide if request.body else replace(request, query={**dict(request.query), **ends})
    seen: list[str] = []
    monkeypatch.setattr(aws, "observers", [lambda operation, _body, _moment: seen.append(operation)])

    answer = send(owner(route), route, wide)

    assert answer.status in {200, 400, 422}, answer.body
    assert len(seen) < 100


@pytest.mark.req("SEC-01")
@each_route
def test_without_the_permission_nothing_is_done(
    base: Base, written: list[bytes], monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    monkeypatch.setitem(PERMISSIONS_OF, Profile.CONSULTA, frozenset())

    answer = send(owner(route, profile=Profile.CONSULTA), route, base.request(route))

    assert_refused(answer, 403, "access.denied", written)


@pytest.mark.req("SEC-07", "SEC-03")
@each_route
def test_access_log_has_only_ids_of_readers_and_customers(
    base: Base, cut_at_the_first_write: None, monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    logged = StringIO()
    monkeypatch.setattr(log._logger.registered_handler, "stream", logged)
    request = base.request(route)
    with suppress(Cut):
        send(owner(route), route, request)

    lines = [json.loads(line) for line in logged.getvalue().splitlines()]
    (entry,) = [line for line in lines if line["message"] == "access"]
    assert (entry["tenant_id"], entry["user_id"]) == (TENANT_ID, ADMIN)
    assert entry["route"].replace("<", "{").replace(">", "}") == named(route)
    assert entry["subjects"] == {name: value for name, value in request.ids.items() if is_id(value)}
    assert [name for name in base.people if name in logged.getvalue()] == []


@pytest.mark.req("SEC-01")
@each_write
def test_consulta_profile_changes_nothing(base: Base, written: list[bytes], route: Route) -> None:
    answer = send(owner(route, profile=Profile.CONSULTA), route, base.request(route))

    if named(route) in A_READER_MAY:
        assert answer.status in {200, 201}
    else:
        assert_refused(answer, 403, "access.denied", written)


@pytest.mark.req("SEC-07")
@each_route
def test_who_moves_money_with_the_password_alone_reaches_nothing_but_their_own_sign_in(
    base: Base, written: list[bytes], route: Route
) -> None:
    answer = send(owner(route, second_factor="no"), route, base.request(route))

    if named(route) in ABOUT_ONESELF:
        assert answer.status in {200, 201}
    else:
        assert_refused(answer, 403, "access.second_factor", written)


@pytest.mark.req("SEC-02")
@each_route
def test_objects_of_another_tenant_are_not_found(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)

    answer = send(owner(route, **STRANGER), route, request)

    received, sent = (
        json.dumps(what, ensure_ascii=False) for what in (answer.body, [request.ids, request.body])
    )
    assert [word for word in base.private if word in received and word not in sent] == []
    assert [row for row in written if TENANT_ID.encode() in row] == []
    if request.ids:
        assert answer.status in {403, 404} or all_refused(answer), answer.body


@pytest.fixture(scope="module")
def own_base(base: Base) -> str:
    """A second company of the same administrator, registered with a base of its own, where Bruno works too."""
    rules = Client(access, TENANT_ID, companies=COMPANY_ID, user_id=ADMIN)
    version = rules.get("/tenant/rules").body["version"]
    assert rules.put("/tenant/rules/base", {"base": "per_company"}, version=version).status == 200
    company = next(base.request(route).body for route in ROUTES if named(route) == "POST /companies")
    other = {**company, "sender_email": "outra@aurora.example"}
    made = Client(customers, TENANT_ID, companies=COMPANY_ID, user_id=ADMIN).post("/companies", other)
    assert made.status == 201, made.body
    _, second = rules.get("/bases").body["items"]
    assert second["company_ids"] == [made.body["id"]]
    let_in("usr_bruno", second["id"], made.body["id"])
    return str(second["id"])


@pytest.mark.req("SEC-02")
@each_route
def test_base_of_one_company_is_out_of_reach_from_another(
    base: Base, own_base: str, written: list[bytes], route: Route
) -> None:
    """By no route, id, list, search, count or file: in the own base nothing of the other exists, and the other is
    refused."""
    request, bruno = base.request(route), replace(signed_in(handler_of(route), "usr_bruno"), base=own_base)

    elsewhere = send(replace(bruno, base=TENANT_ID), route, request)
    assert_refused(elsewhere, 403, "access.removed", written)

    answer = send(bruno, route, request)
    received, sent = (
        json.dumps(what, ensure_ascii=False) for what in (answer.body, [request.ids, request.body])
    )
    assert [word for word in base.private if word in received and word not in sent] == []
    assert [row for row in written if f"{TENANT_ID}#".encode() in row] == []
    if request.ids:
        assert answer.status in {403, 404} or all_refused(answer), answer.body


OTHERS_MAY = {
    "/customers/{customer_id}": "who serves a customer corrects the registration, which is of the base",
    "/customers/{customer_id}/activity": "asked for by what is in contract, whoever's",
    "/customers/{customer_id}/usage/{month}/{usage_id}": "usage that no closing took is corrected by who counts it",
    "/utility-bills": "the same",
    "/tenant/rules/base": "for who serves all companies",
    "/tenant/rules/second-factor": "the same",
    "/listed-reasons/{reason_id}": "the same",
}
"""What belongs to the whole base and is changed by those who serve some of its companies, or has a refusal of its
own."""


@pytest.mark.req("SEC-02")
@each_of_a_company
def test_objects_of_another_company_are_not_shown(base: Base, route: Route) -> None:
    """The register, its usage and the configuration belong to the tenant; everything else belongs to a company."""
    answer = send(owner(route, companies="com_beta0001"), route, base.request(route))

    assert answer.status in {403, 404} or answer.body.get("code") == "reading.item" or told_nothing(answer)


def told_nothing(answer: Answer) -> bool:
    """All counts are zero, or nothing is listed except refusals."""
    assert answer.status == 200, answer.body
    if "months" in answer.body:
        return not any(month["closings"] for month in answer.body["months"])
    if "rows" in answer.body:
        return not answer.body["rows"]
    return all_refused(answer)


def all_refused(answer: Answer) -> bool:
    """Nothing is listed, or every item of a batch is refused."""
    return answer.status == 200 and all(item.get("outcome") == "refused" for item in answer.body["items"])


@each_post
def test_post_needs_an_idempotency_key(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)

    answer = owner(route).send("POST", request.path(route), request.body, query=request.query)

    assert_refused(answer, 400, "idempotency.missing", written)


@each_change
def test_change_needs_the_version_that_was_read(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)

    answer = owner(route).send(route.method, request.path(route), request.body, query=request.query)

    assert_refused(answer, 400, "if_match.missing", written)


@each_change
def test_change_of_an_older_version_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)

    answer = send(owner(route), route, replace(request, version=request.version + 7))

    assert_refused(answer, 412, "version.old", written)


@each_write
def test_body_over_one_megabyte_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = replace(base.request(route), body=f'{{"text": "{"é" * 600_000}"}}')  # two bytes each

    assert_refused(send(owner(route), route, request), 413, "body.too_large", written)


@each_body
def test_half_of_a_surrogate_pair_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)
    body = json.dumps(request.body, ensure_ascii=False, default=str)[:-1] + ' "\ud800"'

    assert_refused(send(owner(route), route, replace(request, body=body)), 400, "request.encoding", written)


@pytest.mark.parametrize("part", ["header", "query", "path"])
def test_half_of_a_surrogate_pair_is_refused_anywhere_in_a_request(
    written: list[bytes], part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.support.http.urlencode", str)
    client, half = Client(customers, TENANT_ID, companies=COMPANY_ID, user_id=ADMIN), "a\ud800"
    answer = client.send(
        "GET",
        f"/customers{'/' + half if part == 'path' else ''}",
        query={"name": half} if part == "query" else {},
        headers={"idempotency-key": half} if part == "header" else {},
    )

    assert_refused(answer, 400, "request.encoding", written)


@each_body
def test_unreadable_json_is_explained_in_portuguese(base: Base, written: list[bytes], route: Route) -> None:
    answer = send(owner(route), route, replace(base.request(route), body='{"amount": '))

    assert_refused(answer, 400, "request.invalid", written)
    [reason] = answer.body["reasons"]
    assert (reason["message"], "field" in reason) == ("o corpo não é um JSON válido", False)


@each_body
def test_missing_body_is_reported_as_such(base: Base, written: list[bytes], route: Route) -> None:
    answer = send(owner(route), route, replace(base.request(route), body=""))

    assert_refused(answer, 400, "request.invalid", written)
    messages = [reason["message"] for reason in answer.body["reasons"]]
    assert messages == ["a requisição veio sem corpo: envie os campos em JSON"]


@pytest.mark.parametrize("wrong", ["12,5", "1e3", "NaN", "Infinity", "", "9" * 40, "doze", 12.5])
@each_number
def test_number_that_cannot_be_read_is_reported_by_its_field(
    base: Base, written: list[bytes], route: Route, path: tuple[str | int, ...], wrong: object
) -> None:
    """A comma, an exponent, a number that no invoice has, a JSON number where text is required: nothing is guessed."""
    request = base.request(route)

    answer = send(owner(route), route, replace(request, body=put_at(request.body, path, wrong)))

    assert_refused(answer, 400, "request.invalid", written)
    assert {reason["field"].rpartition(".")[2] for reason in answer.body["reasons"]} == {path[-1]}
    assert not ENGLISH.search(" ".join(reason["message"] for reason in answer.body["reasons"]))


@each_batch
def test_json_number_in_a_batch_is_reported_by_line_and_field(
    base: Base, written: list[bytes], route: Route
) -> None:
    request, path = base.request(route), BATCHES[named(route)]

    answer = send(owner(route), route, replace(request, body=put_at(request.body, path, 12.5))).body

    (line,) = answer["items"]
    assert (line["id"], line["outcome"]) == ("1", "refused")
    assert [reason["field"] for reason in line["reasons"]] == [path[-1]]


@pytest.mark.req("PLT-02", "CON-05")
@each_in_one_form
def test_batch_has_an_answer_for_each_item_in_order(base: Base, route: Route) -> None:
    """An item that does not exist is itself refused, and nothing else is."""
    request, field = base.request(route), batches()[named(route)]
    wrong = [_not_there(request.body[field][0], number) for number in (1, 2)]

    answer = send(owner(route), route, replace(request, body={**request.body, field: wrong}))

    assert answer.status == 200, answer.body
    named_by = (
        ["1", "2"] if {} in wrong else [one if isinstance(one, str) else one["invoice_id"] for one in wrong]
    )
    assert [item["id"] for item in answer.body["items"]] == named_by
    assert {item["outcome"] for item in answer.body["items"]} == {"refused"}
    assert all(
        reason["code"] and reason["message"] for item in answer.body["items"] for reason in item["reasons"]
    )
    assert all(item["reasons"] for item in answer.body["items"])


@pytest.mark.req("PLT-06")
@each_in_one_form
def test_dry_run_shows_the_result_for_each_item_and_stores_nothing(
    base: Base, written: list[bytes], route: Route
) -> None:
    request, field = base.request(route), batches()[named(route)]
    items = [*request.body[field], _not_there(request.body[field][0], 1)]
    tried = replace(
        request, query={**dict(request.query), "dry_run": "true"}, body={**request.body, field: items}
    )

    answer = send(owner(route), route, tried)

    assert answer.status == 200, answer.body
    assert len(answer.body["items"]) == len(items)
    assert answer.body["items"][-1]["outcome"] == "refused"
    assert written == []


def _not_there(item: Any, number: int) -> Any:
    """An id that does not exist, if the item has an id; otherwise a line that cannot be read."""
    if isinstance(item, str):
        return f"{item.partition('_')[0]}_missing{number}"
    return {**item, "invoice_id": f"inv_missing{number}"} if "invoice_id" in item else {}


@pytest.mark.req("PLT-02", "INV-04", "MSG-02")
@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/customers/{customer_id}/invoices/print", "ids"),
        ("/customers/{customer_id}/messages", "invoice_ids"),
    ],
)
def test_refusal_of_several_items_names_each_that_prevents_the_operation(
    base: Base, cut_at_the_first_write: None, path: str, field: str
) -> None:
    route = next(route for route in ROUTES if named(route) == f"POST {path}")
    request = base.request(route)
    printed = base.request(next(route for route in ROUTES if route.path.endswith("/invoices/print")))
    ids = ["inv_missing1", *printed.body["ids"], "inv_missing2"]

    answer = send(owner(route), route, replace(request, ids=printed.ids, body={**request.body, field: ids}))

    assert answer.status == 404
    assert [reason["field"] for reason in answer.body["reasons"]] == [f"{field}.0", f"{field}.{len(ids) - 1}"]


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize(
    "claims",
    [
        {
            "token_use": "id",
            "sub": ADMIN,
            "tenant": TENANT_ID,
            "profiles": "administrador",
            "companies": COMPANY_ID,
        },
        {"token_use": "access", "sub": ADMIN},
    ],
    ids=["id token", "no membership"],
)
@each_route
def test_only_an_access_token_with_our_claims_opens(
    base: Base, written: list[bytes], route: Route, claims: dict[str, str]
) -> None:
    handler = handler_of(route)

    def handle(event: dict[str, Any], context: Any) -> Any:
        event["requestContext"]["authorizer"]["jwt"]["claims"] = claims
        return handler(event, context)

    answer = send(Client(handle), route, base.request(route))

    assert_refused(answer, 403, "access.token", written)


@pytest.mark.req("SEC-01")
@each_write
def test_caller_without_permission_learns_nothing_of_the_request(
    base: Base, written: list[bytes], monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    """Permission first: neither body, query nor headers are judged before it."""
    monkeypatch.setitem(PERMISSIONS_OF, Profile.CONSULTA, frozenset())
    request = base.request(route)
    client = owner(route, profile=Profile.CONSULTA)

    answer = client.send(route.method, request.path(route), '{"x": [', query={"x": "1"})

    assert_refused(answer, 403, "access.denied", written)


@pytest.mark.parametrize("route", ROUTES, ids=named)
def test_first_line_of_a_handler_asks_for_the_permission(route: Route) -> None:
    """A handler is called without its declared parameters just for this line (entry/reading.py)."""
    (definition,) = ast.parse(inspect.getsource(declared(route).func)).body
    assert isinstance(definition, ast.FunctionDef)
    first = ast.unparse(definition.body[0])
    permissions = r"Permission\.[A-Z_]+(, Permission\.[A-Z_]+)*"
    one = rf"(call = )?(api\.call\({permissions}\)|api\.batch\({permissions}, dry_run=dry_run\))"
    if named(route) in ABOUT_ONESELF:
        one = r"call = api\.call_about_oneself\(\)"
    assert re.fullmatch(one, first), first


BEYOND_LIMITS = {
    "body.too_deep": "[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1),
    "body.number": f'{{"a": {"9" * (MAX_DIGITS + 1)}}}',
    "body.repeated_field": '{"a": 1, "a": 2}',
    "body.too_many_fields": json.dumps({f"a{n}": n for n in range(MAX_KEYS + 1)}),
}


@pytest.mark.req("SEC-06")
@each_body
def test_body_beyond_the_limits_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    for code, body in BEYOND_LIMITS.items():
        assert_refused(send(owner(route), route, replace(base.request(route), body=body)), 400, code, written)


@pytest.mark.req("SEC-06")
@each_body
def test_of_very_many_unknown_fields_only_some_are_listed(
    base: Base, written: list[bytes], route: Route
) -> None:
    body = json.dumps({f"\u202ea{n}" * 40: n for n in range(999)})

    answer = send(owner(route), route, replace(base.request(route), body=body))

    assert_refused(answer, answer.status, answer.code, written)
    assert answer.status in {400, 422}
    assert len(json.dumps(answer.body)) < 20_000
    assert "\u202e" not in str(answer.body)


@pytest.mark.req("SEC-06")
@each_body
def test_only_json_is_read(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        headers = {"idempotency-key": "media-00001", "if-match": '"1"', "content-type": media}

        answer = owner(route).send(
            route.method, request.path(route), "a=1", query=request.query, headers=headers
        )

        assert_refused(answer, 415, "body.media_type", written)


@pytest.mark.req("SEC-06")
@each_route
def test_unknown_and_repeated_parameters_are_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)

    answer = send(owner(route), route, replace(request, query={**request.query, "cidade": "Recife"}))

    assert_refused(answer, 400, "request.invalid", written)
    assert [(r["field"], r["message"]) for r in answer.body["reasons"]] == [
        ("cidade", "parâmetro desconhecido")
    ]


LISTS = [
    (route, parameter.alias)
    for route in ROUTES
    for parameter in declared(route).dependant.query_params
    if "list[" in str(parameter.field_info.annotation)
]
"""Query parameters that take several values."""


@pytest.mark.parametrize(("route", "name"), LISTS, ids=str)
def test_list_parameter_may_be_repeated(base: Base, written: list[bytes], route: Route, name: str) -> None:
    """?status=open&status=suspended: a list filter is not refused as repeated."""
    assert len(LISTS) > 5
    request = base.request(route)
    query = [*dict(request.query).items(), (name, "ctr_1"), (name, "ctr_2")]

    answer = send(owner(route), route, replace(request, query=query))

    codes = [] if answer.status == 200 else [reason["code"] for reason in answer.body.get("reasons", [])]
    assert "field.query_repeated" not in codes


@pytest.mark.req("SEC-06")
@each_route
def test_path_value_that_is_not_an_id_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)
    for name, wrong in product(request.ids, ["x" * 3000, "cus_0001#contract", "cus_\x00001"]):
        answer = send(owner(route), route, replace(request, ids={**request.ids, name: wrong}))

        assert answer.status in {400, 404}, answer.body
        assert_refused(answer, answer.status, answer.code, written)
        assert len(json.dumps(answer.body)) < 2000


@pytest.mark.req("SEC-06")
@each_route
def test_parameter_of_any_length_is_refused_or_answered(
    base: Base, written: list[bytes], route: Route
) -> None:
    request = base.request(route)
    for parameter in declared(route).dependant.query_params:
        for wrong in (
            "9" * 5000,
            "9" * 30,
            "-1",
            "0001-01-01",
            "9999-12-31",
            "9999-12",
            "\x00",
            "é" * 1900,
            "",
        ):
            answer = send(
                owner(route), route, replace(request, query={**request.query, parameter.alias: wrong})
            )

            assert answer.status in {200, 201, 400, 404, 422}, (parameter.alias, wrong[:20], answer.body)
            assert len(json.dumps(answer.body)) < 1_000_000


NAMED_BY_PEOPLE = ("acc_", "com_", "con_", "cus_", "itm_", "pro_", "run_", "tpl_", "usr_")


@pytest.mark.req("PLT-06")
@pytest.mark.parametrize("route", [r for r in ROUTES if r.method == "GET"], ids=named)
def test_page_has_the_names_of_its_ids(base: Base, route: Route) -> None:
    """For members and for what people call by name; the thing itself, and what the address names, need no name."""
    request = base.request(route)
    answer = send(owner(route), route, request)
    if "names" not in (answer.body if isinstance(answer.body, dict) else {}):
        return  # not a page
    if route.path == "/bases":
        return  # companies of other bases, which this one does not know
    items = answer.body.get("items", [answer.body])
    known = {*answer.body["names"], *request.ids.values()}
    known |= {item.get("id") or item.get("user_id") for item in items}
    ids = {value for item in items for value in ids_in(item) if value.startswith(NAMED_BY_PEOPLE)} - known
    strangers = ids - set(members.names(TENANT_ID, ids))
    assert {value for value in ids if value not in strangers or not value.startswith("usr_")} == set()


PAGED = [route for route in ROUTES if "cursor" in {p.alias for p in declared(route).dependant.query_params}]
FORGED: list[Any] = [
    {"partition": {"S": f"{TENANT_ID}#runs"}},
    {"row": {"S": "x"}, "day_key": {"S": f"{TENANT_ID}#runs"}},
    {"partition": {"S": f"{TENANT_ID}#runs"}, "row": {"S": ""}},
    {"partition": {"S": f"{TENANT_ID}#runs"}, "row": {"N": "1"}, "day_key": {"S": f"{TENANT_ID}#runs"}},
    {"partition": {"S": f"{TENANT_ID}#x"}, "row": {"S": "x" * 1100}},
    {name: {"S": f"{TENANT_ID}#x"} for name in ("partition", "row", "day_key", "name_key", "registration_key")},
    {"partition": {"S": f"{TENANT_ID}#x", "N": "1"}, "row": {"S": "x"}},
    [], 1, None, "x", {},
]  # fmt: skip


MADE_WITHOUT_A_ROW = {
    "/customers/{customer_id}/charges/{charge_id}/history",  # a freeze makes it: its first row is its first change
    "/companies/{company_id}/history",  # part of the base, set up before anybody could sign in
    "/members/{user_id}/history",
}


@pytest.mark.req("INV-07", "REP-03")
@pytest.mark.parametrize("route", [r for r in ROUTES if r.path.endswith("/history")], ids=named)
def test_history_is_explained_in_words_from_the_beginning(base: Base, route: Route) -> None:
    answer = send(owner(route), route, base.request(route))

    assert answer.status == 200, answer.body
    assert answer.body["items"] or route.path in MADE_WITHOUT_A_ROW
    assert [event["text"] for event in answer.body["items"] if event["action"] in event["text"]] == []


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize("route", PAGED, ids=named)
def test_cursor_that_is_not_of_this_list_is_refused(base: Base, written: list[bytes], route: Route) -> None:
    request = base.request(route)
    texts = [json.dumps(key) for key in FORGED] + ["[" * 1400, "9" * 1400, "\x00"]
    cursors = [base64.urlsafe_b64encode(text.encode()).decode() for text in texts]
    for cursor in [*cursors, "x", "=", "", "====="]:
        query = (
            {"is_active": "true"} if "document" in request.query else dict(request.query)
        )  # that list is of one item
        answer = send(owner(route), route, replace(request, query={**query, "cursor": cursor}))

        code = "page.cursor" if answer.code == "page.cursor" else "request.invalid"  # with other characters
        assert_refused(answer, 400, code, written)


@pytest.mark.req("PLT-02")
@pytest.mark.parametrize("route", PAGED, ids=named)
def test_list_read_one_by_one_is_the_list(base: Base, monkeypatch: pytest.MonkeyPatch, route: Route) -> None:
    request = base.request(route)
    whole = send(owner(route), route, request).body
    monkeypatch.setattr(page, "MOST_LISTED", 1)

    items, cursor = list[Any](), None
    while len(items) <= len(whole["items"]):
        query = {**dict(request.query), **({} if cursor is None else {"cursor": cursor})}
        part = send(owner(route), route, replace(request, query=query)).body
        items += part["items"]
        cursor = part.get("next_cursor")
        if cursor is None:
            break

    assert items == whole["items"][: len(items)]
    assert cursor == whole.get("next_cursor")


@pytest.fixture(scope="module")
def in_use(base: Base) -> None:
    """A contract of the company uses the tax code of the requests; there is a usage entry of their item, and their
    template is sent."""
    route = next(route for route in ROUTES if named(route) == "POST /customers/{customer_id}/contracts")
    request = base.request(route)
    items = [
        {**item, "id": f"eqp_taxed{n:03}", "tax_code": "iss-05"}
        for n, item in enumerate(request.body["items"])
    ]
    body = {**request.body, "items": items[:1], "definitions": request.body["definitions"][:0]}
    made = send(owner(route), route, replace(request, body=body))
    assert made.status == 201, made.body
    let_in("usr_beatriz", TENANT_ID, "com_beta0001")


@pytest.mark.req("SEC-02")
@pytest.mark.parametrize(
    "route",
    [
        r
        for r in ROUTES
        if r.path in OF_THE_TENANT - OTHERS_MAY.keys() and r.method in {"PUT", "PATCH", "DELETE"}
    ],
    ids=named,
)
def test_object_that_another_company_uses_is_not_changed_and_the_refusal_names_it(
    base: Base, in_use: None, written: list[bytes], route: Route
) -> None:
    beatriz = replace(owner(route), user_id="usr_beatriz", companies="com_beta0001")

    answer = send(beatriz, route, base.request(route))

    assert answer.status == 422, answer.body
    text = " ".join([answer.body["title"], *(r["message"] for r in answer.body.get("reasons", []))])
    assert COMPANY["trade_name"] in text
    assert written == []


@pytest.mark.req("INV-07")
def test_history_of_every_charge_begins_with_how_it_was_made(base: Base) -> None:
    """By a freeze, an activation or a person, or by any way of making charges that is added later."""
    made = {
        "inserted",
        "booked",
        "charged",
        "adjusted",
        "added_by_settlement",
        "credited",
        "rebilled",
        "agreed",
    }
    client = Client(invoicing, TENANT_ID, companies=COMPANY_ID, user_id=ADMIN)
    begun = {}
    for charge in base.get("/charges")["items"]:
        path = f"/customers/{charge['customer_id']}/charges/{charge['id']}"
        first, *_ = client.get(f"{path}/history").body["items"]
        begun[charge["description"]] = first["action"].removeprefix("charge.")

    assert begun
    assert {what: action for what, action in begun.items() if action not in made} == {}
