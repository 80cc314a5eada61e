"""Events that were given up, in an SQS queue: given to their functions once more.

Three services write there, and each says in its own way what failed
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html): Lambda wraps the event in a record that
names the function; EventBridge and its scheduler send what they could not deliver, the target's ARN beside it.
"""

import json
from typing import Any, NamedTuple

MAX_AT_ONCE = 1000


class Redriven(NamedTuple):
    """How many events were given to their functions, and how many letters stay: unreadable, or not taken."""

    given: int
    left: int


class DeadLetters:
    def __init__(self, queue_url: str) -> None:
        import boto3

        self._queue_url = queue_url
        self._sqs: Any = boto3.client("sqs")
        self._lambda: Any = boto3.client("lambda")

    def redrive(self) -> Redriven:
        """Invoke the functions again, asynchronously; each letter by itself.

        An event leaves the queue after its function took it: a stop between the two gives it twice, never not at all.
        One that fails again comes back to the queue, after its retries.
        """
        given = left = 0
        while given + left < MAX_AT_ONCE and (messages := self._receive()):
            for message in messages:
                if self._give(message):
                    given += 1
                else:
                    left += 1
        return Redriven(given, left)

    def _give(self, message: dict[str, Any]) -> bool:
        """Whether the event's function took it. Raises what SQS does."""
        try:
            function, event = what_failed(message)
            self._lambda.invoke(FunctionName=function, InvocationType="Event", Payload=json.dumps(event))
        except (KeyError, TypeError, ValueError, self._lambda.exceptions.ClientError):
            return False
        self._sqs.delete_message(QueueUrl=self._queue_url, ReceiptHandle=message["ReceiptHandle"])
        return True

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._queue_url, MaxNumberOfMessages=10, MessageAttributeNames=["TARGET_ARN"]
        )
        messages: list[dict[str, Any]] = answer.get("Messages", [])
        return messages


def what_failed(message: dict[str, Any]) -> tuple[str, Any]:
    """The function's ARN, without a version, and the event it was to have."""
    body = json.loads(message["Body"])
    if "requestPayload" in body:
        return _unversioned(body["requestContext"]["functionArn"]), body["requestPayload"]
    return _unversioned(message["MessageAttributes"]["TARGET_ARN"]["StringValue"]), body


def _unversioned(arn: str) -> str:
    """
    >>> _unversioned("arn:aws:lambda:sa-east-1:1:function:wake:$LATEST")
    'arn:aws:lambda:sa-east-1:1:function:wake'
    """
    return ":".join(arn.split(":")[:7])
