"""Call an API function as the gateway does: payload 2.0, claims proven by the authorizer."""

import base64
import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from typing import Any
from urllib.parse import urlencode

from billing.access.model import Profile
from billing.access.tenants import Tenant
from billing.entry import membership
from billing.entry.http import PROTECTIVE_HEADERS
from billing.members.model import Member
from billing.members.store import Standing

_keys = count(1)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> str:
        return str(self.body["code"])

    @property
    def etag(self) -> str:
        return self.headers["etag"]


@dataclass(frozen=True)
class Client:
    """A signed-in user in front of one API function's handler."""

    handler: Any
    tenant_id: str = "ten_alfa"
    profile: str = Profile.ADMINISTRADOR
    """Or several, separated by blanks, as a token has them."""
    companies: str = "com_alfa"
    user_id: str = "usr_ana"
    is_known: bool = True
    """Whether the function has already read the membership, as the client states it. Otherwise it reads the rows."""
    forgets: bool = True
    """For a membership that is not yet read: whether it is read at each request, or cached as the function does."""
    second_factor: str = "yes"
    signed_in_at: int = field(default_factory=lambda: int(time.time()))
    """By the user pool's clock, in seconds since 1970."""
    scope: str = "openid aws.cognito.signin.user.admin"
    base: str | None = None
    """The base that each request names, if not the token's."""

    def get(self, path: str, **query: str) -> Answer:
        return self.send("GET", path, query=query)

    def post(self, path: str, body: Any = None, *, key: str | None = None) -> Answer:
        return self.send("POST", path, body, headers={"idempotency-key": key or f"key-{next(_keys):08d}"})

    def patch(self, path: str, body: Any, *, version: int) -> Answer:
        return self.send("PATCH", path, body, headers={"if-match": f'"{version}"'})

    def put(self, path: str, body: Any, *, version: int) -> Answer:
        return self.send("PUT", path, body, headers={"if-match": f'"{version}"'})

    def delete(self, path: str, *, version: int) -> Answer:
        return self.send("DELETE", path, headers={"if-match": f'"{version}"'})

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: dict[str, str] | list[tuple[str, str]] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": urlencode(query or {}),
            "queryStringParameters": _joined(query or {}),
            "headers": {
                "content-type": "application/json",
                "authorization": f"Bearer {self.user_id}",
                **({} if self.base is None else {"mensal-base": self.base}),
                **(headers or {}),
            },
            "isBase64Encoded": False,
            "requestContext": {
                "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
                "stage": "$default",
                "requestId": "req-1",
                "authorizer": {
                    "jwt": {
                        "claims": {
                            "token_use": "access",
                            "sub": self.user_id,
                            "tenant": self.tenant_id,
                            "profiles": self.profile,
                            "companies": self.companies,
                            "second_factor": self.second_factor,
                            "auth_time": str(self.signed_in_at),
                            "scope": self.scope,
                        }
                    }
                },
            },
        }
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        self._membership()
        result = self.handler(event, None)
        raw = result.get("body") or ""
        if result.get("isBase64Encoded"):
            content: Any = base64.b64decode(raw)
        else:
            content = json.loads(raw) if raw else None
        answered = {name.lower(): value for name, value in (result.get("headers") or {}).items()}
        missing = {name for name in PROTECTIVE_HEADERS if name.lower() not in answered}
        assert not missing, f"{method} {path} is answered without {missing}"  # for every answer of every test
        return Answer(result["statusCode"], content, answered)

    def _membership(self) -> None:
        if not self.is_known:
            if self.forgets:
                membership.forget()
            return
        member = Member(
            user_id=self.user_id,
            tenant_id=self.tenant_id,
            name="Ana",
            email="ana@example.com",
            profile_ids=tuple(self.profile.split(" ")),
            company_ids=tuple(self.companies.split(" ")),
            since=datetime(2026, 1, 1, tzinfo=UTC),
        )
        tenant = Tenant(id=self.tenant_id, name="Alfa", company_ids=member.company_ids)
        membership.keep(self.tenant_id, self.user_id, Standing(member, tenant))


def _joined(query: dict[str, str] | list[tuple[str, str]]) -> dict[str, str]:
    """A parameter that occurs several times arrives as one, its values separated by commas (payload 2.0)."""
    joined: dict[str, str] = {}
    for name, value in query.items() if isinstance(query, dict) else query:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined
