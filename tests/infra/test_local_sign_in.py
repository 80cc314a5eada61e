"""The code of the local sign-in page: wrong ones are counted, and each is taken once. Walks see the pages."""

from types import SimpleNamespace
from typing import Any

import pytest
from ministack.services import cognito

from infra.local.patches import sign_in, sign_in_pages

SECRET = "JBSWY3DPEHPK3PXP"
WRONG = "O código não confere."


class Moment:
    """The machine's clock, in seconds."""

    now = 1_800_000_015.0

    def time(self) -> float:
        return self.now


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
    moment = Moment()
    clock = SimpleNamespace(time=moment.time, monotonic=moment.time)
    monkeypatch.setattr(sign_in, "time", clock)
    monkeypatch.setattr(cognito, "time", clock)
    monkeypatch.setattr(sign_in, "_wrong", {})
    return moment


@pytest.fixture
def user() -> dict[str, Any]:
    return {"Username": "rui", "_totp_secret": SECRET}


def wrong_code() -> str:
    right = [cognito._totp_code(SECRET, near) for near in (-1, 0, 1)]
    return next(code for code in ("111111", "222222", "333333", "444444") if code not in right)


@pytest.mark.parametrize(("near", "taken"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_code_of_this_half_minute_and_its_neighbours_is_taken(
    moment: Moment, user: dict[str, Any], near: int, taken: bool
) -> None:
    assert (sign_in._wrong_code(user, cognito._totp_code(SECRET, near)) == "") is taken


def test_code_is_taken_once(moment: Moment, user: dict[str, Any]) -> None:
    code = cognito._totp_code(SECRET)

    assert sign_in._wrong_code(user, code) == ""
    assert sign_in._wrong_code(user, code) == "Este código já foi usado. Espere o próximo."
    moment.now += 30
    assert sign_in._wrong_code(user, cognito._totp_code(SECRET)) == ""


def test_after_five_wrong_codes_the_right_one_has_to_wait_too_and_longer_each_time(
    moment: Moment, user: dict[str, Any]
) -> None:
    for _ in range(4):
        assert sign_in._wrong_code(user, wrong_code()).startswith(WRONG)
    waits = []
    for _ in range(12):
        assert sign_in._wrong_code(user, wrong_code()).startswith(WRONG)
        message = sign_in._wrong_code(user, cognito._totp_code(SECRET))
        waits.append(int(message.removeprefix("Muitas tentativas. Espere ").partition(" s ")[0]))
        moment.now += waits[-1]

    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900]
    assert sign_in._wrong_code(user, cognito._totp_code(SECRET)) == ""
    assert sign_in._wrong_code(user, wrong_code()).startswith(WRONG), "the count begins anew"


def test_password_that_is_not_good_enough_is_told_what_it_lacks() -> None:
    pool = {"Policies": {"PasswordPolicy": {"MinimumLength": 12}}}
    errors = "Password did not conform with policy: " + "; ".join(
        cognito._password_policy_errors(pool, "curta")
    )

    assert sign_in_pages.in_portuguese(errors) == (
        "A senha precisa de pelo menos 12 caracteres, uma letra maiúscula, um número e um símbolo, como ! ou #."
    )
