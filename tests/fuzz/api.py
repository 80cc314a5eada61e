"""Random requests to every route, and what must hold for each answer: `python -m tests.fuzz.api SECONDS [SEED]`.

Half of the requests are good ones (tests/support/every_route.py) corrupted in one or two places, half are drawn from
the published description, so that every field and every kind of pricing, contract or message occurs. No answer is a 500
or over 1 MB, none costs more than a few seconds of the processor, and each refusal is a problem in Portuguese.
"""

import json
import logging
import re
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from billing.entry.http import MAX_ANSWER_BYTES, PROBLEM
from infra.constructs.routes import Route
from infra.local.people import COMPANY_ID, TENANT_ID
from tests.support.aws import in_process_aws
from tests.support.every_route import ADMIN, ROUTES, Base, Request, declared, handler_of, lived_month
from tests.support.http import Answer, Client
from tests.support.tables import create_tables

DESCRIPTION = json.loads((Path(__file__).parents[2] / "docs" / "api" / "openapi.json").read_text())
BASE_LASTS_S = 120
"""A base in which much was removed and settled answers less and less: a new one replaces it."""
REQUEST_LASTS_S = 5.0
"""Processor time, including the emulator's; a request that takes longer is cut off and counts as a finding."""
FOREIGN = re.compile(
    r"""<\w+\.|\bdict\b|\btuple\b|\blist\b|\bNone\b|\bTrue\b|\bFalse\b|\bDecimal\b|\bobject at\b|Error\b|\w+_validator"""
    r"""|\b(should|must|input|valid|is|not|string|number|with|or|and|of|the|expected|invalid|greater|less|than|field|value"""
    r"""|required|type|unexpected|unable|parse|cannot|was|were|unknown)\b|AAAA-MM-DD|\[type=|\\u[0-9a-f]{4}""",
)
"""Words of Python and of English that no message uses."""

NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 10**15, 10**18 - 1, -(10**17), 0.5, "", " ", "0", "-0", "0.00", "-0.01", "0.01",
    "9999999999999.99", "99999999999999999999", "1e5", "NaN", "12,5", "0001-01-01", "1899-12-31", "1900-01-01", "2199-12-31",
    "9999-12-31", "2026-02-31", "2026-04-30", "2026-04", "0001-01", "9999-12", "2199-12", "2026-13", "x" * 121, "x" * 4001,
    "é" * 2000, "a\nb", "a\r\nBcc: b@c.com", "a\x00b", "\u202eb", "\u200b", "\ud7ff", "👩\u200d💻", "=1+1", "@SUM(A1)", "#", "a#b",
    "cus_0000", "con_7m3k9x2p4q8r1s5t6v0w", "com_alfa0001", "%[fatura]", "{0}", "{name}", "%s", "../..", "<b>", "'", '"', "sc",
    [], {}, [[]], [{}], {"a": 1}, {"start": "2026-04-01", "end": "2026-04-01"}, {"start": "2199-12-31", "end": "2200-01-01"},
)  # fmt: skip


class TooSlow(BaseException):
    """Not a subclass of Exception, so that nothing between the request and the fuzzer handles it."""


@contextmanager
def processor_seconds(limit: float) -> Iterator[None]:
    """Raises TooSlow wherever the code is once it has used that much processor time; in the main thread only."""

    def cut_off(_signal: int, _frame: object) -> None:
        raise TooSlow(f"more than {limit:g} s of processor time")

    former = signal.signal(signal.SIGPROF, cut_off)
    signal.setitimer(signal.ITIMER_PROF, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, former)


@dataclass
class Findings:
    """Requests and answers, and each way in which an answer broke a rule, with one request that shows it."""

    statuses: Counter[int] = field(default_factory=Counter)
    answered: set[str] = field(default_factory=set)
    largest: int = 0
    broken: dict[str, str] = field(default_factory=dict)

    def judge(self, route: Route, request: str, answer: Answer) -> None:
        name = f"{route.method} {route.path}"
        text = json.dumps(answer.body, ensure_ascii=False) if not isinstance(answer.body, bytes) else ""
        self.statuses[answer.status] += 1
        self.answered.add(name) if answer.status < 400 else None
        self.largest = max(self.largest, len(text.encode(errors="replace")))
        if answer.status >= 500 or len(text.encode(errors="replace")) > MAX_ANSWER_BYTES:
            self._note(f"{name}: {answer.status}, {len(text)} characters", request)
        if answer.status >= 400:
            for fault in _faults_of(answer):
                self._note(f"{name}: {fault}", request)

    def crash(self, route: Route, request: str, error: BaseException) -> None:
        frame = traceback.extract_tb(error.__traceback__)[-1]
        ours = [
            f
            for f in traceback.extract_tb(error.__traceback__)
            if "/billing/" in f.filename or "/functions/" in f.filename
        ]
        place = ours[-1] if ours else frame
        self.statuses[500] += 1
        what = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}: {str(error)[:150]}"
        self._note(f"500 {what}", f"{route.method} {route.path} {request}")

    def _note(self, what: str, request: str) -> None:
        """Printed at once too: the findings of an hour can be read while it runs."""
        if self.broken.setdefault(what, request) is request:
            print(f"\n{what}\n    {request}", file=sys.stderr, flush=True)


def _faults_of(answer: Answer) -> Iterator[str]:
    """For a refusal: it must be a problem whose title and reasons are in Portuguese."""
    body = answer.body
    if answer.headers.get("content-type") != PROBLEM or not isinstance(body, dict):
        yield f"{answer.status} is no problem"
        return
    if body.get("status") != answer.status or not body.get("code") or not body.get("title"):
        yield f"problem without status, code or title: {body}"
    for text in (body.get("title", ""), *(reason["message"] for reason in body.get("reasons", ()))):
        if FOREIGN.search(
            re.sub(r"-?\b[a-z_0-9]+(, -?[a-z_0-9]+)* ou -?[a-z_0-9]+|“[^”]*”|\"[^\"]*\"", "", text)
        ):
            yield f"foreign words: {text[:200]}"


class Fuzzer:
    def __init__(self, base: Base, random: Random, findings: Findings) -> None:
        self._base, self._random, self._findings = base, random, findings
        self._ids = sorted({value for request in base.requests.values() for value in request.ids.values()})
        self._versions: dict[str, int] = {}
        self._sent = 0

    def one(self) -> None:
        """One request to any route, judged."""
        random = self._random
        route = random.choice(ROUTES)
        request = self._spoilt(route, self._base.request(route))
        path = request.path(route)
        headers = self._headers(route, path, request)
        sent = json.dumps(
            {"path": path[:300], "query": request.query, "body": request.body, "headers": headers},
            ensure_ascii=True,
        )
        client = Client(handler_of(route), tenant_id=TENANT_ID, companies=COMPANY_ID, user_id=ADMIN)
        try:
            with processor_seconds(REQUEST_LASTS_S):
                answer = client.send(route.method, path, request.body, query=request.query, headers=headers)
        except (Exception, TooSlow) as error:  # noqa: BLE001  (any crash is what is looked for)
            self._findings.crash(route, sent[:1500], error)
            return
        if isinstance(answer.body, dict) and isinstance(answer.body.get("version"), int):
            self._versions[_thing(path)] = answer.body["version"]
        self._findings.judge(route, sent[:1500], answer)

    def _spoilt(self, route: Route, request: Request) -> Request:
        random = self._random
        ids, query, body = dict(request.ids), dict(request.query), request.body
        if random.random() < 0.15 and ids:
            ids[random.choice(list(ids))] = (
                self._value() if random.random() < 0.5 else random.choice(self._ids)
            )
        parameters = declared(route).dependant.query_params
        if random.random() < 0.5 and parameters:
            for parameter in random.sample(parameters, random.randint(1, len(parameters))):
                query[parameter.alias] = self._value()
        if body is not None or declared(route).dependant.body_params:
            body = self._body(route, body)
        return Request(
            {n: str(v) for n, v in ids.items()}, body, {n: str(v) for n, v in query.items()}, request.version
        )

    def _body(self, route: Route, good: Any) -> Any:
        random = self._random
        body = self._drawn(_schema_of(route), 0) if random.random() < 0.4 else json.loads(json.dumps(good))
        for _ in range(random.choice((0, 1, 1, 1, 2, 4))):
            body = self._changed(body)
        if random.random() < 0.03:
            text = json.dumps(body)
            at = random.randrange(len(text) + 1)
            return (
                text[:at]
                + random.choice(('"', "{", "[", ",", "\x00", "9" * 30, "\ud800", ""))
                + text[at + 1 :]
            )
        return body

    def _changed(self, value: Any) -> Any:
        """The value with something in it replaced, repeated, added or left out."""
        random = self._random
        if isinstance(value, dict) and value and random.random() < 0.9:
            name = random.choice(list(value))
            if random.random() < 0.1:
                return {n: v for n, v in value.items() if n != name}
            if random.random() < 0.05:
                return {**value, str(self._value())[:30]: self._value()}
            return {**value, name: self._changed(value[name])}
        if isinstance(value, list) and value and random.random() < 0.9:
            at = random.randrange(len(value))
            if random.random() < 0.1:
                return value * random.choice((0, 2, 30, 400))
            return [*value[:at], self._changed(value[at]), *value[at + 1 :]]
        return self._value()

    def _value(self) -> Any:
        random = self._random
        if random.random() < 0.1:
            return random.choice(self._ids)
        if random.random() < 0.05:
            return "".join(
                chr(random.choice((random.randrange(128), random.randrange(0xD800)))) for _ in range(12)
            )
        return random.choice(NASTY)

    def _drawn(self, schema: dict[str, Any], depth: int) -> Any:  # noqa: C901, PLR0911  (a case for each kind of schema)
        """A value that more or less fits the schema."""
        random = self._random
        schema = _resolved(schema)
        for choice in ("oneOf", "anyOf", "allOf"):
            if choice in schema:
                return self._drawn(random.choice(schema[choice]), depth)
        if "const" in schema:
            return schema["const"]
        if "enum" in schema:
            return random.choice(schema["enum"])
        if schema.get("examples") and random.random() < 0.6:
            return random.choice(schema["examples"])
        match schema.get("type"):
            case "object":
                required = schema.get("required", ())
                return {
                    name: self._drawn(inner, depth + 1)
                    for name, inner in schema.get("properties", {}).items()
                    if name in required or (depth < 6 and random.random() < 0.4)
                }
            case "array":
                items = schema.get("items") or random.choice(schema.get("prefixItems") or [{}])
                return [
                    self._drawn(items, depth + 1)
                    for _ in range(max(schema.get("minItems", 0), random.randrange(3)))
                ]
            case "integer":
                return random.randint(
                    int(schema.get("minimum", 0)), int(min(schema.get("maximum", 50), 10**9))
                )
            case "boolean":
                return random.random() < 0.5
            case "string":
                return self._text(schema)
        return self._value()

    def _text(self, schema: dict[str, Any]) -> Any:
        random = self._random
        if schema.get("format") == "date":
            return f"20{random.randrange(24, 30)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}"
        pattern = schema.get("pattern", "")
        if "(19|20|21)" in pattern:
            return f"2026-{random.randrange(1, 13):02d}"
        if pattern.startswith("^-?[0-9]"):
            return random.choice(("0", "0.01", "1", "12.5", "100", "-3.5", "99999.99"))
        if random.random() < 0.4:
            return random.choice(self._ids)
        return "Texto"[: schema.get("maxLength", 5)]

    def _headers(self, route: Route, path: str, request: Request) -> dict[str, str]:
        random = self._random
        self._sent += 1
        if random.random() < 0.02:
            return random.choice(
                ({}, {"content-type": "text/plain"}, {"if-match": "x"}, {"idempotency-key": "x" * 300})
            )
        if route.method == "POST":
            return {"idempotency-key": f"fuzz-{self._sent - (random.random() < 0.02):08d}"}
        version = self._versions.get(_thing(path), request.version)
        return {"if-match": f'"{version if random.random() < 0.9 else random.choice((0, 1, 2, 10**17))}"'}


def _thing(path: str) -> str:
    """The thing that a path is about: its versions are those of one row."""
    return "/".join(path.split("/")[:5])


def _schema_of(route: Route) -> dict[str, Any]:
    operation = DESCRIPTION["paths"][route.path][route.method.lower()]
    schema: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return schema


def _resolved(schema: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in schema:
        schema = DESCRIPTION["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


@contextmanager
def _new_base() -> Iterator[Base]:
    with in_process_aws(), tempfile.TemporaryDirectory() as mailbox:
        create_tables()
        with lived_month(Path(mailbox)) as base:
            yield base


def fuzz(seconds: float, seed: int) -> Findings:
    """Requests for that many seconds of request time, over as many bases as they need."""
    findings, left = Findings(), seconds
    random = Random(seed)
    while left > 0:
        with _new_base() as base:
            fuzzer = Fuzzer(base, random, findings)
            until = time.monotonic() + min(left, BASE_LASTS_S)
            while time.monotonic() < until:
                fuzzer.one()
        left -= BASE_LASTS_S
    return findings


def main(arguments: list[str]) -> int:
    seconds, seed = (
        float(arguments[0]) if arguments else 60.0,
        int(arguments[1]) if arguments[1:] else int(time.time()),
    )
    logging.disable(logging.CRITICAL)  # three lines for each request
    print(f"seed {seed}", flush=True)
    findings = fuzz(seconds, seed)
    print(f"{findings.statuses.total()} requests: {dict(sorted(findings.statuses.items()))}")
    print(
        f"{len(findings.answered)} of {len(ROUTES)} routes answered something; largest answer {findings.largest} bytes"
    )
    print(f"{len(findings.broken)} findings")
    return len(findings.broken) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
