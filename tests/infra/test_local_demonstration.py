"""The demonstration of `make run`: however it ends, the cloud's clock follows the machine's again."""

import json
import socket
from datetime import datetime
from pathlib import Path
from typing import Any, cast

import pytest

from infra.local import __main__ as commands
from infra.local.demo.cloud import DeployedCloud, RequestFailed
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller, Wrong
from infra.local.demonstration import live_next_month, load_once
from infra.local.people import USERS

pytestmark = pytest.mark.req("PLT-03")

LOADED = {
    "first_month": "2026-03",
    "lived": 0,
    "invoices": 0,
    "agreed": [],
    "profiles": {},
    "accounts": {},
    "items": {},
}


class Unreachable:
    """A cloud that answers nothing; only its clock can be set."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at

    def request(self, *_what: object, **_how: object) -> Any:
        raise KeyboardInterrupt

    upload = download = request

    def travel(self, at: datetime) -> None:
        self.at = at

    def travel_home(self) -> None:
        self.at = None


def teller_of(cloud: Unreachable) -> tuple[Teller, DeployedCloud]:
    deployed = cast("DeployedCloud", cloud)
    return Teller(deployed, lambda _line: None), deployed


def test_a_month_that_is_cut_off_leaves_the_clock_at_home(tmp_path: Path) -> None:
    (tmp_path / "demonstration.json").write_text(json.dumps(LOADED))
    cloud = Unreachable(datetime(2026, 4, 1, 9).astimezone())

    with pytest.raises(KeyboardInterrupt):
        live_next_month(tmp_path, *teller_of(cloud))

    assert cloud.at is None


@pytest.mark.parametrize("error", [Wrong("o retorno não foi processado"), RequestFailed("422: ...")])
def test_month_that_cannot_continue_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def stop(*_: object) -> None:
        raise error

    (tmp_path / "demonstration.json").write_text(json.dumps(LOADED))
    cloud = Unreachable()
    monkeypatch.setattr(Story, "month", stop)

    with pytest.raises(SystemExit, match=r"03/2026 parou no meio: .*\n.*make month"):
        live_next_month(tmp_path, *teller_of(cloud))
    assert cloud.at is None


def test_difference_ends_an_unattended_demonstration_and_is_only_reported_in_an_attended_one() -> None:
    said: list[str] = []
    cloud = cast("DeployedCloud", Unreachable())

    with pytest.raises(Wrong, match="faturas: 61, e devia ser 60"):
        Teller(cloud, said.append).check("faturas", 61, 60)
    Teller(cloud, said.append, is_alone=False).check("faturas", 61, 60)

    assert said == ["  Diferente da história (faturas: 61, e devia ser 60): algo foi mudado por fora dela."]


def test_loading_that_is_cut_off_leaves_the_clock_at_home(tmp_path: Path) -> None:
    cloud = Unreachable()

    with pytest.raises(KeyboardInterrupt):
        load_once(tmp_path, *teller_of(cloud))

    assert cloud.at is None


def test_the_next_start_mends_a_clock_that_was_left_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "demonstration.json").write_text(json.dumps(LOADED))
    cloud = Unreachable(datetime(2026, 4, 1, 9).astimezone())

    assert load_once(tmp_path, *teller_of(cloud)) == "2026-03"
    assert cloud.at is None


@pytest.mark.parametrize("command", [commands.month, commands.audit, commands.token])
@pytest.mark.parametrize("kept", [False, True])
def test_month_and_audit_without_a_running_cloud_say_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Any, kept: bool
) -> None:
    monkeypatch.setattr("sys.argv", ["infra.local"])
    monkeypatch.setattr(commands, "STATE", tmp_path)
    monkeypatch.setattr(commands, "PORT", None)  # one on which nothing listens
    if kept:
        (tmp_path / "outputs.json").write_text("{}")

    with pytest.raises(SystemExit, match="make run"):
        command()


def test_start_beside_another_program_names_its_port_before_any_work() -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        commands.require_free(port)
        other.listen()
        with pytest.raises(SystemExit, match=f"porta {port}. Feche o programa"):
            commands.require_free(port)


@pytest.mark.req("SEC-01")
def test_token_of_an_unknown_profile_says_which_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["infra.local", "token", "gerente"])

    with pytest.raises(SystemExit, match="administrador, financeiro, operacao, consulta"):
        commands.token()


@pytest.mark.req("SEC-01")
@pytest.mark.parametrize("profile", list(USERS))
def test_token_of_each_user_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], profile: str
) -> None:
    class Cloud:
        def __init__(self, *_: object) -> None:
            """Knows everybody."""

        def token(self, who: str) -> str:
            return f"token of {who}"

    monkeypatch.setattr("sys.argv", ["infra.local", "token", profile])
    monkeypatch.setattr(commands, "_running", lambda: (None, {}))
    monkeypatch.setattr(commands, "settle_people", lambda *_: [])
    monkeypatch.setattr(commands, "DeployedCloud", Cloud)

    commands.token()

    assert capsys.readouterr().out == f"token of {profile}\n"
