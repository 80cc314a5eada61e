"""The state machines as graphs: nothing on AWS or here validates a definition before it runs."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from billing.core import errors
from billing.entry.schedule import STARTERS
from billing.runs.kinds import DAILY, PROCESSES, RunKind
from infra.functions import TASKS
from infra.machines import DEFINITIONS, definition_file, task_names
from tests.bench.bench_transitions import transitions

Definition = dict[str, Any]

SERVICE_ERRORS = {
    "States.ALL",
    "Lambda.AWSLambdaException",
    "Lambda.ClientExecutionTimeoutException",
    "Lambda.SdkClientException",
    "Lambda.ServiceException",
    "Lambda.TooManyRequestsException",
    "Lambda.Unknown",  # the function was ended: out of memory
    "Sandbox.Timedout",  # or out of time
}
"""https://docs.aws.amazon.com/step-functions/latest/dg/bp-lambda-serviceexception.html and /troubleshooting-lambda.html"""


def load(kind: RunKind) -> Definition:
    definition: Definition = json.loads(definition_file(kind).read_text())
    return definition


def scopes(definition: Definition) -> Iterator[Definition]:
    """The machine and the processor of each of its Maps: each has states and a start of its own."""
    yield definition
    for state in definition["States"].values():
        if "ItemProcessor" in state:
            yield from scopes(state["ItemProcessor"])


def states(kind: RunKind) -> Iterator[tuple[str, dict[str, Any]]]:
    for scope in scopes(load(kind)):
        yield from scope["States"].items()


def next_names(state: dict[str, Any]) -> set[str]:
    caught = {catcher["Next"] for catcher in state.get("Catch", [])}
    return caught | ({state["Next"]} if "Next" in state else set())


def reachable(scope: Definition) -> set[str]:
    reached: set[str] = set()
    ahead = {scope["StartAt"]}
    while ahead:
        name = ahead.pop()
        reached.add(name)
        ahead |= next_names(scope["States"][name]) - reached
    return reached


pytestmark = pytest.mark.req("PLT-01")
each_machine = pytest.mark.parametrize("kind", list(RunKind))


def test_every_kind_of_run_is_described_and_every_machine_is_of_one() -> None:
    assert list(PROCESSES) == list(RunKind)
    assert set(DEFINITIONS.glob("*.asl.json")) == {definition_file(kind) for kind in RunKind}


@each_machine
def test_every_state_is_reached_and_every_next_exists(kind: RunKind) -> None:
    for scope in scopes(load(kind)):
        assert reachable(scope) == set(scope["States"])


@each_machine
def test_every_state_has_a_next_one_or_ends(kind: RunKind) -> None:
    for name, state in states(kind):
        ways = [state.get("End"), state.get("Next"), state["Type"] in {"Fail", "Succeed"} or None]
        assert len([way for way in ways if way]) == 1, name


@each_machine
def test_states_are_named_by_a_verb_in_pascal_case(kind: RunKind) -> None:
    verbs = "Plan|Walk|Work|Finish|Fail|End|Claim|Write|Mark"
    for name, state in states(kind):
        assert re.fullmatch(rf"({verbs})([A-Z][a-z]+)+", name), name
        assert state["Type"] == "Fail" or state["Comment"].endswith("."), name


@each_machine
def test_every_error_named_is_ours_or_a_services(kind: RunKind) -> None:
    ours = {name for name, value in vars(errors).items() if isinstance(value, type)}
    for name, state in states(kind):
        for handler in [*state.get("Retry", []), *state.get("Catch", [])]:
            assert set(handler["ErrorEquals"]) <= ours | SERVICE_ERRORS, name


@each_machine
def test_definition_names_the_parts_that_the_kind_describes(kind: RunKind) -> None:
    named = set(re.findall(r"\$\{(\w+)\}", definition_file(kind).read_text()))

    assert named == set(task_names(kind)) | {"MaxConcurrency", "Purpose"}


def test_every_task_function_is_of_a_kind_of_run() -> None:
    assert {name for kind in RunKind for name in task_names(kind).values()} == {
        task.logical_name for task in TASKS
    }


@pytest.mark.req("PLT-01")
def test_what_starts_by_itself_is_what_a_schedule_knows_how_to_start() -> None:
    assert set(DAILY) == set(STARTERS)
    times = [PROCESSES[kind].daily_at for kind in DAILY]
    assert times == sorted(
        times, key=str
    )  # charges are billed after they are made, titles sent after they are billed


@each_machine
def test_every_task_is_tried_again_when_the_failure_may_pass(kind: RunKind) -> None:
    for name, state in states(kind):
        if state["Type"] == "Task":
            transient, conflict = state["Retry"]
            assert set(transient["ErrorEquals"]) == (SERVICE_ERRORS - {"States.ALL"}) | {"Transient"}, name
            assert transient["JitterStrategy"] == conflict["JitterStrategy"] == "FULL", name
            assert conflict["ErrorEquals"] == ["Conflict"], name
            assert conflict["MaxAttempts"] < transient["MaxAttempts"], name


@each_machine
def test_whatever_a_state_raises_is_written_into_the_run(kind: RunKind) -> None:
    machine = load(kind)["States"]
    for name, state in machine.items():
        if name not in {"FailRun", "EndInFailure"}:
            (catcher,) = state["Catch"]
            assert (catcher["ErrorEquals"], catcher["Next"]) == (["States.ALL"], "FailRun"), name
            assert catcher["Output"] == "{% {'failure': $states.errorOutput.Error} %}", name
    payload = machine["FailRun"]["Arguments"]["Payload"]
    for name in ("tenant_id", "run_id", "attempt"):  # an older attempt's failure is not this one's
        assert payload[name] == f"{{% $states.context.Execution.Input.{name} %}}"
    assert machine["FailRun"]["Next"] == "EndInFailure"
    assert machine["EndInFailure"]["Type"] == "Fail"


@each_machine
def test_a_run_that_hangs_ends_before_the_same_run_of_the_next_day_starts(kind: RunKind) -> None:
    assert load(kind)["TimeoutSeconds"] == 24 * 3600


@each_machine
@pytest.mark.req("PLT-04")
def test_a_map_carries_keys_and_tolerates_no_lost_chunk(kind: RunKind) -> None:
    maps = [(name, state) for name, state in load(kind)["States"].items() if state["Type"] == "Map"]

    assert maps
    for name, state in maps:
        assert state["ItemProcessor"]["ProcessorConfig"] == {
            "Mode": "DISTRIBUTED",
            "ExecutionType": "STANDARD",
        }
        assert state["Items"] == "{% $states.input.chunks %}", name
        assert set(state["ItemSelector"]) == {"tenant_id", "run_id", "chunk"}, name
        assert state["ToleratedFailurePercentage"] == 0, name
        assert state["Output"] == "{% $states.input %}", name  # results are rows, not output
        (child,) = state["ItemProcessor"]["States"].values()
        assert child["Output"] == "{% {} %}", name
        assert "Catch" not in child, name  # a lost chunk fails the Map, which is caught


@each_machine
def test_the_language_is_jsonata_throughout(kind: RunKind) -> None:
    assert load(kind)["QueryLanguage"] == "JSONata"
    for name, state in states(kind):
        assert not {"InputPath", "Parameters", "ResultPath", "ResultSelector", "OutputPath"} & set(state), (
            name
        )
        assert "QueryLanguage" not in state, name


@pytest.mark.req("PLT-04")
def test_a_thousand_invoices_cost_at_most_forty_transitions() -> None:
    assert transitions(RunKind.BILLING_RUN, 1000) <= 40


@each_machine
def test_more_keys_cost_two_transitions_a_chunk_and_map(kind: RunKind) -> None:
    maps = sum(state["Type"] == "Map" for state in load(kind)["States"].values())

    assert transitions(kind, 100_000) - transitions(kind, 200) == 499 * 2 * maps
