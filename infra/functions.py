"""Every Lambda of the product, as data: what wakes it, and what it may read, write, start and send.

A function gets the environment and the grants that its line names, and nothing else. Tables are named as in
`billing.entry.tables`; writing a table includes reading it, while deleting its rows is stated separately. Nearly all
functions write the platform table, which has the answers to repeated requests, the runs and their chunks. A line names
exactly what the code uses: a test compares them.
"""

from billing.core.files import Folder
from billing.runs.kinds import DAILY, RunKind
from infra.function import Area, Function, Sends, Woken, api_function, task_function

API_FUNCTIONS: tuple[Function, ...] = (
    api_function("access", area=Area.REGISTRY, reads=("customers",), deletes=("platform",), invites=True),
    api_function(
        "customers",
        area=Area.REGISTRY,
        reads=("contracts",),
        writes=("customers",),
        deletes=("customers",),
        proves_senders=True,
    ),
    api_function(
        "catalog",
        area=Area.REGISTRY,
        reads=("usage", "contracts", "customers"),
        writes=("catalog",),
        deletes=("catalog",),
    ),
    api_function(
        "contracts", area=Area.CONTRACTS, reads=("customers", "banking", "closings"), writes=("contracts",)
    ),
    api_function(
        "contract_changes",
        area=Area.CONTRACTS,
        reads=("customers", "banking", "payments"),
        writes=("contracts", "invoicing", "bank_files"),
        deletes=("contracts", "invoicing"),
    ),
    api_function(
        "usage",
        area=Area.CONTRACTS,
        reads=("customers", "catalog", "contracts"),
        writes=("usage",),
        deletes=("usage",),
        reads_files=True,
        writes_files=(Folder.UPLOADED_USAGE,),
    ),
    api_function(
        "closings",
        area=Area.CONTRACTS,
        reads=("catalog",),
        writes=("closings", "contracts", "usage", "invoicing"),
        deletes=("usage",),
    ),
    api_function(
        "closing_views", area=Area.CONTRACTS, reads=("platform", "customers", "closings", "contracts")
    ),
    api_function(
        "simulations",
        area=Area.CONTRACTS,
        reads=("customers", "catalog", "closings", "contracts", "usage"),
        reads_files=True,
        starts=(RunKind.SIMULATION,),
    ),
    api_function(
        "invoicing",
        area=Area.RECEIVABLES,
        reads=("customers", "banking", "closings", "contracts"),
        writes=("invoicing", "bank_files"),
        deletes=("invoicing",),
        reads_files=True,
        writes_files=(Folder.PAPERS,),
        starts=(RunKind.BILLING_RUN,),
    ),
    api_function(
        "payments",
        area=Area.RECEIVABLES,
        reads=("customers", "banking"),
        writes=("payments", "invoicing", "bank_files"),
        deletes=("invoicing",),
        reads_files=True,
        writes_files=(Folder.PAPERS, Folder.UPLOADED_STATEMENTS),
    ),
    api_function(
        "counter",
        area=Area.RECEIVABLES,
        reads=("customers", "banking"),
        writes=("counter", "payments", "invoicing", "bank_files"),
        deletes=("counter",),
        reads_files=True,
        writes_files=(Folder.PAPERS,),
        checks_passwords=True,
    ),
    api_function(
        "agreements",
        area=Area.RECEIVABLES,
        reads=("customers", "banking"),
        writes=("payments", "invoicing", "bank_files"),
        deletes=("payments", "invoicing"),
        reads_files=True,
        writes_files=(Folder.PAPERS,),
    ),
    api_function(
        "banking",
        area=Area.EXCHANGE,
        reads=("payments", "customers"),
        writes=("banking",),
        reads_files=True,
        writes_files=(Folder.KITS,),
    ),
    api_function(
        "bank_files",
        area=Area.EXCHANGE,
        reads=("banking", "customers", "payments"),
        writes=("bank_files", "invoicing"),
        reads_files=True,
        writes_files=(Folder.UPLOADED_RETURNS,),
    ),
    api_function(
        "dispatch",
        area=Area.EXCHANGE,
        reads=("customers", "invoicing", "banking", "closings", "contracts"),
        writes=("dispatch",),
        deletes=("dispatch",),
        reads_files=True,
        writes_files=(Folder.MESSAGES, Folder.PAPERS),
        starts=(RunKind.DISPATCH,),
        sends=(Sends.MAIL, Sends.SMS),
    ),
    api_function(
        "fiscal",
        area=Area.EXCHANGE,
        reads=("customers", "contracts"),
        writes=("fiscal", "invoicing"),
        reads_files=True,
        writes_files=(Folder.FISCAL, Folder.PAPERS),
        starts=(RunKind.FISCAL,),
        seals=True,
        signs=True,
    ),
    api_function(
        "runs", area=Area.EXCHANGE, reads=("banking", "customers", "dispatch"), starts=tuple(RunKind)
    ),
    api_function(
        "panels",
        area=Area.REGISTRY,
        reads=(
            "platform",
            "customers",
            "contracts",
            "invoicing",
            "payments",
            "banking",
            "dispatch",
            "fiscal",
        ),
        reads_files=True,
    ),
)

TASKS: tuple[Function, ...] = (
    task_function("closings", "plan_closings", reads=("closings",), writes_files=(Folder.RUNS,)),
    task_function(
        "closings",
        "close_chunk",
        reads=("catalog", "contracts"),
        writes=("closings", "usage", "invoicing"),
        timeout_s=840,
    ),
    task_function("closings", "plan_simulation", reads=("closings",), writes_files=(Folder.RUNS,)),
    task_function(
        "closings",
        "simulate_chunk",
        reads=("catalog", "contracts", "closings", "usage"),
        writes_files=(Folder.SIMULATIONS,),
        timeout_s=840,
    ),
    task_function("closings", "finish_simulation", writes_files=(Folder.SIMULATIONS,)),
    task_function("invoicing", "plan_billing", reads=("customers", "invoicing"), writes_files=(Folder.RUNS,)),
    task_function(
        "invoicing",
        "bill_chunk",
        reads=("customers", "banking"),
        writes=("invoicing",),
        deletes=("invoicing",),
        timeout_s=840,
    ),
    task_function(
        "bank_files",
        "plan_remittance",
        reads=("banking", "bank_files", "customers", "invoicing"),
        writes_files=(Folder.RUNS,),
    ),
    task_function("bank_files", "claim_chunk", writes=("bank_files", "invoicing")),
    task_function(
        "bank_files",
        "write_remittance",
        reads=("banking", "customers", "invoicing", "payments"),
        writes=("bank_files",),
        writes_files=(Folder.REMITTANCES, Folder.RUNS),
        timeout_s=840,
    ),
    task_function(
        "bank_files", "mark_chunk", reads=("banking", "payments"), writes=("bank_files", "invoicing")
    ),
    task_function(
        "bank_files",
        "read_return",
        reads=("banking", "invoicing", "payments"),
        writes=("bank_files",),
        writes_files=(Folder.RUNS,),
        timeout_s=840,
    ),
    task_function(
        "bank_files",
        "apply_chunk",
        reads=("banking",),
        writes=("bank_files", "invoicing", "payments"),
        timeout_s=840,
    ),
    task_function("bank_files", "finish_return", writes=("bank_files",)),
    task_function("dispatch", "plan_dispatch", reads=("dispatch", "invoicing"), writes_files=(Folder.RUNS,)),
    task_function(
        "dispatch",
        "send_chunk",
        reads=("customers", "banking", "invoicing", "closings", "contracts"),
        writes=("dispatch",),
        writes_files=(Folder.MESSAGES, Folder.PAPERS),
        sends=(Sends.MAIL, Sends.SMS),
        timeout_s=840,
    ),
    task_function("usage", "read_import", writes=("usage",), writes_files=(Folder.RUNS,), timeout_s=840),
    task_function(
        "usage",
        "import_chunk",
        reads=("customers", "catalog", "contracts"),
        writes=("usage",),
        writes_files=(Folder.IMPORT_REPORTS,),
        timeout_s=840,
    ),
    task_function("usage", "finish_import", writes=("usage",)),
    task_function(
        "payments",
        "read_statement",
        reads=("banking",),
        writes=("payments",),
        writes_files=(Folder.RUNS,),
    ),
    task_function(
        "payments",
        "receive_chunk",
        reads=("customers", "banking"),
        writes=("payments", "invoicing", "bank_files"),
        writes_files=(Folder.IMPORT_REPORTS,),
        timeout_s=840,
    ),
    task_function("payments", "finish_statement", writes=("payments",)),
    task_function("fiscal", "plan_fiscal", reads=("fiscal", "invoicing"), writes_files=(Folder.RUNS,)),
    task_function(
        "fiscal",
        "issue_chunk",
        reads=("customers", "contracts"),
        writes=("fiscal", "invoicing"),
        writes_files=(Folder.FISCAL,),
        signs=True,
        timeout_s=840,
    ),
    task_function("runs", "check_run", memory_mb=512),
    task_function("runs", "fail_run", memory_mb=512, timeout_s=60, reads_files=False),
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
"""A return file arrived, uploaded by a person or delivered by the bank."""

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
"""A usage file arrived."""

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
"""A bank statement arrived."""

START_SCHEDULED = Function(
    name="start_scheduled",
    context="runs",
    woken=Woken.BY_AN_EVENT,
    entry="start_scheduled",
    memory_mb=512,
    timeout_s=300,
    reads=("banking", "dispatch", "fiscal"),
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
"""Every few minutes: completes contract changes whose command was interrupted."""

KEEP_AGREEMENTS = Function(
    name="keep_agreements",
    context="agreements",
    woken=Woken.BY_AN_EVENT,
    entry="keep_agreements",
    memory_mb=1024,
    timeout_s=840,
    reads=("customers", "banking"),
    writes=("platform", "payments", "invoicing", "bank_files"),
    deletes=("payments", "invoicing"),
)
"""Every few minutes: completes debt agreements whose command was interrupted; every day: ends those that are paid or
broken."""

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
"""Every few minutes: merges many small files of states into one."""

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
"""Every day: updates the states of what changed the day before, in case a stream has lost something; all of them if an
operator says so."""

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
"""Sends the events of the dead-letter queue to their functions again."""

EVENTS: tuple[Function, ...] = (
    RETURN_UPLOADED,
    IMPORT_UPLOADED,
    STATEMENT_UPLOADED,
    START_SCHEDULED,
    RECOVER_RUNS,
    FINISH_CHANGES,
    KEEP_AGREEMENTS,
    FOLD_STATES,
    CATCH_UP_STATES,
)

ALL_FUNCTIONS: tuple[Function, ...] = (*API_FUNCTIONS, *TASKS, *EVENTS, FOLLOW_ROWS, PRE_TOKEN, REDRIVE)
