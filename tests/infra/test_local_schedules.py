"""Schedules of the local cloud, by the clock of their own time zone."""

from datetime import UTC, datetime
from typing import Any

import pytest
from ministack.services import eventbridge, scheduler

from infra.local.patches import schedules

SCHEDULE = {
    "Arn": "arn:aws:scheduler:sa-east-1:000000000000:schedule/default/billing",
    "State": "ENABLED",
    "ScheduleExpression": "cron(0 3 * * ? *)",
    "ScheduleExpressionTimezone": "America/Sao_Paulo",
    "Target": {"Arn": "arn:x", "Input": '{"time": "<aws.scheduler.scheduled-time>"}'},
}

pytestmark = pytest.mark.req("PLT-03")


def at(hour: int, minute: int, second: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour, minute, second, tzinfo=UTC)


def test_three_in_sao_paulo_is_six_in_greenwich() -> None:
    assert schedules.due_at(SCHEDULE, at(5, 59, 55), at(6, 0, 5)) == at(6, 0)
    assert schedules.due_at(SCHEDULE, at(2, 59, 55), at(3, 0, 5)) is None


def test_schedule_is_due_once() -> None:
    assert schedules.due_at(SCHEDULE, at(6, 0, 5), at(6, 0, 15)) is None


def test_target_is_given_the_schedules_own_time() -> None:
    assert schedules.target_at(SCHEDULE, at(6, 0))["Input"] == '{"time": "2026-03-10T06:00:00Z"}'


def test_emulator_fires_it_once_and_not_when_disabled(monkeypatch: pytest.MonkeyPatch) -> None:
    fired: list[str] = []
    clock = [at(5, 59, 55)]

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return clock[0]

    account, region = "000000000000", "sa-east-1"
    idle = {**SCHEDULE, "State": "DISABLED"}
    monkeypatch.setattr(schedules, "datetime", Clock)
    monkeypatch.setattr(scheduler, "_tick_schedules", lambda: None)
    monkeypatch.setattr(eventbridge, "_invoke_target", lambda target, *_: fired.append(target["Input"]))
    monkeypatch.setattr(
        scheduler._schedules,
        "_data",
        {(account, region, "default/billing"): SCHEDULE, (account, region, "default/idle"): idle},
    )
    schedules.fire_schedules_at_the_time_of_their_zone()

    for moment in (at(5, 59, 55), at(6, 0, 5), at(6, 0, 15)):
        clock[0] = moment
        scheduler._tick_schedules()

    assert fired == ['{"time": "2026-03-10T06:00:00Z"}']
