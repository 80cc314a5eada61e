"""State machines in Step Functions; their ARNs are in the environment as <NAME>_ARN."""

import json
import os
from typing import Any

from billing.runs.processes import Execution

_GOING_ON = ("RUNNING", "PENDING_REDRIVE")


class StepFunctions:
    def __init__(self) -> None:
        import boto3

        self._client: Any = boto3.client("stepfunctions")

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        arn = os.environ[f"{machine.upper()}_ARN"]
        try:
            self._client.start_execution(stateMachineArn=arn, name=name, input=json.dumps(data))
        except self._client.exceptions.ExecutionAlreadyExists:
            return

    def state_of(self, machine: str, name: str) -> Execution:
        """Raises ClientError."""
        arn = os.environ[f"{machine.upper()}_ARN"].replace(":stateMachine:", ":execution:")
        try:
            status = self._client.describe_execution(executionArn=f"{arn}:{name}")["status"]
        except self._client.exceptions.ExecutionDoesNotExist:
            return Execution.ABSENT
        return Execution.RUNNING if status in _GOING_ON else Execution.ENDED
