"""What a task logs when it fails: its error's class and code, and nothing of what it read."""

import traceback

import pytest
from pydantic import ValidationError

from billing.banking.invalid_return import InvalidReturn
from billing.banking.returns import read_return
from billing.core.entity import Entity
from billing.entry.task import task
from billing.runs.service import RunContext
from tests.fuzz.bank_files import seeds

RETURN = dict(seeds())["itau.0.ret"]
LINE = RETURN.index(b"\n") + 1
"""Where the first occurrence begins."""
EVENT = {"tenant_id": "ten_alfa", "run_id": "run_1"}


class Payer(Entity):
    document: int


def logged(error: Exception) -> str:
    """Everything that Lambda, or the local worker, may log about it."""
    return "".join(traceback.format_exception(error))


@pytest.mark.req("SEC-02", "BNK-05")
@pytest.mark.parametrize(
    "data",
    [
        RETURN[: LINE + 324] + b"Maria Silva",
        RETURN[: LINE + 110] + b"Maria " + RETURN[LINE + 116 :],
        b"Maria Silva;12345678909;129,90\n",
    ],
    ids=["cut", "wrong", "foreign"],
)
def test_bad_file_is_reported_by_its_code_and_none_of_its_text_is_logged(
    data: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(RunContext, "of", lambda *_: None)

    @task
    def read(_context: RunContext) -> dict[str, object]:
        return {"read": read_return(data)}

    with pytest.raises(InvalidReturn) as full:
        read_return(data)
    with pytest.raises(InvalidReturn) as refused:
        read(EVENT, None)

    assert refused.value.code == full.value.code
    assert refused.value.code in logged(refused.value)
    assert "Maria" in full.value.title  # a clerk is told, by the return's row
    assert "Maria" not in logged(refused.value)


@pytest.mark.req("SEC-02")
def test_error_of_an_invalid_entity_does_not_reveal_its_content() -> None:
    body = {"document": "Maria Silva"}

    with pytest.raises(ValidationError, match="document") as refused:
        Payer.model_validate(body)

    assert "Maria" not in logged(refused.value)
    assert refused.value.errors()[0]["input"] == "Maria Silva"
