"""The local cloud, on a small assembly of two stacks: each corrected fault, seen from outside."""

import base64
import concurrent.futures
import json
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from infra.local.cloud import LocalCloud
from infra.local.deploy import deploy
from infra.local.patches import lambdas

pytestmark = pytest.mark.slow

ASSEMBLY = Path(__file__).parent / "local" / "two_stacks"
ORIGIN = "https://app.example"


class Deployed:
    """The running cloud with the two stacks, and their outputs."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        outputs = deploy(cloud, ASSEMBLY)
        self.data, self.app = outputs["test-data"], outputs["test-app"]

    def put(self, key: str) -> None:
        self.cloud.client("dynamodb").put_item(TableName=self.data["Table"], Item={"pk": {"S": key}})

    def has(self, key: str) -> bool:
        answer = self.cloud.client("dynamodb").get_item(
            TableName=self.data["Table"], Key={"pk": {"S": key}}, ConsistentRead=True
        )
        return "Item" in answer

    def invoke(self, function: str, event: dict[str, Any]) -> tuple[str | None, Any]:
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.app[function], Payload=json.dumps(event).encode()
        )
        return answer.get("FunctionError"), json.loads(answer["Payload"].read())

    def run(self, definition: dict[str, Any], data: Any) -> dict[str, Any]:
        """Run a state machine to its end and return what DescribeExecution says about it."""
        states = self.cloud.client("stepfunctions")
        machine = states.create_state_machine(
            name=f"m{time.monotonic_ns()}",
            definition=json.dumps(definition),
            roleArn=self.app["MachineRole"],
        )
        execution = states.start_execution(
            stateMachineArn=machine["stateMachineArn"], input=json.dumps(data)
        )["executionArn"]
        return wait_for(lambda: ended(states.describe_execution(executionArn=execution)))

    def token(self) -> str:
        """An access token of a user of the pool."""
        cognito = self.cloud.client("cognito-idp")
        users = cognito.list_users(UserPoolId=self.app["Users"])["Users"]
        if not users:
            cognito.admin_create_user(UserPoolId=self.app["Users"], Username="ana", MessageAction="SUPPRESS")
            cognito.admin_set_user_password(
                UserPoolId=self.app["Users"], Username="ana", Password="Senha-forte-1", Permanent=True
            )
        return cognito.admin_initiate_auth(
            UserPoolId=self.app["Users"],
            ClientId=self.app["Client"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ana", "PASSWORD": "Senha-forte-1"},
        )["AuthenticationResult"]["AccessToken"]

    def get_claims(self, token: str) -> tuple[int, Any]:
        return self.request("GET", {"Authorization": f"Bearer {token}"})[::2]

    def request(
        self, method: str, headers: dict[str, str], path: str = "claims"
    ) -> tuple[int, dict[str, str], Any]:
        request = urllib.request.Request(
            f"{self.cloud.api_url(self.app['Api'])}/{path}", method=method, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                body = response.read()
                return response.status, lowered(response.headers), json.loads(body) if body else None
        except urllib.error.HTTPError as error:
            with error:
                return error.code, lowered(error.headers), json.loads(error.read())


def lowered(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def ended(execution: dict[str, Any]) -> dict[str, Any] | None:
    return None if execution["status"] == "RUNNING" else execution


def wait_for(look: Callable[[], Any], seconds: float = 15) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := look():
            return value
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with LocalCloud(tmp_path_factory.mktemp("cloud"), enforce_grants=True, wait_scale=0) as cloud:
        yield Deployed(cloud)


def test_second_deployment_of_the_same_assembly_changes_nothing(deployed: Deployed) -> None:
    deployed.put("kept")
    assert deploy(deployed.cloud, ASSEMBLY) == {"test-data": deployed.data, "test-app": deployed.app}
    assert deployed.has("kept")


def test_failure_carries_the_class_of_the_exception_and_keeps_the_worker(deployed: Deployed) -> None:
    _, before = deployed.invoke("Bill", {"contract": "c", "amount": 1})
    error, failure = deployed.invoke("Bill", {"contract": "c-9", "suspended": True})
    _, after = deployed.invoke("Bill", {"contract": "c", "amount": 1})
    assert error == "Unhandled"
    assert (failure["errorType"], failure["errorMessage"]) == ("ContractSuspended", "c-9")
    assert any("handlers.py" in line for line in failure["stackTrace"])
    assert before["worker"] == after["worker"]


def test_worker_that_exits_is_reported_and_replaced(deployed: Deployed) -> None:
    _, failure = deployed.invoke("Bill", {"contract": "c", "gone": True})
    assert failure["errorType"] == "Runtime.ExitError"
    assert deployed.invoke("Bill", {"contract": "c", "amount": 4})[1]["amount"] == 8


def test_third_party_layer_does_not_hide_the_packages_of_this_machine(deployed: Deployed) -> None:
    _, answer = deployed.invoke("Bill", {"contract": "c", "amount": 1})
    assert answer["pydantic"].startswith("2.")


def test_concurrent_calls_have_workers_of_their_own(deployed: Deployed) -> None:
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        calls = [pool.submit(deployed.invoke, "Bill", {"contract": "c", "amount": n}) for n in range(24)]
    assert [call.result()[1]["amount"] for call in calls] == [n * 2 for n in range(24)]


def test_what_handlers_print_can_be_read_in_files_and_in_cloudwatch(deployed: Deployed) -> None:
    deployed.invoke("Bill", {"contract": "printed-7", "amount": 1})
    deployed.invoke("Bill", {"contract": "printed-8", "suspended": True})
    in_files = "".join(text for name, text in deployed.cloud.handler_logs() if name == deployed.app["Bill"])
    logs = deployed.cloud.client("logs")
    events = logs.filter_log_events(logGroupName=f"/aws/lambda/{deployed.app['Bill']}")["events"]
    in_cloudwatch = "\n".join(event["message"] for event in events)
    for text in (in_files, in_cloudwatch):
        assert "billing printed-7" in text
        assert "sample_domain.ContractSuspended: printed-8" in text


def test_calls_of_a_version_share_one_log_stream(deployed: Deployed) -> None:
    for _ in range(2):
        deployed.invoke("Bill", {"contract": "c", "amount": 1})
    logs = deployed.cloud.client("logs")
    streams = logs.describe_log_streams(logGroupName=f"/aws/lambda/{deployed.app['Bill']}")["logStreams"]
    assert [stream["logStreamName"] for stream in streams] == ["[$LATEST]"]


def test_call_that_takes_too_long_is_cut_off(deployed: Deployed) -> None:
    _, failure = deployed.invoke("Sleep", {})
    assert (failure["errorType"], failure["errorMessage"]) == (
        "Sandbox.Timedout",
        "Task timed out after 1.00 seconds",
    )


def test_module_that_cannot_be_imported_is_reported(deployed: Deployed) -> None:
    _, failure = deployed.invoke("Missing", {})
    assert failure["errorType"] == "Runtime.ImportModuleError"


def test_environment_of_the_emulator_is_kept_from_handlers(deployed: Deployed) -> None:
    _, environment = deployed.invoke("Environment", {})
    assert environment.keys().isdisjoint({"PYTHONPATH", "STATE_DIR", "BIND_HOST"})
    assert environment["TABLE"] == deployed.data["Table"]
    assert environment["AWS_ENDPOINT_URL"] == deployed.cloud.endpoint


def test_role_without_a_grant_is_refused(deployed: Deployed) -> None:
    _, failure = deployed.invoke("ReadWithoutGrant", {})
    assert "AccessDenied" in failure["errorMessage"]


def task(deployed: Deployed, **fields: Any) -> dict[str, Any]:
    """A state that bills its input and returns the amount."""
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": deployed.app["BillArn"], "Payload": "{% $states.input %}"},
        "Output": "{% $states.result.Payload.amount %}",
        **fields,
    }


@pytest.mark.parametrize("by", ["lambda:invoke", "the function's own ARN"])
def test_catch_matches_the_class_of_the_exception(deployed: Deployed, by: str) -> None:
    bill = task(deployed)
    if by != "lambda:invoke":
        bill = {"Type": "Task", "Resource": deployed.app["BillArn"]}
    bill |= {
        "Catch": [
            {"ErrorEquals": ["ContractSuspended"], "Output": "parked", "Next": "Done"},
            {"ErrorEquals": ["States.ALL"], "Output": "anything", "Next": "Done"},
        ],
        "Next": "Done",
    }
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "Bill",
        "States": {"Bill": bill, "Done": {"Type": "Succeed"}},
    }
    assert deployed.run(machine, {"contract": "c", "suspended": True})["output"] == '"parked"'


def distributed(deployed: Deployed, **fields: Any) -> dict[str, Any]:
    """A machine of one distributed Map in JSONata, whose children bill one contract each."""
    bill = task(deployed, End=True)
    processor = {
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
        "StartAt": "Bill",
        "States": {"Bill": bill},
    }
    walk = {"Type": "Map", "ItemProcessor": processor, "Next": "Done", **fields}
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "Walk",
        "States": {
            "Walk": walk,
            "Done": {"Type": "Succeed", "Output": {"total": "{% $sum($states.input) %}"}},
        },
    }


def test_distributed_map_walks_items_of_an_expression(deployed: Deployed) -> None:
    machine = distributed(
        deployed, Items="{% $states.input.contracts %}", MaxConcurrency="{% $states.input.width %}"
    )
    contracts = [{"contract": f"c{n}", "amount": n} for n in (1, 2, 3)]
    execution = deployed.run(machine, {"contracts": contracts, "width": 2})
    assert (execution["status"], json.loads(execution["output"])) == ("SUCCEEDED", {"total": 12})


def test_distributed_map_reads_its_items_from_s3(deployed: Deployed) -> None:
    deployed.cloud.client("s3").put_object(
        Bucket=deployed.data["Files"], Key="run/manifest.json", Body=json.dumps({"amounts": [5, 6]})
    )
    machine = distributed(
        deployed,
        ItemReader={
            "Resource": "arn:aws:states:::s3:getObject",
            "ReaderConfig": {"InputType": "JSON", "ItemsPointer": "/amounts"},
            "Arguments": {"Bucket": "{% $states.input.bucket %}", "Key": "{% $states.input.key %}"},
        },
        ItemSelector={
            "contract": "{% $states.input.run & '-' & $string($states.context.Map.Item.Index) %}",
            "amount": "{% $states.context.Map.Item.Value %}",
        },
        MaxConcurrency=2,
        Output="{% $append($states.result, 100) %}",
    )
    data = {"bucket": deployed.data["Files"], "key": "run/manifest.json", "run": "r1"}
    assert json.loads(deployed.run(machine, data)["output"]) == {"total": 122}
    printed = "".join(text for _, text in deployed.cloud.handler_logs())
    assert "billing r1-0" in printed
    assert "billing r1-1" in printed


def test_failing_child_fails_the_map_and_has_a_history(deployed: Deployed) -> None:
    items = [{"contract": "ok", "amount": 1}, {"contract": "bad", "suspended": True}]
    machine = distributed(
        deployed,
        Items=items,
        Catch=[{"ErrorEquals": ["States.ExceedToleratedFailureThreshold"], "Output": [7], "Next": "Done"}],
    )
    execution = deployed.run(machine, {})
    assert json.loads(execution["output"]) == {"total": 7}
    states = deployed.cloud.client("stepfunctions")
    run = states.list_map_runs(executionArn=execution["executionArn"])["mapRuns"][0]["mapRunArn"]
    children = states.list_executions(mapRunArn=run, statusFilter="FAILED")["executions"]
    events = states.get_execution_history(executionArn=children[0]["executionArn"])["events"]
    assert [event["type"] for event in events] == [
        "ExecutionStarted",
        "TaskStateEntered",
        "TaskScheduled",
        "TaskFailed",
        "ExecutionFailed",
    ]
    assert [event["id"] for event in events] == [1, 2, 3, 4, 5]
    assert events[-1]["executionFailedEventDetails"]["error"] == "ContractSuspended"


def test_child_that_catches_by_class_lets_the_map_succeed(deployed: Deployed) -> None:
    machine = distributed(deployed, Items="{% $states.input %}")
    bill = machine["States"]["Walk"]["ItemProcessor"]["States"]["Bill"]
    bill["Catch"] = [{"ErrorEquals": ["ContractSuspended"], "Output": 1000, "Next": "Parked"}]
    machine["States"]["Walk"]["ItemProcessor"]["States"]["Parked"] = {"Type": "Pass", "End": True}
    items = [{"contract": "ok", "amount": 1}, {"contract": "bad", "suspended": True}]
    assert json.loads(deployed.run(machine, items)["output"]) == {"total": 1002}


def test_retry_matches_the_class_of_the_exception(deployed: Deployed) -> None:
    retry = [{"ErrorEquals": ["ContractSuspended"], "IntervalSeconds": 2, "MaxAttempts": 2}]
    machine = {
        "QueryLanguage": "JSONata",
        "StartAt": "Bill",
        "States": {"Bill": task(deployed, Retry=retry, End=True)},
    }
    execution = deployed.run(machine, {"contract": "again-and-again", "suspended": True})
    printed = "".join(text for _, text in deployed.cloud.handler_logs())
    assert (execution["status"], execution["error"]) == ("FAILED", "ContractSuspended")
    assert printed.count("billing again-and-again") == 3


def test_children_may_answer_an_empty_object(deployed: Deployed) -> None:
    machine = distributed(
        deployed,
        Items="{% $states.input %}",
        Output="{% $map($states.result, function($r) { $count($keys($r)) }) %}",
    )
    machine["States"]["Walk"]["ItemProcessor"]["States"]["Bill"]["Output"] = "{% {} %}"
    items = [{"contract": "c", "amount": n} for n in range(3)]
    assert json.loads(deployed.run(machine, items)["output"]) == {"total": 0}


def test_expression_that_is_not_an_array_fails_the_map(deployed: Deployed) -> None:
    execution = deployed.run(distributed(deployed, Items="{% $states.input.contracts %}"), {"contracts": 5})
    assert (execution["status"], execution["error"]) == ("FAILED", "States.QueryEvaluationError")


@pytest.mark.parametrize("field", ["ItemBatcher", "ResultWriter"])
def test_field_that_is_not_emulated_fails_the_map(deployed: Deployed, field: str) -> None:
    execution = deployed.run(distributed(deployed, Items=[1], **{field: {}}), {})
    assert (execution["status"], execution["cause"]) == ("FAILED", f"{field} is not emulated")


def test_parallel_state_evaluates_arguments_and_output(deployed: Deployed) -> None:
    def branch(factor: int) -> dict[str, Any]:
        times = {"Type": "Pass", "Output": f"{{% $states.input.amount * {factor} %}}", "End": True}
        return {"StartAt": "Times", "States": {"Times": times}}

    both = {
        "Type": "Parallel",
        "Arguments": {"amount": "{% $states.input + 1 %}"},
        "Branches": [branch(10), branch(100)],
        "Assign": {"total": "{% $sum($states.result) %}"},
        "Output": "{% $states.result[0] %}",
        "Next": "Done",
    }
    done = {"Type": "Succeed", "Output": "{% [$states.input, $total] %}"}
    machine = {"QueryLanguage": "JSONata", "StartAt": "Both", "States": {"Both": both, "Done": done}}
    assert json.loads(deployed.run(machine, 1)["output"]) == [20, 220]


def test_pre_flight_of_the_template_s_origin_is_allowed(deployed: Deployed) -> None:
    preflight = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET"}
    status, headers, _ = deployed.request("OPTIONS", preflight)
    assert (status, headers["access-control-allow-origin"]) == (204, ORIGIN)
    assert deployed.request("OPTIONS", {**preflight, "Origin": "https://other.example"})[0] == 403


def test_exception_of_a_handler_is_a_500_that_says_nothing(deployed: Deployed) -> None:
    status, _, body = deployed.request("GET", {}, "crash")
    assert (status, body) == (500, {"message": "Internal Server Error"})
    assert any("KeyError: 'amount'" in text for _, text in deployed.cloud.handler_logs())


def test_worker_that_is_killed_is_a_503_that_says_when_to_try_again(deployed: Deployed) -> None:
    status, headers, body = deployed.request("GET", {}, "crash?gone=1")
    assert (status, headers["retry-after"], body) == (503, "1", {"message": "Service Unavailable"})


def test_two_hundred_requests_at_once_are_answered_one_after_the_other(deployed: Deployed) -> None:
    """More descriptors than select() can handle, and more workers than a laptop has memory for."""
    logs = deployed.cloud.logs_dir / deployed.app["Bill"]
    before = len(list(logs.glob("*.log")))
    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        calls = [pool.submit(deployed.request, "GET", {}, "crash?pause=0.1") for _ in range(200)]
    statuses = Counter(call.result()[0] for call in calls)
    assert set(statuses) <= {500, 429}, statuses  # the handler's own KeyError; or told to try again
    assert statuses[500] >= lambdas.MOST_WORKERS
    assert deployed.request("GET", {}, "crash")[0] == 500
    assert len(list(logs.glob("*.log"))) - before <= lambdas.MOST_WORKERS  # each worker has its own
    assert deployed.invoke("Bill", {"contract": "c", "amount": 4})[1]["amount"] == 8


def test_access_token_carries_what_the_trigger_adds(deployed: Deployed) -> None:
    status, claims = deployed.get_claims(deployed.token())
    assert (status, claims["tenant"], claims["token_use"]) == (200, "t-1", "access")


def test_expired_token_is_refused(deployed: Deployed) -> None:
    assert deployed.get_claims(signed_again(deployed, exp=int(time.time()) + 60))[0] == 200
    assert deployed.get_claims(signed_again(deployed, exp=int(time.time()) - 60))[0] == 401


def test_token_signed_by_another_pool_is_refused(deployed: Deployed) -> None:
    other = deployed.cloud.client("cognito-idp").create_user_pool(PoolName="other")["UserPool"]["Id"]
    urllib.request.urlopen(f"{deployed.cloud.endpoint}/{other}/.well-known/jwks.json", timeout=20).close()
    assert deployed.get_claims(signed_again(deployed, pool=other))[0] == 401
    assert deployed.get_claims(signed_again(deployed, pool=other, iss=f"https://x/{other}"))[0] == 401


def signed_again(deployed: Deployed, *, pool: str | None = None, **changes: Any) -> str:
    """A user's token with other claims, signed with a pool's key, which lies in the folder."""
    keys = deployed.cloud.state_dir / "state" / "cognito-pool-keys"
    pem = (keys / f"{pool or deployed.app['Users']}-access.pem").read_bytes()
    header, payload, _ = deployed.token().split(".")
    claims = json.loads(base64.urlsafe_b64decode(payload + "==")) | changes
    body = f"{header}.{unpadded(json.dumps(claims).encode())}"
    key = serialization.load_pem_private_key(pem, password=None)
    return f"{body}.{unpadded(key.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256()))}"


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()
