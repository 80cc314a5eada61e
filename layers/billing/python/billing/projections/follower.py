"""What follows the tables' streams: the states of the rows that were written, as they come.

A stream tells each change at least once, in order within a partition. A lost one is made good by the catch-up of the day
(`rebuilding.catch_up`), which writes states that are the same.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from billing.core.files import Files
from billing.core.table import image_of
from billing.projections import states
from billing.projections.states import RowState


def follow(files: Files, records: Iterable[Mapping[str, Any]]) -> int:
    """Keep the states told by one batch of a stream; how many. The same batch again puts the same files.

    A row that was removed keeps its last state: no kind of row that is kept here is ever removed.
    """
    put = (record for record in records if record["eventName"] != "REMOVE")
    return states.put(files, (RowState(*image_of(record["dynamodb"]["NewImage"])) for record in put))
