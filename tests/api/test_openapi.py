"""The published description of the API is the one that the handlers have."""

import json

import pytest
from openapi_spec_validator import validate

from infra import openapi


@pytest.mark.req("PLT-02")
def test_committed_description_is_what_the_handlers_have() -> None:
    assert openapi.DOCUMENT.read_text() == openapi.render(), "run `make openapi` and commit"


@pytest.mark.req("PLT-02")
def test_description_is_valid_openapi() -> None:
    validate(json.loads(openapi.DOCUMENT.read_text()))


@pytest.mark.req("PLT-02")
def test_every_operation_has_a_portuguese_summary_and_a_tag() -> None:
    lacking = [
        f"{method} {path}"
        for path, operations in openapi.describe()["paths"].items()
        for method, operation in operations.items()
        if not operation.get("tags") or operation.get("summary", operation.get("operationId")) == ""
    ]

    assert lacking == []
