"""Step Functions in the local cloud: JSONata where the emulator understands only JSONPath, and the history of each
child."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import copy
import json
import threading
from typing import Any

from ministack.services import stepfunctions

State = dict[str, Any]
Context = dict[str, Any]
Execution = dict[str, Any]

_NOT_EMULATED = ("ItemBatcher", "ResultWriter")


def evaluate_jsonata_in_distributed_maps() -> None:
    """A distributed Map takes the text of an expression as its only item and reports success.

    Fixed for Items, ItemReader, ItemSelector, MaxConcurrency, the tolerated failures, Output and Assign. ItemBatcher
    and ResultWriter, which the emulator silently ignores, are refused.
    """
    run_in_jsonpath = stepfunctions._run_distributed_map

    def run(
        state: State, raw_input: Any, effective: Any, processor: State, execution: Execution, context: Context
    ) -> tuple[Any, str | None]:
        for field in _NOT_EMULATED:
            if field in state:
                raise stepfunctions._ExecutionError("States.Runtime", f"{field} is not emulated")
        if stepfunctions._state_query_language(state, context) != "JSONata":
            answer: tuple[Any, str | None] = run_in_jsonpath(
                state, raw_input, effective, processor, execution, context
            )
            return answer
        items = _selected(state, _items(state, raw_input, context), raw_input, context)
        limits = _limits(state, raw_input, context)
        results, _ = run_in_jsonpath(limits, items, items, processor, execution, context)
        return _finish(state, raw_input, context, results)

    stepfunctions._run_distributed_map = run


def evaluate_jsonata_in_parallel_states() -> None:
    """A Parallel state ignores Arguments, Output and Assign."""
    run_in_jsonpath = stepfunctions._run_parallel_branches

    def run(state: State, raw_input: Any, execution: Execution, context: Context) -> tuple[Any, str | None]:
        if stepfunctions._state_query_language(state, context) != "JSONata":
            answer: tuple[Any, str | None] = run_in_jsonpath(state, raw_input, execution, context)
            return answer
        arguments = stepfunctions._apply_jsonata_arguments(state, raw_input, context)
        branches = {"Branches": state["Branches"], "End": True}
        results, _ = run_in_jsonpath(branches, arguments, execution, context)
        return _finish(state, raw_input, context, results)

    stepfunctions._run_parallel_branches = run


def evaluate_output_of_succeed_states() -> None:
    """A Succeed state with a JSONata Output passes its input on instead."""
    apply_output_path = stepfunctions._apply_output_path

    def output(state: State, data: Any, context: Context | None = None) -> Any:
        if (
            state.get("Type") == "Succeed"
            and stepfunctions._state_query_language(state, context) == "JSONata"
        ):
            return stepfunctions._apply_jsonata_output(state, data, context, default=data)
        return apply_output_path(state, data, context)

    stepfunctions._apply_output_path = output


def write_history_of_children() -> None:
    """The history of a Map's children is empty, and inside a child `$states.context.Execution` is the parent's.

    On AWS a child does not see its parent's variables either: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
    """

    def run(
        states: dict[str, State], start_at: str, data: Any, execution: Execution, context: Context
    ) -> Any:
        is_new_child = "mapRunArn" in execution and not execution["events"]
        return (_run_child if is_new_child else _run_states)(states, start_at, data, execution, context)

    stepfunctions._run_sub_machine = run


def number_events_one_at_a_time() -> None:
    """Concurrent branches write events with the same id into one history."""
    add_event = stepfunctions._add_event
    lock = threading.Lock()

    def add(*arguments: Any) -> Any:
        with lock:
            return add_event(*arguments)

    stepfunctions._add_event = add


def _items(state: State, raw_input: Any, context: Context) -> list[Any]:
    """What the Map iterates over: Items, what ItemReader reads from S3, or the state's input."""
    if "ItemReader" in state:
        evaluated = stepfunctions._apply_jsonata_template(state["ItemReader"], raw_input, context)
        items = stepfunctions._read_map_items(evaluated, raw_input, context)
    elif "Items" in state:
        items = stepfunctions._apply_jsonata_template(state["Items"], raw_input, context)
    else:
        items = raw_input
    if not isinstance(items, list):
        raise stepfunctions._ExecutionError(
            "States.QueryEvaluationError", f"A Map walks an array, not {json.dumps(items)[:200]}"
        )
    return items


def _selected(state: State, items: list[Any], raw_input: Any, context: Context) -> list[Any]:
    """The input of each child."""
    if "ItemSelector" not in state:
        return items
    return [
        stepfunctions._apply_jsonata_template(
            state["ItemSelector"], raw_input, {**context, "Map": {"Item": {"Index": index, "Value": item}}}
        )
        for index, item in enumerate(items)
    ]


def _limits(state: State, raw_input: Any, context: Context) -> State:
    """A JSONPath Map over ready items, with its limits evaluated."""
    numbers: State = {
        field: stepfunctions._jsonata_state_field(state, field, "number", raw_input, context)
        for field in ("MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage")
        if field in state
    }
    label = {"Label": state["Label"]} if "Label" in state else {}
    return {"ItemsPath": "$", "End": True, **label, **numbers}


def _finish(state: State, raw_input: Any, context: Context, results: Any) -> tuple[Any, str | None]:
    """The state's output, after its Assign, and the name of the next state."""
    output = stepfunctions._apply_jsonata_output(state, raw_input, context, result=results, default=results)
    stepfunctions._apply_state_assign(state, raw_input, context, result=results)
    return output, stepfunctions._next_or_end(state)


def _run_child(
    states: dict[str, State], start_at: str, data: Any, execution: Execution, context: Context
) -> Any:
    """Run a child execution of a distributed Map with its own context and history."""
    context["Execution"] = {
        "Id": execution["executionArn"],
        "Input": data,
        "Name": execution["name"],
        "StartTime": execution["startDate"],
    }
    context["variables"] = {}
    _record(execution, "ExecutionStarted", {"input": execution["input"]})
    try:
        output = _run_states(states, start_at, data, execution, context)
    except stepfunctions._ExecutionError as error:
        _record(execution, "ExecutionFailed", {"error": error.error, "cause": error.cause})
        raise
    _record(execution, "ExecutionSucceeded", {"output": json.dumps(output)})
    return output


def _run_states(
    states: dict[str, State], start_at: str, data: Any, execution: Execution, context: Context
) -> Any:
    """Run a branch, an iteration or a child from its first state to its last, and record each step."""
    name: str | None = start_at
    data = copy.deepcopy(data)
    while name:
        if name not in states:
            raise stepfunctions._ExecutionError("States.Runtime", f"State {name!r} not found")
        state = states[name]
        context["State"] = {"Name": name, "EnteredTime": stepfunctions.now_iso(), "RetryCount": 0}
        entered = {"name": name, "input": json.dumps(data)}
        _record(execution, f"{state['Type']}StateEntered", entered, "stateEnteredEventDetails")
        data, next_name = _take(state, data, execution, context)
        exited = {"name": name, "output": json.dumps(data)}
        _record(execution, f"{state['Type']}StateExited", exited, "stateExitedEventDetails")
        name = next_name
    return data


def _take(state: State, data: Any, execution: Execution, context: Context) -> tuple[Any, str | None]:
    """The output of one state and the name of the next."""
    answer: tuple[Any, str | None]
    match state["Type"]:
        case "Succeed":
            shown = stepfunctions._apply_input_path(state, data, context)
            answer = stepfunctions._apply_output_path(state, shown, context), None
        case "Fail":
            raise stepfunctions._ExecutionError(*stepfunctions._fail_state_error(state, data, context))
        case "Task" | "Parallel" | "Map" as kind:
            execute = getattr(stepfunctions, f"_execute_{kind.lower()}")
            answer = execute(state, data, execution, context)
        case kind:
            execute = getattr(stepfunctions, f"_execute_{kind.lower()}")
            answer = execute(state, data, context)
    return answer


def _record(
    execution: Execution, event: str, details: dict[str, Any], details_name: str | None = None
) -> None:
    name = details_name or f"{event[:1].lower()}{event[1:]}EventDetails"
    stepfunctions._add_event(execution, event, {name: details})
