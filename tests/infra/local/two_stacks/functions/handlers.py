"""The handlers of the test stacks."""

import os
import signal
import sys
import time
from typing import Any

import boto3
import pydantic  # the vendor layer holds a broken one
from sample_domain import ContractSuspended


def bill(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer twice the amount, or fail as the event asks."""
    event = event | event.get("queryStringParameters", {})
    sys.stdout.write(f"billing {event.get('contract')}\n")
    time.sleep(float(event.get("pause", 0)))
    if event.get("suspended"):
        raise ContractSuspended(event["contract"])
    if event.get("gone"):
        os.kill(os.getpid(), signal.SIGKILL)
    return {"amount": event["amount"] * 2, "worker": os.getpid(), "pydantic": pydantic.VERSION}


def claims(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer the claims that the authorizer let through."""
    return event["requestContext"]["authorizer"]["jwt"]["claims"]


def add_tenant(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Pre-token-generation trigger, version 2."""
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "accessTokenGeneration": {"claimsToAddOrOverride": {"tenant": "t-1"}}
    }
    return event


def follow(event: dict[str, Any], context: Any) -> None:
    """Stream trigger: note each new item's key under `seen#`."""
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["pk"]["S"]
        if not key.startswith("seen#"):
            table().put_item(Item={"pk": f"seen#{key}"})


def read_without_grant(event: dict[str, Any], context: Any) -> None:
    """Scan the table, which this function's role does not allow."""
    table().scan()


def sleep(event: dict[str, Any], context: Any) -> None:
    """Take longer than the function may."""
    time.sleep(context.get_remaining_time_in_millis() / 1000 + 30)


def environment(event: dict[str, Any], context: Any) -> dict[str, str]:
    """Answer the variables that the handler sees."""
    return dict(os.environ)


def table() -> Any:
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])
