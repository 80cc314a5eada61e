"""EventBridge Scheduler in the local cloud."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import time
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ministack.core import responses
from ministack.services import eventbridge, scheduler

Schedule = dict[str, Any]

_SCHEDULED_TIME = "<aws.scheduler.scheduled-time>"


def fire_schedules_at_the_time_of_their_zone() -> None:
    """A cron schedule fires in UTC whatever its zone, and its target is given the literal text
    `<aws.scheduler.scheduled-time>`.

    https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
    """
    tick_others = scheduler._tick_schedules
    looked_at: dict[Any, datetime] = {}

    def tick() -> None:
        now = datetime.now(UTC)
        for key, schedule in list(scheduler._schedules._data.items()):
            if schedule["ScheduleExpression"].startswith("cron("):
                at = due_at(schedule, looked_at.get(key, now), now)
                looked_at[key] = now
                scheduler._schedule_last_fired[key] = (
                    time.time()
                )  # so that the emulator's own check finds nothing
                if at is not None and schedule["State"] == "ENABLED":
                    _fire(key, schedule, at)
        tick_others()

    scheduler._tick_schedules = tick


def due_at(schedule: Schedule, after: datetime, now: datetime) -> datetime | None:
    """The instant (UTC) after `after` and up to `now` at which the schedule is due, if there is one."""
    zone = ZoneInfo(schedule["ScheduleExpressionTimezone"])
    fields = eventbridge._parse_cron_fields(schedule["ScheduleExpression"])
    at = None if fields is None else eventbridge._cron_next_fire(fields, after.astimezone(zone))
    return at.astimezone(UTC) if at is not None and at <= now else None


def target_at(schedule: Schedule, at: datetime) -> dict[str, Any]:
    """The target with the schedule's own time in its input."""
    target: dict[str, Any] = dict(schedule["Target"])
    if "Input" in target:
        target["Input"] = target["Input"].replace(_SCHEDULED_TIME, f"{at:%Y-%m-%dT%H:%M:%SZ}")
    return target


def _fire(key: tuple[str, str, str], schedule: Schedule, at: datetime) -> None:
    account, region, _ = key
    event = {
        "EventId": responses.new_uuid(),
        "Source": "aws.scheduler",
        "DetailType": "Scheduled Event",
        "Detail": "{}",
        "Time": at.timestamp(),
        "Resources": [schedule["Arn"]],
        "Account": account,
        "Region": region,
    }
    with responses.request_scope(account, region):  # for this call only: the caller goes on in its own scope
        eventbridge._invoke_target(target_at(schedule, at), event, schedule)
