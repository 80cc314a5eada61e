"""Walk a state machine in this process, in the order of its own ASL: tasks are called, chunks one after the other.

It knows the shape of statemachines/*.asl.json, and fails on any other; retries are left to the caller.
"""

import json
from importlib import import_module
from typing import Any

from billing.runs.kinds import RunKind
from infra.functions import ALL_FUNCTIONS
from infra.machines import definition_file, task_names

_HANDLERS = {f.logical_name: f.handler for f in ALL_FUNCTIONS}


class Walker:
    """Processes that run at once, to their end, in the caller's thread (`Processes` for the services)."""

    def __init__(self) -> None:
        self.started: list[tuple[str, str]] = []

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        if (machine, name) not in self.started:
            self.started.append((machine, name))
            walk(machine, data)


class Remembered:
    """Processes that are only recorded, for tests that walk them later."""

    def __init__(self) -> None:
        self.started: list[tuple[str, dict[str, Any]]] = []

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        self.started.append((machine, data))


def walk(machine: str, data: dict[str, Any]) -> None:
    """Execute the machine on `data`. A task's error goes where its state catches it, as in the real engine."""
    kind = RunKind(machine)
    states, tasks = json.loads(definition_file(kind).read_text()), task_names(kind)
    name, current = states["StartAt"], data
    while True:
        state = states["States"][name]
        try:
            current = _step(state, current, data, tasks)
        except Exception as error:
            if "Catch" not in state:
                raise
            current = {"failure": type(error).__name__}
            name = state["Catch"][0]["Next"]
            continue
        if state["Type"] in {"Fail", "Succeed"} or state.get("End"):
            return
        name = state["Next"]


def _step(
    state: dict[str, Any],
    current: dict[str, Any],
    execution_input: dict[str, Any],
    tasks: dict[str, str],
) -> dict[str, Any]:
    match state["Type"]:
        case "Task":
            return _task(state, current, execution_input, tasks)
        case "Map":
            inner = state["ItemProcessor"]
            (only,) = inner["States"].values()
            for chunk in current["chunks"]:
                item = {"tenant_id": current["tenant_id"], "run_id": current["run_id"], "chunk": chunk}
                _task(only, item, execution_input, tasks)
            return current
        case "Fail" | "Succeed":
            return current
        case kind:
            raise AssertionError(f"the walker does not know {kind}")


def _task(
    state: dict[str, Any],
    current: dict[str, Any],
    execution_input: dict[str, Any],
    tasks: dict[str, str],
) -> dict[str, Any]:
    payload = current
    if isinstance(state["Arguments"]["Payload"], dict):
        payload = {**execution_input, "failure": current.get("failure", "")}
    result = call_task(tasks[state["Arguments"]["FunctionName"].strip("${}")], payload)
    return current if state.get("Output") == "{% $states.input %}" else result


def call_task(logical_name: str, payload: dict[str, Any]) -> dict[str, Any]:
    module, _, entry = _HANDLERS[logical_name].rpartition(".")
    answer = getattr(import_module(module), entry)(json.loads(json.dumps(payload)), None)
    result: dict[str, Any] = json.loads(json.dumps(answer))
    return result
