"""The second factor and signing out everywhere, over HTTP: what of it the API decides."""

import time
from dataclasses import replace

import pytest

from billing.access.model import Profile
from billing.audit.changes import PlatformTable, history
from billing.entry import membership
from billing.entry.http import FRESH_S
from billing.entry.membership import KEPT_S
from functions.access.api import handler
from functions.customers.api import handler as customers
from tests.support.aws import InProcessAws
from tests.support.cutting import Cut, cut
from tests.support.http import Client
from tests.support.members import SECRET, PaperDirectory, let_in, open_tenant, signed_in

pytestmark = pytest.mark.req("SEC-07")

FACTOR = "/me/second-factor"
CONFIRM = f"{FACTOR}/confirmation"


@pytest.fixture
def rui(aws: InProcessAws, directory: PaperDirectory) -> Client:
    """Of the finance department, signed in with the password alone; Ana administers the tenant."""
    open_tenant("ten_alfa", "com_alfa")
    let_in("usr_ana", "ten_alfa", "com_alfa")
    let_in("usr_rui", "ten_alfa", "com_alfa", profile=Profile.FINANCEIRO)
    directory.password_alone.add("usr_rui")
    return replace(signed_in(handler, "usr_rui", directory), signed_in_at=int(time.time()) - 60)


@pytest.fixture
def ana(rui: Client, directory: PaperDirectory) -> Client:
    return signed_in(handler, "usr_ana", directory)


def actions(user_id: str) -> list[str]:
    entries = history(PlatformTable, f"membership#{user_id}", "member#ten_alfa")
    return [entry.action for entry in entries]


def test_who_moves_money_registers_an_authenticator_and_signs_in_again_with_it(
    rui: Client, directory: PaperDirectory
) -> None:
    assert rui.get("/me").body["second_factor_missing"] is True
    assert rui.get(FACTOR).body == {"is_registered": False, "is_required": True}

    begun = rui.post(FACTOR)
    assert begun.status == 201
    assert begun.body["uri"] == (
        f"otpauth://totp/Mensal:maria.prado%40aurora.example?secret={SECRET}&issuer=Mensal"
    )
    assert rui.post(CONFIRM, {"code": "654321"}).code == "second_factor.code"
    assert rui.get(FACTOR).body["is_registered"] is False

    assert rui.post(CONFIRM, {"code": "123456"}).status == 200
    assert directory.signed_out == ["usr_rui"]
    assert rui.get("/me").status == 401, "who signed in with the password alone does not stay"
    again = signed_in(customers, "usr_rui", directory)
    assert again.get("/companies").status == 200
    assert replace(again, handler=handler).get("/me").body["second_factor_missing"] is False
    assert actions("usr_rui") == ["member.second_factor_begun", "member.second_factor_registered"]


def test_qr_code_says_what_the_address_says(rui: Client) -> None:
    import zxingcpp
    from PIL import Image

    begun = rui.post(FACTOR).body
    rows = begun["qr_code"]
    side = len(rows) + 8
    picture = Image.new("L", (side, side), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            picture.putpixel((x + 4, y + 4), 0 if dark == "1" else 255)
    (read,) = zxingcpp.read_barcodes(picture.resize((side * 4, side * 4), Image.Resampling.NEAREST))

    assert read.text == begun["uri"]


def test_secret_is_kept_nowhere(aws: InProcessAws, rui: Client) -> None:
    seen: list[bytes] = []
    aws.observers.append(lambda _operation, body, _moment: seen.append(body))

    assert rui.post(FACTOR).body["secret"] == SECRET

    assert seen
    assert not any(SECRET.encode() in body for body in seen)


@pytest.mark.parametrize(
    ("age_s", "scope", "answer"),
    [
        (FRESH_S - 5, "openid aws.cognito.signin.user.admin", 201),
        (FRESH_S + 5, "openid aws.cognito.signin.user.admin", 403),
        (5, "openid", 403),
    ],
    ids=["just signed in", "a while ago", "with the everyday scope"],
)
def test_open_page_that_somebody_finds_registers_no_authenticator(
    rui: Client, age_s: int, scope: str, answer: int
) -> None:
    found_open = replace(rui, signed_in_at=int(time.time()) - age_s, scope=scope)

    assert found_open.post(FACTOR).status == answer
    assert answer == 201 or found_open.post(FACTOR).code == "access.fresh_sign_in"
    assert answer == 201 or found_open.post(CONFIRM, {"code": "123456"}).code == "access.fresh_sign_in"


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a", ""])
def test_code_has_six_digits(rui: Client, code: str) -> None:
    assert rui.post(CONFIRM, {"code": code}).status == 400


def test_lost_telephone_is_taken_off_by_an_administrator_with_its_trace(
    rui: Client, ana: Client, directory: PaperDirectory
) -> None:
    directory.password_alone.clear()
    path = "/members/usr_rui/second-factor"

    assert rui.delete(path, version=1).status == 403
    assert ana.delete("/members/usr_ana/second-factor", version=1).code == "member.oneself"
    assert ana.delete(path, version=2).status == 412
    assert directory.signed_out == []

    assert ana.delete(path, version=1).status == 200
    assert (directory.signed_out, directory.password_alone) == (["usr_rui"], {"usr_rui"})
    assert rui.get("/me").code == "access.signed_out"
    again = signed_in(handler, "usr_rui", directory)
    assert again.get("/me").body["second_factor_missing"] is True
    assert ana.delete(path, version=2).code == "second_factor.none"
    assert actions("usr_rui") == ["member.second_factor_removed"]


def test_second_factor_of_a_person_of_elsewhere_is_out_of_reach(
    ana: Client, rui: Client, directory: PaperDirectory
) -> None:
    """And the refusal is the one for a person who has none."""
    directory.password_alone.clear()
    open_tenant("ten_gama", "com_gama")
    let_in("usr_bia", "ten_gama", "com_gama")
    let_in("usr_rui", "ten_gama", "com_gama")
    bia = signed_in(handler, "usr_bia", directory)

    assert bia.delete("/members/usr_rui/second-factor", version=1).code == "second_factor.none"
    assert bia.post("/members/usr_rui/sign-out").status == 200
    assert (directory.signed_out, directory.password_alone) == ([], set())
    assert rui.get("/me").status == 200
    assert replace(rui, base="ten_gama").get("/me").code == "access.signed_out"


@pytest.mark.parametrize("by_administrator", [True, False])
def test_every_session_ends_within_half_a_minute(
    rui: Client,
    ana: Client,
    directory: PaperDirectory,
    monkeypatch: pytest.MonkeyPatch,
    by_administrator: bool,
) -> None:
    """An access token is valid for an hour; the API does not wait for that."""
    now = 1000.0
    monkeypatch.setattr(membership, "monotonic", lambda: now)
    elsewhere = replace(rui, forgets=False)
    assert elsewhere.get("/me").status == 200
    kept = dict(membership._kept)

    answer = ana.post("/members/usr_rui/sign-out") if by_administrator else rui.post("/me/sign-out")
    assert answer.status == 200
    assert directory.signed_out == ["usr_rui"]
    assert actions("usr_rui") == ["member.signed_out"]

    monkeypatch.setattr(membership, "_kept", kept)  # another process, which read the membership before
    now += KEPT_S - 0.001
    assert elsewhere.get("/me").status == 200
    now += 0.001
    refused = elsewhere.get("/me")
    assert (refused.status, refused.code) == (401, "access.signed_out")


def test_administrator_ends_their_own_sessions_from_the_list_of_people(
    ana: Client, directory: PaperDirectory
) -> None:
    assert ana.post("/members/usr_ana/sign-out").status == 200
    assert directory.signed_out == ["usr_ana"]
    assert actions("usr_ana") == ["member.signed_out"]
    assert replace(ana, signed_in_at=int(time.time()) - 60).get("/me").code == "access.signed_out"


def test_session_that_began_before_the_sign_out_ends_and_a_later_one_does_not(rui: Client) -> None:
    at = int(time.time())
    assert rui.post("/me/sign-out").status == 200

    assert replace(rui, signed_in_at=at - 1).get("/me").status == 401
    assert replace(rui, signed_in_at=at + 1).get("/me").status == 200
    assert replace(rui, signed_in_at=0).get("/me").status == 401, "a token that does not say when"


@pytest.mark.parametrize("moment", ["before", "after"])
def test_registration_cut_off_at_its_write_leaves_its_trace_and_ends_the_sessions(
    aws: InProcessAws, rui: Client, directory: PaperDirectory, moment: str
) -> None:
    rui.post(FACTOR)
    with pytest.raises(Cut), cut(aws, 0, moment):
        rui.post(CONFIRM, {"code": "123456"})

    again = rui.post(CONFIRM, {"code": "123456"})

    assert again.status == (200 if moment == "before" else 401)
    assert actions("usr_rui") == ["member.second_factor_begun", "member.second_factor_registered"]
    assert "usr_rui" not in directory.password_alone
    assert rui.get("/me").status == 401
