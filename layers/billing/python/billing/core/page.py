"""Pages of a list, followed by an opaque cursor."""

import base64
import binascii
import json
from typing import Any, Generic, TypeVar

from billing.core.entity import Entity
from billing.core.errors import InvalidInput

E = TypeVar("E", bound=Entity)

MAX_PAGE = 100


class Page(Entity, Generic[E]):
    items: tuple[E, ...]
    next_cursor: str | None = None
    """Envie em `cursor` para ler a página seguinte; ausente na última."""


def encode_cursor(last_key: dict[str, Any] | None) -> str | None:
    """DynamoDB's LastEvaluatedKey as a token that callers do not read."""
    if not last_key:
        return None
    return base64.urlsafe_b64encode(json.dumps(last_key, separators=(",", ":")).encode()).decode()


def decode_cursor(cursor: str | None, tenant_id: str) -> dict[str, Any] | None:
    """The key to go on from. Raises InvalidInput for a token that is not ours or that names another tenant."""
    if cursor is None:
        return None
    try:
        key = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        partitions = [
            value["S"] for name, value in key.items() if name == "partition" or name.endswith("_key")
        ]
    except (binascii.Error, ValueError, AttributeError, TypeError, KeyError):
        raise InvalidInput("page.cursor", "Cursor inválido. Recomece a lista.") from None
    if not partitions or not all(p.startswith(f"{tenant_id}#") for p in partitions):
        raise InvalidInput("page.cursor", "Cursor inválido. Recomece a lista.")
    return dict(key)
