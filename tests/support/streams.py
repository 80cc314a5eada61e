"""The tables' streams in process: the follower receives what is written, as from a stream."""

import itertools
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

_ids = itertools.count(1)


@contextmanager
def recorded() -> Iterator[list[dict[str, Any]]]:
    """Every change of a row while the block runs, as records of a stream, oldest first."""
    from ministack.services import dynamodb

    records: list[dict[str, Any]] = []

    def emit(_table: str, name: str, old: Any, new: Any, **_named: Any) -> None:
        change = {"OldImage": old, "NewImage": new}
        images = {image: item for image, item in change.items() if item is not None}
        records.append({"eventID": f"e{next(_ids)}", "eventName": name, "dynamodb": images})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dynamodb, "_emit_stream_event", emit)
        yield records
