"""State transitions that a run is billed for, counted from the definitions: each state entered, and each start.

`python -m tests.bench.bench_transitions` prints all machines; `make bench` collects `measure()`. A child of a
distributed Map that is a standard workflow is billed like a run of its own:
https://aws.amazon.com/step-functions/pricing/
"""

import json
from math import ceil
from typing import Any

from billing.runs.kinds import RunKind
from billing.runs.store import CHUNK_KEYS
from infra.machines import definition_file

KEYS = 1000


def measure() -> dict[str, dict[str, Any]]:
    """For the billing run: 1,000 customers with one invoice each."""
    return {
        "transitions_per_1000_invoices": {
            "median": transitions(RunKind.BILLING_RUN, KEYS),
            "unit": "transitions",
        }
    }


def transitions(kind: RunKind, keys: int) -> int:
    """For a run over that many keys in which nothing fails."""
    return _walked(json.loads(definition_file(kind).read_text()), ceil(keys / CHUNK_KEYS))


def _walked(scope: dict[str, Any], chunks: int) -> int:
    """The start, and every state from the first to the last, with the children of each Map."""
    count, name = 1, scope["StartAt"]
    while name is not None:
        state = scope["States"][name]
        count += 1
        if "ItemProcessor" in state:
            count += chunks * _walked(state["ItemProcessor"], 0)
        name = state.get("Next")
    return count


if __name__ == "__main__":
    for machine in RunKind:
        print(f"{machine:<40}{transitions(machine, KEYS):>12} transitions")
