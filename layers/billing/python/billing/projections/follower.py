"""Follows the tables' streams: stores the states of rows as they are written.

A stream delivers each change at least once, in order within a partition. A lost change is made good by the daily
catch-up (`rebuilding.catch_up`), which writes the same states.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from billing.core.files import Files
from billing.core.table import image_of
from billing.projections import states
from billing.projections.states import RowState


def follow(files: Files, records: Iterable[Mapping[str, Any]]) -> int:
    """Store the states in one batch of a stream; returns how many. The same batch again writes the same files.

    A row that was removed keeps its last state: no kind of row that is kept here is ever removed.
    """
    put = (record for record in records if record["eventName"] != "REMOVE")
    return states.put(files, (RowState(*image_of(record["dynamodb"]["NewImage"])) for record in put))
