"""The description of a Lambda, and what all of them have in common."""

from dataclasses import dataclass
from enum import StrEnum

from billing.core.files import Folder
from billing.runs.kinds import RunKind
from infra.names import pascal_case

STARTS_QUICKLY = {"PYDANTIC_DISABLE_PLUGINS": "1", "PYTHONTZPATH": "/usr/share/zoneinfo"}
"""In every function's environment. Otherwise pydantic searches all installed packages for plugins, and zoneinfo reads
the interpreter's build settings to find the time zones; if the folder does not exist, it takes them from tzdata, which
the layer brings."""


TENANT_REQUESTS_PER_SECOND = 50
"""For one tenant, all its people and integrations together; above it, the functions answer 429. Locally, all requests
come from one machine."""
LOCAL_TENANT_REQUESTS_PER_SECOND = 500


class Woken(StrEnum):
    """What calls the function; also the name of its module in `functions/<context>`."""

    BY_A_REQUEST = "api"
    BY_A_MACHINE = "tasks"
    BY_AN_EVENT = "events"
    BY_SIGN_IN = "pre_token"
    BY_AN_OPERATOR = "redrive"


class Area(StrEnum):
    """What an API function is about; each area is a stack, because CloudFormation takes 500 resources in one.

    Two stacks cannot have one route, so a function that changes its area has to be removed in one deployment and made
    in the next: its area is stated with it and stays. A new area is a line here.
    """

    REGISTRY = "Registry"
    """Customers, people, catalog, and the screens over all areas."""
    CONTRACTS = "Contracts"
    """From a contract to its charges: usage, closings, simulations."""
    RECEIVABLES = "Receivables"
    """Invoices and the money received for them."""
    EXCHANGE = "Exchange"
    """What is exchanged with banks, tax authorities and addressees; and the runs."""

    @property
    def stack(self) -> str:
        return f"MensalApi{self.value}"


class Sends(StrEnum):
    MAIL = "mail"
    SMS = "sms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Function:
    name: str
    """For an API function its folder in `functions/`, mostly its context's name; for any other the name of its
    handler."""
    context: str
    woken: Woken
    entry: str
    memory_mb: int
    timeout_s: int
    area: Area | None = None
    """An API function's."""
    reads: tuple[str, ...] = ()
    writes: tuple[str, ...] = ()
    deletes: tuple[str, ...] = ()
    """Those of the tables that it writes whose rows it may also delete."""
    reads_files: bool = False
    """Files are found through the rows that name them: whether they may be read is decided before."""
    writes_files: tuple[Folder, ...] = ()
    """The folders in which it stores files, or for which it gives upload addresses."""
    starts: tuple[RunKind, ...] = ()
    sends: tuple[Sends, ...] = ()
    woken_by: tuple[Folder, ...] = ()
    """For a function woken by files: the folders whose files wake it."""
    follows: bool = False
    """May look up what became of the executions that it starts."""
    proves_senders: bool = False
    """May create, read and delete the provider's identities of senders."""
    invites: bool = False
    """May create users in the user pool, and sign them out."""
    checks_passwords: bool = False
    """May ask the user pool whether a user's password is right."""
    streams: tuple[str, ...] = ()
    """Tables whose streams wake it."""
    removes_files: bool = False
    """May delete files in the folders that it writes to."""
    seals: bool = False
    """May encrypt companies' private keys."""
    signs: bool = False
    """May decrypt them, and sends requests to the tax authorities."""

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
        """PascalCase: its name in the stack and in the substitutions of the state machines."""
        return pascal_case(f"{self.name}_api" if self.woken is Woken.BY_A_REQUEST else self.name)


def api_function(
    context: str,
    *,
    area: Area,
    reads: tuple[str, ...] = (),
    writes: tuple[str, ...] = (),
    deletes: tuple[str, ...] = (),
    reads_files: bool = False,
    writes_files: tuple[Folder, ...] = (),
    starts: tuple[RunKind, ...] = (),
    sends: tuple[Sends, ...] = (),
    invites: bool = False,
    proves_senders: bool = False,
    seals: bool = False,
    signs: bool = False,
    checks_passwords: bool = False,
) -> Function:
    """29 s is the longest that the gateway waits. A function that writes nothing does not keep answers either."""
    return Function(
        name=context,
        context=context,
        woken=Woken.BY_A_REQUEST,
        entry="handler",
        memory_mb=1024,
        timeout_s=29,
        area=area,
        reads=reads,
        writes=writes if "platform" in reads else ("platform", *writes),
        deletes=deletes,
        reads_files=reads_files,
        writes_files=writes_files,
        starts=starts,
        sends=sends,
        invites=invites,
        proves_senders=proves_senders,
        seals=seals,
        signs=signs,
        checks_passwords=checks_passwords,
    )


def task_function(
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
    signs: bool = False,
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
        signs=signs,
    )
