"""Every Lambda of the product, as data: what wakes it, what it may read, write, start and send.

A function is given the environment and the grants that its line names, and nothing else. Tables are named as in
`billing.entry.tables`; writing a table includes reading it, and deleting its rows is said apart. Nearly all write the platform table: it keeps the answers
to repeated requests, the runs and their chunks. What a line says is what the code comes to: a test compares them.
"""

from dataclasses import dataclass
from enum import StrEnum

from billing.core.files import Folder
from billing.runs.kinds import DAILY, RunKind
from infra.names import pascal_case

STARTS_QUICKLY = {"PYDANTIC_DISABLE_PLUGINS": "1", "PYTHONTZPATH": "/usr/share/zoneinfo"}
"""In every function's environment. pydantic would look through all installed packages for plugins, and zoneinfo through how the
interpreter was built for where zones are; where the folder is not, it takes them from tzdata, which the layer brings."""


TENANT_REQUESTS_PER_SECOND = 50
"""Of one tenant, all its people and integrations together; above it the functions answer 429. Locally one machine asks."""
LOCAL_TENANT_REQUESTS_PER_SECOND = 500


class Woken(StrEnum):
    """What calls the function; also the name of the module of `functions/<context>` that it stands in."""

    BY_A_REQUEST = "api"
    BY_A_MACHINE = "tasks"
    BY_AN_EVENT = "events"
    BY_SIGN_IN = "pre_token"
    BY_AN_OPERATOR = "redrive"


class Sends(StrEnum):
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    name: str
    """Of an API function its folder in `functions/`, mostly its context's; of any other the name of its handler."""
    context: str
    woken: Woken
    entry: str
    memory_mb: int
    timeout_s: int
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    """Of the tables that it writes."""
    reads_files: bool = False
    """Files are found by rows that name them: whose they are is judged before."""
    writes_files: tuple[Folder, ...] = ()
    """The folders to which it puts files, or gives addresses for uploads."""
    starts: tuple[RunKind, ...] = ()
    sends: tuple[Sends, ...] = ()
    woken_by: tuple[Folder, ...] = ()
    """Of one woken by files: the folders to which they are put."""
    follows: bool = False
    """May look at what became of the executions that it starts."""
    proves_senders: bool = False
    """May make, read and delete the provider's identities of senders."""
    invites: bool = False
    """May make users in the user pool, and sign them out."""
    streams: tuple[str, ...] = ()
    """Tables whose streams wake it."""
    removes_files: bool = False
    """Of the folders that it writes to."""

    @property
    def uses_files(self) -> bool:
        return self.reads_files or bool(self.writes_files)

    @property
    def module(self) -> str:
        return f"functions.{self.context}.{self.woken.value}"

    @property
    def handler(self) -> str:
        return f"{self.module}.{self.entry}"

    @property
    def logical_name(self) -> str:
        """PascalCase; what the stack and the substitutions of the state machines call it."""
        return pascal_case(f"{self.name}_api" if self.woken is Woken.BY_A_REQUEST else self.name)


def _api(
    context: str,
    *,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    deletes: tuple[str, ...] = (),
    reads_files: bool = False,
    writes_files: tuple[Folder, ...] = (),
    starts: tuple[RunKind, ...] = (),
    sends: tuple[Sends, ...] = (),
    invites: bool = False,
    proves_senders: bool = False,
) -> Function:
    """29 s is the longest that the gateway waits. One that writes nothing keeps no answers either."""
    return Function(
        name=context,
        context=context,
        woken=Woken.BY_A_REQUEST,
        entry="handler",
        memory_mb=1024,
        timeout_s=29,
        reads=reads,
        writes=writes if "platform" in reads else ("platform", *writes),
        deletes=deletes,
        reads_files=reads_files,
        writes_files=writes_files,
        starts=starts,
        sends=sends,
        invites=invites,
        proves_senders=proves_senders,
    )


def _task(
    context: str,
    name: str,
    *,
    timeout_s: int = 300,
    memory_mb: int = 1024,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    deletes: tuple[str, ...] = (),
    reads_files: bool = True,
    writes_files: tuple[Folder, ...] = (),
    sends: tuple[Sends, ...] = (),
) -> Function:
    return Function(
        name=name,
        context=context,
        woken=Woken.BY_A_MACHINE,
        entry=name,
        memory_mb=memory_mb,
        timeout_s=timeout_s,
        reads=reads,
        writes=("platform", *writes),
        deletes=deletes,
        reads_files=reads_files,
        writes_files=writes_files,
        sends=sends,
    )


API_FUNCTIONS: tuple[Function, ...] = (
    _api("access", reads=("customers",), deletes=("platform",), invites=True),
    _api(
        "customers",
        reads=("contracts",),
        writes=("customers",),
        deletes=("customers",),
        proves_senders=True,
    ),
    _api("catalog", reads=("usage", "contracts", "customers"), writes=("catalog",), deletes=("catalog",)),
    _api("contracts", reads=("customers", "banking", "closings"), writes=("contracts",)),
    _api(
        "contract_changes",
        reads=("customers", "banking", "payments"),
        writes=("contracts", "invoicing", "bank_files"),
        deletes=("contracts", "invoicing"),
    ),
    _api(
        "usage",
        reads=("customers", "catalog", "contracts"),
        writes=("usage",),
        deletes=("usage",),
        reads_files=True,
        writes_files=(Folder.UPLOADED_USAGE,),
    ),
    _api(
        "closings",
        reads=("catalog",),
        writes=("closings", "contracts", "usage", "invoicing"),
        deletes=("usage",),
    ),
    _api("closing_views", reads=("platform", "customers", "closings", "contracts")),
    _api(
        "simulations",
        reads=("customers", "catalog", "closings", "contracts", "usage"),
        reads_files=True,
        starts=(RunKind.SIMULATION,),
    ),
    _api(
        "invoicing",
        reads=("customers", "banking", "closings", "contracts"),
        writes=("invoicing", "bank_files"),
        deletes=("invoicing",),
        reads_files=True,
        writes_files=(Folder.PAPERS,),
        starts=(RunKind.BILLING_RUN,),
    ),
    _api(
        "payments",
        reads=("customers", "banking"),
        writes=("payments", "invoicing", "bank_files"),
        reads_files=True,
        writes_files=(Folder.PAPERS, Folder.UPLOADED_STATEMENTS),
    ),
    _api(
        "banking",
        reads=("payments", "customers"),
        writes=("banking",),
        reads_files=True,
        writes_files=(Folder.KITS,),
    ),
    _api(
        "bank_files",
        reads=("banking", "customers", "payments"),
        writes=("bank_files", "invoicing"),
        reads_files=True,
        writes_files=(Folder.UPLOADED_RETURNS,),
    ),
    _api(
        "dispatch",
        reads=("customers", "invoicing", "banking", "closings", "contracts"),
        writes=("dispatch",),
        deletes=("dispatch",),
        reads_files=True,
        writes_files=(Folder.MESSAGES, Folder.PAPERS),
        starts=(RunKind.DISPATCH,),
        sends=(Sends.MAIL, Sends.SMS),
    ),
    _api("runs", reads=("banking", "customers"), starts=tuple(RunKind)),
    _api(
        "panels",
        reads=("platform", "customers", "contracts", "invoicing", "dispatch"),
        reads_files=True,
    ),
)

TASKS: tuple[Function, ...] = (
    _task("closings", "plan_closings", reads=("closings",), writes_files=(Folder.RUNS,)),
    _task(
        "closings",
        "close_chunk",
        reads=("catalog", "contracts"),
        writes=("closings", "usage", "invoicing"),
        timeout_s=840,
    ),
    _task("closings", "plan_simulation", reads=("closings",), writes_files=(Folder.RUNS,)),
    _task(
        "closings",
        "simulate_chunk",
        reads=("catalog", "contracts", "closings", "usage"),
        writes_files=(Folder.SIMULATIONS,),
        timeout_s=840,
    ),
    _task("closings", "finish_simulation", writes_files=(Folder.SIMULATIONS,)),
    _task("invoicing", "plan_billing", reads=("customers", "invoicing"), writes_files=(Folder.RUNS,)),
    _task(
        "invoicing",
        "bill_chunk",
        reads=("customers", "banking"),
        writes=("invoicing",),
        deletes=("invoicing",),
        timeout_s=840,
    ),
    _task(
        "bank_files",
        "plan_remittance",
        reads=("banking", "bank_files", "customers", "invoicing"),
        writes_files=(Folder.RUNS,),
    ),
    _task("bank_files", "claim_chunk", writes=("bank_files", "invoicing")),
    _task(
        "bank_files",
        "write_remittance",
        reads=("banking", "customers", "invoicing", "payments"),
        writes=("bank_files",),
        writes_files=(Folder.REMITTANCES, Folder.RUNS),
        timeout_s=840,
    ),
    _task("bank_files", "mark_chunk", reads=("banking", "payments"), writes=("bank_files", "invoicing")),
    _task(
        "bank_files",
        "read_return",
        reads=("banking", "invoicing", "payments"),
        writes=("bank_files",),
        writes_files=(Folder.RUNS,),
        timeout_s=840,
    ),
    _task(
        "bank_files",
        "apply_chunk",
        reads=("banking",),
        writes=("bank_files", "invoicing", "payments"),
        timeout_s=840,
    ),
    _task("bank_files", "finish_return", writes=("bank_files",)),
    _task("dispatch", "plan_dispatch", reads=("dispatch", "invoicing"), writes_files=(Folder.RUNS,)),
    _task(
        "dispatch",
        "send_chunk",
        reads=("customers", "banking", "invoicing", "closings", "contracts"),
        writes=("dispatch",),
        writes_files=(Folder.MESSAGES, Folder.PAPERS),
        sends=(Sends.MAIL, Sends.SMS),
        timeout_s=840,
    ),
    _task("usage", "read_import", writes=("usage",), writes_files=(Folder.RUNS,), timeout_s=840),
    _task(
        "usage",
        "import_chunk",
        reads=("customers", "catalog", "contracts"),
        writes=("usage",),
        writes_files=(Folder.IMPORT_REPORTS,),
        timeout_s=840,
    ),
    _task("usage", "finish_import", writes=("usage",)),
    _task(
        "payments",
        "read_statement",
        reads=("banking",),
        writes=("payments",),
        writes_files=(Folder.RUNS,),
    ),
    _task(
        "payments",
        "receive_chunk",
        reads=("customers", "banking"),
        writes=("payments", "invoicing", "bank_files"),
        writes_files=(Folder.IMPORT_REPORTS,),
        timeout_s=840,
    ),
    _task("payments", "finish_statement", writes=("payments",)),
    _task("runs", "check_run", memory_mb=512),
    _task("runs", "fail_run", memory_mb=512, timeout_s=60, reads_files=False),
)

RETURN_UPLOADED = Function(
    name="return_uploaded",
    context="bank_files",
    woken=Woken.BY_AN_EVENT,
    entry="return_uploaded",
    memory_mb=512,
    timeout_s=60,
    reads=("banking",),
    writes=("platform", "bank_files"),
    reads_files=True,
    writes_files=(Folder.RETURNS,),
    woken_by=(Folder.UPLOADED_RETURNS, Folder.BANK_CHANNEL),
    starts=(RunKind.BANK_RETURN,),
)
"""A return file came, sent by a person or dropped by the bank."""

IMPORT_UPLOADED = Function(
    name="import_uploaded",
    context="usage",
    woken=Woken.BY_AN_EVENT,
    entry="import_uploaded",
    memory_mb=512,
    timeout_s=60,
    writes=("platform", "usage"),
    woken_by=(Folder.UPLOADED_USAGE,),
    starts=(RunKind.USAGE_IMPORT,),
)
"""A file of usage came."""

STATEMENT_UPLOADED = Function(
    name="statement_uploaded",
    context="payments",
    woken=Woken.BY_AN_EVENT,
    entry="statement_uploaded",
    memory_mb=512,
    timeout_s=60,
    reads=("banking",),
    writes=("platform", "payments"),
    woken_by=(Folder.UPLOADED_STATEMENTS,),
    starts=(RunKind.STATEMENT_IMPORT,),
)
"""A bank statement came."""

START_SCHEDULED = Function(
    name="start_scheduled",
    context="runs",
    woken=Woken.BY_AN_EVENT,
    entry="start_scheduled",
    memory_mb=512,
    timeout_s=300,
    reads=("banking", "dispatch"),
    writes=("platform",),
    starts=DAILY,
)
"""A schedule is due: starts its kind of run for every tenant, at the schedule's own time."""

RECOVER_RUNS = Function(
    name="recover_runs",
    context="runs",
    woken=Woken.BY_AN_EVENT,
    entry="recover_runs",
    memory_mb=512,
    timeout_s=300,
    writes=("platform",),
    starts=tuple(RunKind),
    follows=True,
)
"""Every few minutes: starts again, for every tenant, the runs whose execution is gone."""

FINISH_CHANGES = Function(
    name="finish_changes",
    context="contract_changes",
    woken=Woken.BY_AN_EVENT,
    entry="finish_changes",
    memory_mb=1024,
    timeout_s=300,
    reads=("customers", "banking"),
    writes=("platform", "contracts", "invoicing", "bank_files"),
    deletes=("contracts", "invoicing"),
)
"""Every few minutes: carries out the changes of contracts whose command was cut off."""

FOLLOW_ROWS = Function(
    name="follow_rows",
    context="projections",
    woken=Woken.BY_AN_EVENT,
    entry="follow_rows",
    memory_mb=512,
    timeout_s=60,
    writes_files=(Folder.STATES,),
    streams=("customers", "contracts", "invoicing", "payments", "dispatch", "closings"),
)
"""Rows were written: keeps their states as columns."""

FOLD_STATES = Function(
    name="fold_states",
    context="projections",
    woken=Woken.BY_AN_EVENT,
    entry="fold_states",
    memory_mb=2048,
    timeout_s=840,
    reads=("platform",),
    reads_files=True,
    writes_files=(Folder.STATES,),
    removes_files=True,
)
"""Every few minutes: many small files of states become one."""

CATCH_UP_STATES = Function(
    name="catch_up_states",
    context="projections",
    woken=Woken.BY_AN_EVENT,
    entry="catch_up_states",
    memory_mb=1024,
    timeout_s=840,
    reads=("platform", "customers", "contracts", "invoicing", "payments", "dispatch", "closings"),
    writes_files=(Folder.STATES,),
)
"""Every day: the states of what the day before changed, whatever a stream has lost."""

PRE_TOKEN = Function(
    name="pre_token",
    context="access",
    woken=Woken.BY_SIGN_IN,
    entry="handler",
    memory_mb=512,
    timeout_s=5,
    reads=("platform",),
)
"""Writes tenant, companies and profile into the access token; Cognito waits 5 s at most."""

REDRIVE = Function(
    name="redrive",
    context="runs",
    woken=Woken.BY_AN_OPERATOR,
    entry="handler",
    memory_mb=256,
    timeout_s=300,
)
"""Gives the events of the dead-letter queue to their functions once more."""

EVENTS: tuple[Function, ...] = (
    RETURN_UPLOADED,
    IMPORT_UPLOADED,
    STATEMENT_UPLOADED,
    START_SCHEDULED,
    RECOVER_RUNS,
    FINISH_CHANGES,
    FOLD_STATES,
    CATCH_UP_STATES,
)

ALL_FUNCTIONS: tuple[Function, ...] = (*API_FUNCTIONS, *TASKS, *EVENTS, FOLLOW_ROWS, PRE_TOKEN, REDRIVE)
