"""State machines in Step Functions; their ARNs are in the environment as <NAME>_ARN."""

import json
import os
from typing import Any


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
