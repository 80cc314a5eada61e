"""The faults of ministack that matter to us, each fixed by one function whose docstring names the fault.

The patches replace private functions of one version and are applied before it starts; another version is refused.
"""

from importlib.metadata import version
from pathlib import Path

PATCHED_VERSION = "1.5.33"


class WrongVersion(RuntimeError):
    """The installed ministack is not the one that the patches were written for."""


def apply_all(state_dir: Path) -> None:
    """Fix the emulator in this process; what the patches keep beyond its own state goes under `state_dir`."""
    check_version(version("ministack"))
    # Only now: these import the emulator, and if it has moved on, the version check should be what fails.
    from infra.local.patches import (
        control_plane,
        expressions,
        files,
        gateway,
        lambdas,
        schedules,
        sign_in,
        state_machines,
        tables,
    )

    items = tables.ItemFile(state_dir / "items.sqlite3")
    tables.write_items_through(items)
    control_plane.save_services_one_at_a_time()
    tables.save_tables_when_they_change(items)
    control_plane.read_state_again_when_it_moves()
    control_plane.keep_half_done_deployments_off_the_disk()
    control_plane.leave_log_events_out_of_the_state()
    control_plane.save_users_when_they_change()
    control_plane.read_streams_from_their_start_after_a_restart()
    expressions.read_each_expression_once()
    files.tell_eventbridge_the_version()
    gateway.read_cors_settings_of_templates()
    gateway.answer_without_the_exception_when_a_handler_fails()
    lambdas.run_handlers_in_forked_workers(code_dir=state_dir / "code", logs_dir=state_dir / "logs")
    lambdas.keep_logs_in_one_stream_per_version()
    schedules.fire_schedules_at_the_time_of_their_zone()
    sign_in.give_the_trigger_the_user_on_refresh()
    sign_in.say_when_the_person_signed_in()
    sign_in.remember_who_signed_in()
    sign_in.ask_for_the_code()
    sign_in.help_who_forgot_the_password()
    sign_in.put_its_mail_into_the_mailbox(state_dir / "mailbox")
    sign_in.speak_portuguese(state_dir / "users.json")
    state_machines.number_events_one_at_a_time()
    state_machines.evaluate_jsonata_in_distributed_maps()
    state_machines.evaluate_jsonata_in_parallel_states()
    state_machines.evaluate_output_of_succeed_states()
    state_machines.write_history_of_children()


def check_version(installed: str) -> None:
    if installed != PATCHED_VERSION:
        raise WrongVersion(
            f"infra/local/patches mends ministack {PATCHED_VERSION}, but {installed} is installed: "
            "install the version of requirements/dev.txt, or go through every patch again"
        )
