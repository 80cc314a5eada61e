"""Files: manifests, PDFs, remittances and returns, in one bucket; a key is folder, tenant and name.

>>> Folder.RUNS.key("ten_alfa", "run_1", "manifest.json")
'runs/ten_alfa/run_1/manifest.json'
"""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from enum import StrEnum
from typing import Protocol

from billing.core.entity import Entity

FORM_VALID_FOR = timedelta(minutes=15)


class Folder(StrEnum):
    """What a file is. Who may write it, which function it wakes and how long it is kept depend on its folder."""

    UPLOADED_RETURNS = "uploads/returns"
    UPLOADED_USAGE = "uploads/usage"
    UPLOADED_STATEMENTS = "uploads/statements"
    BANK_CHANNEL = "bank-channel"
    """Returns that a bank delivers over its own channel. Only that machine writes here, no function and no person."""
    RUNS = "runs"
    RETURNS = "returns"
    """The content of each return, known by its hash."""
    REMITTANCES = "remittances"
    MESSAGES = "messages"
    IMPORT_REPORTS = "import-reports"
    SIMULATIONS = "simulations"
    PAPERS = "papers"
    """Invoices and receipts as PDF; drawn again when missing."""
    KITS = "kits"
    """What banks ask for before they let a company register boletos."""
    FISCAL = "fiscal"
    """Fiscal documents, byte for byte as sent and authorised, and the PDFs made from them."""
    STATES = "states"
    """The last state of each row as columns, which lists over all customers query."""

    def key(self, tenant_id: str, *names: str) -> str:
        return "/".join([self, tenant_id, *names])

    @property
    def prefix(self) -> str:
        return f"{self}/"


class Link(Entity):
    """Um endereço que vale por 15 minutos."""

    url: str


class UploadForm(Entity):
    """Envie o arquivo com POST (multipart/form-data) para `url`: os campos de `fields` como vieram e, por último, o
    arquivo no campo `file`. O endereço vale por 15 minutos e para um só arquivo."""

    url: str
    fields: dict[str, str]
    max_bytes: int
    """O maior tamanho aceito; um arquivo maior é recusado no envio."""


class Files(Protocol):
    def put_once(self, key: str, data: bytes) -> bool:
        """Keep `data` unless the key exists already. Returns whether it was kept."""
        ...

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None: ...

    def get(self, key: str, version: str | None = None) -> bytes:
        """The content, or that of an earlier `version`. Raises NotFound."""
        ...

    def chunks(self, key: str, version: str | None = None) -> Iterator[bytes]:
        """As `get`, in parts of some tens of kilobytes, for files larger than memory. Raises NotFound."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin with `prefix`, in order."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove the files. A key that does not exist is no error."""
        ...

    def download_url(self, key: str, name: str) -> str:
        """A link that works for 15 minutes and saves the file as `name`."""
        ...

    def upload_form(self, key: str, content_type: str, max_bytes: int) -> UploadForm:
        """A form with which the caller POSTs one file to `key` within `FORM_VALID_FOR`."""
        ...
