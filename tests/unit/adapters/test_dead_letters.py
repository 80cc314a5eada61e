"""What each service writes into a dead-letter queue, read back."""

import json

from billing.adapters.dead_letters import what_failed

FUNCTION = "arn:aws:lambda:sa-east-1:111122223333:function:return-uploaded"
EVENT = {"detail": {"object": {"key": "returns/ten_alfa/1.ret"}}}


def test_lambdas_own_record_names_the_function_and_wraps_the_event() -> None:
    record = {
        "version": "1.0",
        "requestContext": {"functionArn": f"{FUNCTION}:$LATEST", "condition": "RetriesExhausted"},
        "requestPayload": EVENT,
        "responsePayload": {"errorType": "Transient"},
    }

    assert what_failed({"Body": json.dumps(record)}) == (FUNCTION, EVENT)


def test_undelivered_event_comes_with_its_target_beside_it() -> None:
    message = {
        "Body": json.dumps(EVENT),
        "MessageAttributes": {"TARGET_ARN": {"DataType": "String", "StringValue": FUNCTION}},
    }

    assert what_failed(message) == (FUNCTION, EVENT)
