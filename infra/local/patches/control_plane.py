"""What the emulator knows besides items and objects (stacks, functions, users), kept on disk while it runs."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import functools
import threading
from collections.abc import Callable
from typing import Any

from ministack import app
from ministack.core import persistence
from ministack.services import cloudformation, cloudwatch_logs, cognito, lambda_svc

_saving = threading.Lock()
_ATTEMPTS = 10
_CHANGES_OF_USERS = frozenset(
    {
        "AdminCreateUser",
        "AdminDeleteUser",
        "AdminDisableUser",
        "AdminEnableUser",
        "AdminSetUserPassword",
        "AdminUpdateUserAttributes",
        "ChangePassword",
        "ConfirmForgotPassword",
        "RespondToAuthChallenge",  # the first sign-in sets the password
    }
)


def save_services_one_at_a_time() -> None:
    """Two threads that save the same service write to the same temporary file."""
    save_state = persistence.save_state

    def save_alone(service: str, data: dict[str, Any]) -> None:
        with _saving:
            save_state(service, data)

    persistence.save_state = save_alone


def read_state_again_when_it_moves() -> None:
    """Saving while requests are served may meet a dictionary that grows meanwhile; that service is then not saved."""
    build = app._build_persistence_save_dict
    app._build_persistence_save_dict = lambda: {
        name: functools.partial(_read_steadily, get_state) for name, get_state in build().items()
    }


def keep_half_done_deployments_off_the_disk() -> None:
    """A stack saved while it changes stays in progress for ever after a kill, and cannot be changed again."""
    build = app._build_persistence_save_dict
    app._build_persistence_save_dict = lambda: {} if _is_deploying() else build()


def leave_log_events_out_of_the_state() -> None:
    """All logs are copied and written in full at each save; what handlers print is also in files of its own."""
    get_state = cloudwatch_logs.get_state

    def without_events() -> dict[str, Any]:
        state: dict[str, Any] = get_state()
        for group in state["log_groups"].all_values():
            group["streams"] = {}
        return state

    cloudwatch_logs.get_state = without_events


def save_users_when_they_change() -> None:
    """A user created since the last save is gone after a kill, while the tables know the member: nobody can sign in as
    that user."""
    dispatch = cognito._dispatch_idp

    async def dispatch_and_save(action: str, data: dict[str, Any]) -> Any:
        answer = await dispatch(action, data)
        if action in _CHANGES_OF_USERS:
            persistence.save_state("cognito", cognito.get_state())
        return answer

    cognito._dispatch_idp = dispatch_and_save


def read_streams_from_their_start_after_a_restart() -> None:
    """A stream is empty after a restart, but its readers' positions are restored: its triggers never fire again.

    A reader without a position would begin at the end and miss the first record, so each begins at zero.
    """
    load = lambda_svc.load_persisted_state

    def load_and_rewind(data: dict[str, Any]) -> None:
        load(data)
        for scope, _ in lambda_svc._esms.all_items():
            lambda_svc._dynamodb_stream_positions.set_scoped(*scope, 0)

    lambda_svc.load_persisted_state = load_and_rewind


def save() -> None:
    """Write the state of every service that has any."""
    persistence.save_all(app._build_persistence_save_dict())


def save_every(seconds: float) -> None:
    """Without this, a killed emulator forgets every stack and user since its last clean stop."""
    timer = threading.Event()

    def run() -> None:
        while not timer.wait(seconds):
            save()

    threading.Thread(target=run, daemon=True, name="save").start()


def _is_deploying() -> bool:
    return any(
        stack["StackStatus"].endswith("_IN_PROGRESS") for stack in list(cloudformation._stacks.all_values())
    )


def _read_steadily(get_state: Callable[[], Any]) -> Any:
    for _ in range(_ATTEMPTS - 1):
        try:
            return get_state()
        except RuntimeError:  # "dictionary changed size during iteration"
            continue
    return get_state()
