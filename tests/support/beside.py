"""A run concurrent with itself: its second start comes between two writes of the first, at each of them."""

from collections.abc import Callable, Iterator
from typing import Any

from billing.entry.tables import ALL_TABLES
from tests.support.aws import in_process_aws, put_back, state
from tests.support.cutting import count_writes, meanwhile
from tests.support.tables import create_tables

_OF_AN_ATTEMPT = {"attempt", "finished_at", "repeats"}
Rows = dict[tuple[str, str, str], tuple[int, dict[str, Any]]]


def beside_itself(base: Callable[[], object], run: Callable[[], object]) -> Iterator[tuple[int, Rows, Rows]]:
    """Each write of `run`, the rows when the second start comes there, and those of an undisturbed run.

    Each starts from the same `base`. How often the run and its return were written is left out, because two starts are
    two.
    """
    with in_process_aws() as aws:
        create_tables()
        base()
        begun = state()
        points = count_writes(aws, run)
        undisturbed = _kept()
    assert points > 8
    for point in range(points):
        with in_process_aws() as aws:
            put_back(begun)
            with meanwhile(aws, point, run):
                run()
            yield point, _kept(), undisturbed


def _kept() -> Rows:
    """Every row of every table, versions and audit entries too."""
    return {
        (table.Meta.table_name, row.partition, row.row): _told(row)
        for table in ALL_TABLES
        for row in table.scan()
        if not row.row.startswith(("audit#run#", "audit#return#"))
    }


def _told(row: Any) -> tuple[int, dict[str, Any]]:
    version = 0 if row.row.startswith(("run#", "return#")) else int(row.version)
    return version, {name: value for name, value in row.entity.items() if name not in _OF_AN_ATTEMPT}
