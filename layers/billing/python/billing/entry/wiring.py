"""What a function gets from its environment: clock, files, state machines. Made once, on first use."""

import os
from datetime import datetime
from functools import cache
from pathlib import Path

from billing.adapters.cognito import CognitoDirectory, CognitoPasswords
from billing.adapters.dead_letters import DeadLetters
from billing.adapters.s3 import S3Files
from billing.adapters.step_functions import StepFunctions
from billing.audit.changes import PlatformTable
from billing.core.clock import Clock, FixedClock, SystemClock
from billing.core.entity import Entity
from billing.core.files import Files
from billing.core.table import entity_row, find
from billing.customers.senders import SenderProofs
from billing.entry import access_log as access_logs
from billing.entry.access_log import AccessLog
from billing.entry.tenant_limit import TenantLimit, configured
from billing.members.directory import Directory, Passwords
from billing.runs.processes import Executions, Processes


class LocalClock(Entity):
    """The local cloud's clock: a row that only local code writes. Without it, the machine's clock counts."""

    at: datetime


def clock_row(at: datetime) -> PlatformTable:
    """The row that local code writes to move the local cloud's clock."""
    return entity_row(PlatformTable, "local#clock", "clock", LocalClock(at=at))


def clock() -> Clock:
    """The system's clock; in the local cloud that of the row, read once per request."""
    if os.environ.get("MENSAL_CLOCK") != "row":
        return SystemClock()
    row = find(PlatformTable, "local#clock", "clock", LocalClock)
    return SystemClock() if row is None else FixedClock(row.at)


def sign_in_clock() -> Clock:
    """The user pool's, to compare with the times in its tokens: the machine's also where the local cloud's clock stands
    elsewhere."""
    return SystemClock()


@cache
def tenant_limit() -> TenantLimit | None:
    return configured()


@cache
def access_log() -> AccessLog | None:
    return access_logs.configured()


@cache
def files() -> Files:
    return S3Files(os.environ.get("FILES_BUCKET", "mensal-files"))


@cache
def processes() -> Processes:
    return StepFunctions()


@cache
def executions() -> Executions:
    return StepFunctions()


@cache
def directory() -> Directory:
    return directory_of(os.environ["USER_POOL_ID"])


@cache
def directory_of(user_pool_id: str) -> Directory:
    return CognitoDirectory(user_pool_id)


@cache
def passwords() -> Passwords:
    return CognitoPasswords(os.environ["USER_POOL_ID"], os.environ["PASSWORDS_CLIENT_ID"])


@cache
def sender_proofs() -> SenderProofs:
    """SES; with MAILBOX_DIR, set by the local cloud, its local twin in that folder."""
    folder = os.environ.get("MAILBOX_DIR")
    if folder is not None:
        from billing.adapters.local_mailbox import LocalProofs

        return LocalProofs(Path(folder))
    from billing.adapters.ses import SesIdentities

    return SesIdentities()


@cache
def dead_letters() -> DeadLetters:
    return DeadLetters(os.environ["DEAD_LETTERS_URL"])
