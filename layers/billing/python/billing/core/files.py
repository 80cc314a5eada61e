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
    """What a file is; who may write it, whom it wakes and how long it is kept are told by folder."""

    UPLOADED_RETURNS = "uploads/returns"
    UPLOADED_USAGE = "uploads/usage"
    UPLOADED_STATEMENTS = "uploads/statements"
    BANK_CHANNEL = "bank-channel"
    """Returns that a bank drops by its own channel. No function writes here, and no person: only that machine."""
    RUNS = "runs"
    RETURNS = "returns"
    """The content of each return, known by its hash."""
    REMITTANCES = "remittances"
    MESSAGES = "messages"
    IMPORT_REPORTS = "import-reports"
    SIMULATIONS = "simulations"
    PAPERS = "papers"
    """Invoices and receipts in PDF: drawn again when they are not there."""
    KITS = "kits"
    """What banks ask for before they let a company register boletos."""
    FISCAL = "fiscal"
    """Fiscal documents, byte for byte as they were sent and authorised, and what is made of them."""
    STATES = "states"
    """The last states of rows as columns, by which lists over all customers are asked."""

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
        """Keep `data` unless something stands there already; whether it was kept."""
        ...

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None: ...

    def get(self, key: str, version: str | None = None) -> bytes:
        """What stands there, or what stood there as `version`. Raises NotFound."""
        ...

    def chunks(self, key: str, version: str | None = None) -> Iterator[bytes]:
        """As `get`, in parts of some ten thousands of bytes, for files that are larger than memory. Raises NotFound."""
        ...

    def keys(self, prefix: str) -> list[str]:
        """The keys that begin so, in order."""
        ...

    def delete(self, keys: Iterable[str]) -> None:
        """Remove what stands there; nothing for a key that is not there."""
        ...

    def download_url(self, key: str, name: str) -> str:
        """A link that works for 15 minutes and saves the file as `name`."""
        ...

    def upload_form(self, key: str, content_type: str, max_bytes: int) -> UploadForm:
        """A form by which the caller POSTs one file to `key` within `FORM_VALID_FOR`."""
        ...
