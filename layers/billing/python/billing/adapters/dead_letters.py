"""Events that were given up, in an SQS queue, and how they are sent to their functions again.

Three services write there, and each reports what failed in its own way
(https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html,
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html): Lambda wraps the event in a record that
names the function; EventBridge and its scheduler send the event that they could not deliver, with the target's ARN
beside it.
"""

import json
from typing import Any, NamedTuple

MAX_AT_ONCE = 1000


class Redriven(NamedTuple):
    """How many events were sent to their functions, and how many messages remain: unreadable, or not accepted."""

    given: int
    left: int


class DeadLetters:
    def __init__(self, queue_url: str) -> None:
        import boto3

        self._queue_url = queue_url
        self._sqs: Any = boto3.client("sqs")
        self._lambda: Any = boto3.client("lambda")

    def redrive(self) -> Redriven:
        """Invoke the functions again, asynchronously, one message at a time.

        An event leaves the queue after its function has accepted it: a crash in between sends it twice, but never loses
        it. An event that fails again returns to the queue after its retries.
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
        """Whether the event's function accepted it. Raises SQS's own errors."""
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
    """The function's ARN, without a version, and the event meant for it."""
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
