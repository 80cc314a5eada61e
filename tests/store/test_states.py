"""States of rows as columns: the highest version wins, in whatever order they come, and wherever a fold is cut off."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.core.table import image_of
from billing.projections import follower, states
from billing.projections.engine import Engine, fold
from billing.projections.kinds import CUSTOMER, INVOICE, KINDS, kind_of
from billing.projections.states import RowState
from tests.support.billing import MemoryFiles, customer
from tests.support.invoices import invoice

TENANT = "ten_alfa"


def state(number: int, version: int, **changes: Any) -> RowState:
    """An invoice in the state of its row; the amount says which version it is."""
    owed = invoice(id=f"inv_{number}", number=number + 1).to_map()
    return RowState(
        f"{TENANT}#cus_ana0", f"invoice#inv_{number}", version, {**owed, "amount": f"{version}.00", **changes}
    )


def amounts(files: MemoryFiles) -> dict[str, int]:
    with Engine(files, TENANT, ["invoice"]) as engine:
        return dict(engine.rows("SELECT id, amount_cents FROM invoice"))


class CutOff(Exception):
    """The process ends here."""


class CutFiles(MemoryFiles):
    """Ends the process at a write or removal."""

    left = 10**9

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        self._count()
        super().put(key, data, content_type)

    def delete(self, keys: Any) -> None:
        for key in list(keys):
            self._count()
            super().delete([key])

    def _count(self) -> None:
        if not self.left:
            raise CutOff
        self.left -= 1


@pytest.mark.req("REP-02", "PLT-07")
def test_without_any_file_there_is_no_state() -> None:
    assert amounts(MemoryFiles()) == {}


@pytest.mark.req("REP-02", "PLT-04")
@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    st.lists(
        st.one_of(
            st.tuples(st.integers(0, 4), st.integers(1, 5)),  # a state arrives: number and version
            st.integers(0, 3),  # a fold is cut off at its n-th change
        ),
        max_size=25,
    )
)
def test_highest_version_counts_in_any_order_and_after_folds_cut_off(events: list[Any]) -> None:
    files, last = CutFiles(), {}
    for event in events:
        if isinstance(event, int):
            files.left = event
            with suppress(CutOff):
                fold(files, TENANT, INVOICE, above=0)
            files.left = 10**9
        else:
            number, version = event
            last[f"inv_{number}"] = max(version * 100, last.get(f"inv_{number}", 0))
            states.put(files, [state(number, version)])

    assert amounts(files) == last
    fold(files, TENANT, INVOICE, above=0)
    assert amounts(files) == last


@pytest.mark.req("REP-02")
def test_fold_leaves_one_file_and_few_deltas_are_left_alone() -> None:
    files = MemoryFiles()
    for version in (1, 2, 3):
        states.put(files, [state(1, version)])

    assert not fold(files, TENANT, INVOICE, above=3)
    assert fold(files, TENANT, INVOICE, above=2)

    (key,) = files.keys(states.folder(TENANT, INVOICE))
    assert "/base-" in key
    assert amounts(files) == {"inv_1": 300}


def stream(*rows: RowState) -> Iterator[dict[str, Any]]:
    from billing.core.table import EntityAttribute

    for place, row in enumerate(rows):
        image = {
            "partition": {"S": row.partition},
            "row": {"S": row.row},
            "version": {"N": str(row.version)},
            "entity": {"M": EntityAttribute().serialize(dict(row.entity))},
        }
        yield {"eventID": f"e{place}", "eventName": "MODIFY", "dynamodb": {"NewImage": image}}


@pytest.mark.req("REP-02")
def test_a_batch_of_a_stream_is_kept_once_however_often_it_comes() -> None:
    files, batch = MemoryFiles(), list(stream(state(1, 1), state(2, 7)))

    assert follower.follow(files, batch) == follower.follow(files, batch) == 2

    assert len(files.kept) == 1
    assert amounts(files) == {"inv_1": 100, "inv_2": 700}
    assert image_of(batch[0]["dynamodb"]["NewImage"])[:3] == (f"{TENANT}#cus_ana0", "invoice#inv_1", 1)


@pytest.mark.req("SEC-03")
def test_only_searchable_fields_of_a_person_are_kept() -> None:
    ana = customer("cus_ana0")
    files = MemoryFiles()

    states.put(files, [RowState(f"{TENANT}#cus_ana0", "customer", 1, ana.to_map())])

    with Engine(files, TENANT, ["customer"]) as engine:
        ((name, city),) = engine.rows("SELECT name, city FROM customer")
    assert (name, city) == (ana.name, "Rio de Janeiro")
    assert not set(CUSTOMER.types) & {"document", "emails", "number", "fiscal_notes", "addresses"}


def test_rows_of_unknown_kinds_are_skipped() -> None:
    for row in ("audit#invoice#inv_1#000001", "invoicex#1", "counter", "customers", "customer#x", "answer"):
        assert kind_of(row) is None, row
    for kind in KINDS.values():
        assert kind_of(kind.prefix + ("" if kind is CUSTOMER else "id_1")) is kind
    assert states.put(MemoryFiles(), [RowState("ten_a#x", "audit#invoice#inv_1#000001", 1, {})]) == 0
