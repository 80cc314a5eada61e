"""Fixtures that every folder of tests uses."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import Scope
from billing.core.clock import FixedClock

if TYPE_CHECKING:  # botocore is not imported for tests that do not need it
    from tests.support.aws import InProcessAws


LONGEST_FIRST = (
    "stories/test_killed.py",
    "api/test_every_route.py",
    "web/test_walks.py",
    "infra/test_stacks_deployed.py",
    "infra/test_stacks.py",
    "web/test_console.py",
    "infra/test_local_persistence.py",
    "stories",
    "fuzz",
    "workflows",
    "store",
    "infra",
    "api",
)
"""Files, and folders, by the time of their slowest file; those that are not listed take at most half a minute each. The
deployed month comes first, because the walks continue in its cloud, and the killed one begins with its base."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In this order, because each file is run by one worker: if a walk of minutes began last, the other worker would
    wait."""
    rank = {name: order for order, name in enumerate(LONGEST_FIRST)}

    def order_of(item: pytest.Item) -> int:
        path = item.path.relative_to(Path(__file__).parent)
        return rank.get(path.as_posix(), rank.get(path.parts[0], len(rank)))

    items.sort(key=order_of)


@pytest.fixture
def aws() -> Iterator[InProcessAws]:
    """An empty in-process DynamoDB and S3, with all tables and the files bucket."""
    from tests.support.aws import in_process_aws
    from tests.support.tables import create_tables

    with in_process_aws() as running:
        create_tables()
        yield running


@pytest.fixture
def call() -> Call:
    """An administrator of one tenant, at noon of 2026-03-10 in São Paulo."""
    return Call(
        tenant_id="ten_alfa",
        actor=Actor("usr_ana"),
        scope=Scope.of("com_alfa"),
        permissions=frozenset(Permission),
        clock=FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)),
    )
