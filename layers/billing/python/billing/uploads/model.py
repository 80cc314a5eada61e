"""An upload: an address given out for one file, and to whom. When the file arrives, nobody is signed in."""

from datetime import datetime
from typing import Any, NamedTuple

from pydantic import Field

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import Scope
from billing.core.clock import Clock
from billing.core.errors import Refused
from billing.core.files import Folder
from billing.core.ids import ID_PATTERN
from billing.core.table import Aggregate


class UploadRule(NamedTuple):
    """What a folder accepts. An object larger than `max_bytes` is refused by S3 while it is being sent."""

    folder: Folder
    max_bytes: int


class StoredFile(NamedTuple):
    """An object in the bucket, as reported by S3: at least once, in any order."""

    key: str
    size: int
    version: str | None = None

    @classmethod
    def of_event(cls, event: dict[str, Any]) -> "StoredFile":
        """https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html."""
        put = event["detail"]["object"]
        return cls(put["key"], put["size"], put.get("version-id"))

    def tenant_in(self, folder: Folder) -> str:
        return self.key.removeprefix(folder.prefix).partition("/")[0]


class Upload(Aggregate):
    """The file is processed on behalf of the person recorded here, with these companies and permissions only."""

    id: str = Field(pattern=ID_PATTERN)
    key: str
    max_bytes: int
    user_id: str
    companies: str
    """A scope, as text."""
    permissions: tuple[Permission, ...]
    request: dict[str, str] = {}
    """What the person said the file is."""
    offered_at: datetime
    received_at: datetime | None = None
    version_id: str | None = None
    """The object that arrived first; the address is used up."""

    @property
    def scope(self) -> Scope:
        return Scope.read(self.companies)

    def received(self, file: StoredFile, at: datetime) -> "Upload":
        """Raises Refused for a second file at the same address, and for one that is too large."""
        if self.received_at is not None and self.version_id != file.version:
            raise Refused(
                "upload.used", "O endereço já recebeu um arquivo. Peça outro endereço para enviar o próximo."
            )
        if file.size > self.max_bytes:
            limit = self.max_bytes // 1_000_000
            raise Refused("upload.too_large", f"O arquivo passa de {limit} MB. Divida-o e envie as partes.")
        return self if self.received_at else self.evolve(received_at=at, version_id=file.version)

    def call(self, tenant_id: str, clock: Clock) -> Call:
        return Call(tenant_id, Actor(self.user_id), self.scope, frozenset(self.permissions), clock)
