"""What keeps one title out of a remittance."""

from typing import Any

import pytest

from billing.bank_files.titles import reasons_against


class Unwritable:
    """Titles, one of which has data that no rule foresaw."""

    def __init__(self, fault: Exception) -> None:
        self._fault = fault

    def instruction(self, _key: str) -> Any:
        raise self._fault


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize("fault", [ValueError("\r\n"), KeyError("uf"), OverflowError()], ids=repr)
def test_title_with_unforeseen_data_is_left_out_with_a_reason(fault: Exception) -> None:
    loaded: Any = Unwritable(fault)

    (reason,) = reasons_against(loaded, "cus_ana/inv_0001", lambda _: [])

    assert reason.code == "remittance.unwritable"


def test_programming_error_is_not_reported_as_a_fault_of_the_title() -> None:
    loaded: Any = Unwritable(TypeError("missing argument"))

    with pytest.raises(TypeError):
        reasons_against(loaded, "cus_ana/inv_0001", lambda _: [])
