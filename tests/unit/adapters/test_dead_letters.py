"""What each service writes into a dead-letter queue, read back."""

import json
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from billing.adapters.dead_letters import DeadLetters, what_failed

FUNCTION = "arn:aws:lambda:sa-east-1:111122223333:function:return-uploaded"
EVENT = {"detail": {"object": {"key": "returns/ten_alfa/1.ret"}}}


def test_record_from_lambda_names_the_function_and_wraps_the_event() -> None:
    record = {
        "version": "1.0",
        "requestContext": {"functionArn": f"{FUNCTION}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": EVENT,
        "responsePayload": {"errorType": "Transient"},
    }

    assert what_failed({"Body": json.dumps(record)}) == (FUNCTION, EVENT)


def test_undelivered_event_comes_with_its_target() -> None:
    message = {
        "Body": json.dumps(EVENT),
        "MessageAttributes": {"TARGET_ARN": {"DataType": "String", "StringValue": FUNCTION}},
    }

    assert what_failed(message) == (FUNCTION, EVENT)


class Queue:
    """Letters of an SQS queue; one that was received cannot be received again."""

    def __init__(self, *bodies: str) -> None:
        self.ahead = [
            {
                "Body": body,
                "ReceiptHandle": str(n),
                "MessageAttributes": {"TARGET_ARN": {"StringValue": FUNCTION}},
            }
            for n, body in enumerate(bodies)
        ]
        self.kept = {letter["ReceiptHandle"] for letter in self.ahead}

    def receive_message(self, **_how: object) -> dict[str, Any]:
        received, self.ahead = self.ahead[:2], self.ahead[2:]
        return {"Messages": received} if received else {}

    def delete_message(self, *, QueueUrl: str, ReceiptHandle: str) -> None:  # noqa: N803  (botocore's names)
        self.kept.remove(ReceiptHandle)


class Functions:
    """Lambda; a function called `gone` is not there."""

    class exceptions:  # noqa: N801  (as botocore calls it)
        ClientError = ClientError

    def __init__(self) -> None:
        self.taken: list[Any] = []

    def invoke(self, *, FunctionName: str, InvocationType: str, Payload: str) -> None:  # noqa: N803
        if FunctionName == "gone":
            raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, InvocationType)
        self.taken.append(json.loads(Payload))


def test_dead_letter_that_no_handler_accepts_stays_and_the_others_are_redriven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    record = {"requestContext": {"functionArn": "gone"}, "requestPayload": EVENT}
    queue = Queue("not JSON", "null", '{"requestPayload": {}}', json.dumps(record), json.dumps(EVENT))
    clients = {"sqs": queue, "lambda": Functions()}
    monkeypatch.setattr(boto3, "client", clients.__getitem__)

    redriven = DeadLetters("https://queue").redrive()

    assert redriven == (1, 4)
    assert clients["lambda"].taken == [EVENT]
    assert queue.kept == {"0", "1", "2", "3"}
