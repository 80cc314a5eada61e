"""Files: manifests, PDFs, remittances and returns, in one bucket per tenant's prefix."""

from collections.abc import Iterator
from typing import Protocol


class Files(Protocol):
    def put_once(self, key: str, data: bytes) -> bool:
        """Keep `data` unless something stands there already; whether it was kept."""
        ...

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None: ...

    def get(self, key: str, version: str | None = None) -> bytes:
        """What stands there, or what stood there as `version`. Raises NotFound."""
        ...

    def chunks(self, key: str) -> Iterator[bytes]:
        """The file in parts of some ten thousands of bytes, for files that are larger than memory. Raises NotFound."""
        ...

    def download_url(self, key: str, name: str) -> str:
        """A link that works for 15 minutes and saves the file as `name`."""
        ...

    def upload_url(self, key: str) -> str:
        """A link to which the caller PUTs one file within 15 minutes."""
        ...
