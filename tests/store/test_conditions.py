"""What a transaction asks of rows that it does not write."""

import pytest

from billing.access.call import Call
from billing.audit.changes import Changes, PlatformTable
from billing.core.entity import Entity
from billing.core.errors import Conflict
from billing.core.table import Table, entity_row, find
from tests.support.aws import InProcessAws


class Note(Entity):
    text: str = "nota"


def row(name: str) -> Table:
    return entity_row(PlatformTable, "ten_alfa#notes", name, Note())


def put_unless(call: Call, name: str, *, there_is: str) -> None:
    changes = Changes(call)
    changes.put(row(name))
    changes.require_absent(PlatformTable, "ten_alfa#notes", there_is)
    changes.commit()


@pytest.mark.req("PLT-04")
def test_nothing_is_written_where_a_row_that_must_be_absent_exists(aws: InProcessAws, call: Call) -> None:
    put_unless(call, "first", there_is="marker")
    put_unless(call, "marker", there_is="another")

    with pytest.raises(Conflict):
        put_unless(call, "second", there_is="marker")
    assert find(PlatformTable, "ten_alfa#notes", "first", Note) == Note()
    assert find(PlatformTable, "ten_alfa#notes", "second", Note) is None
