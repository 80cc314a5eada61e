"""What the story needs from a cloud: the public API as each user, a clock to move, and a bank's way to put and get
files."""

import json
import time
import urllib.parse
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any, Protocol

import urllib3

from infra.local.cloud import LocalCloud
from infra.local.deploy import Outputs
from infra.local.people import User, point_at


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any


class RequestFailed(AssertionError):
    """The API refused something that the story takes for granted."""


class Cloud(Protocol):
    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        """Send a request as the user with profile `who`. POSTs get a new Idempotency-Key unless `key` is given."""
        ...

    def travel(self, at: datetime) -> None:
        """Move the cloud's clock."""
        ...

    def upload(self, link: dict[str, Any], data: bytes) -> None:
        """Put a file where a link from the API says."""
        ...

    def download(self, url: str) -> bytes: ...

    def breathe(self) -> None:
        """Wait a little before asking again."""
        ...


class DeployedCloud:
    """The local cloud, over HTTP, signed in by Cognito."""

    def __init__(self, cloud: LocalCloud, outputs: Outputs, users: list[User]) -> None:
        self._cloud = cloud
        self._url = cloud.api_url(outputs["MensalApi"]["ApiId"])
        self._outputs = outputs
        self._users = {user.profile: user for user in users}
        self._tokens: dict[str, str] = {}
        self._keys = count(int(time.time() * 1000))
        self._http = urllib3.PoolManager(timeout=120, retries=False)

    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        headers = {"authorization": f"Bearer {self.token(who)}", "content-type": "application/json"}
        if method == "POST":
            headers["idempotency-key"] = key or f"story-{next(self._keys)}"
        elif version is not None:
            headers["if-match"] = f'"{version}"'
        answer = self._http.request(
            method, f"{self._url}{path}", body=json.dumps(body) if body is not None else None, headers=headers
        )
        return Answer(answer.status, json.loads(answer.data) if answer.data else None)

    def token(self, who: str) -> str:
        """The access token of the user with this profile."""
        if who not in self._tokens:
            user = self._users[who]
            signed_in = self._cloud.client("cognito-idp").initiate_auth(
                ClientId=self._outputs["MensalIdentity"]["UserPoolClientId"],
                AuthFlow="USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": user.email, "PASSWORD": user.password},
            )
            self._tokens[who] = signed_in["AuthenticationResult"]["AccessToken"]
        return self._tokens[who]

    def travel(self, at: datetime) -> None:
        point_at(self._cloud, self._outputs)
        from billing.core.table import Writes
        from billing.entry.wiring import clock_row

        writes = Writes()
        writes.overwrite(clock_row(at))
        writes.commit()

    def travel_home(self) -> None:
        """Go back to the machine's own clock."""
        point_at(self._cloud, self._outputs)
        from billing.entry.wiring import clock_row

        clock_row(datetime.now(UTC)).delete()

    def upload(self, link: dict[str, Any], data: bytes) -> None:
        answer = self._http.request("POST", link["url"], fields={**link["fields"], "file": ("file", data)})
        if answer.status != 204:
            raise RequestFailed(f"upload answered {answer.status}")

    def download(self, url: str) -> bytes:
        answer = self._http.request("GET", url)
        if answer.status != 200:
            raise RequestFailed(f"download answered {answer.status}")
        data: bytes = answer.data
        return data

    def breathe(self) -> None:
        time.sleep(0.25)  # polling, too, is work for the machine that does the run


def query(path: str, **values: str) -> str:
    return f"{path}?{urllib.parse.urlencode(values)}"
