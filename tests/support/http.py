"""Call an API function as the gateway does: payload 2.0, claims proven by the authorizer."""

import base64
import json
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlencode

from billing.access.model import Profile

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
    profile: Profile = Profile.ADMINISTRADOR
    companies: str = "com_alfa"
    user_id: str = "usr_ana"

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
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        event = {
            "version": "2.0",
            "routeKey": "$default",
            "rawPath": path,
            "rawQueryString": urlencode(query or {}),
            "queryStringParameters": query or {},
            "headers": {"content-type": "application/json", **(headers or {})},
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
                            "profile": self.profile,
                            "companies": self.companies,
                        }
                    }
                },
            },
        }
        if body is not None:
            event["body"] = body if isinstance(body, str) else json.dumps(body)
        result = self.handler(event, None)
        raw = result.get("body") or ""
        if result.get("isBase64Encoded"):
            content: Any = base64.b64decode(raw)
        else:
            content = json.loads(raw) if raw else None
        answered = {name.lower(): value for name, value in (result.get("headers") or {}).items()}
        return Answer(result["statusCode"], content, answered)
