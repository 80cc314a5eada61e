"""The tax authority's stand-in for the local cloud: it uses the cloud's clock, and keeps what it authorised in the cloud's
folder."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from billing.adapters.sandbox_authority.server import AuthorityServer


class CloudClock:
    """The local cloud's clock, which is a row of its platform table; without that row, the machine's clock."""

    def __init__(self, dynamodb: Any) -> None:
        self._dynamodb = dynamodb
        self._table: str | None = None

    def now(self) -> datetime:
        key = {"partition": {"S": "local#clock"}, "row": {"S": "clock"}}
        item = self._dynamodb.get_item(TableName=self._table_name(), Key=key).get("Item")
        return datetime.now(UTC) if item is None else datetime.fromisoformat(item["entity"]["M"]["at"]["S"])

    def _table_name(self) -> str:
        if self._table is None:
            names = self._dynamodb.list_tables()["TableNames"]
            [self._table] = [name for name in names if "PlatformTable" in name]
        return self._table


def authority_beside(dynamodb: Any, folder: Path) -> AuthorityServer:
    return AuthorityServer(CloudClock(dynamodb), folder)
