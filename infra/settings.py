"""What differs between deployments, and where the code of functions and layers comes from."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL_CONSOLE = "http://127.0.0.1:4570"
"""The first address that `make run` prints. Tests use another port, which sign-in learns once it is known."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders that become assets: `functions` contains a folder of that name, `billing` and `vendor` a folder
    `python`."""

    functions: Path
    billing: Path
    vendor: Path


@dataclass(frozen=True, slots=True)
class Settings:
    """`local` is the cloud on a developer's machine: no TLS, a clock that can be set, passwords sent as they are."""

    sources: Sources
    local: bool
    console_origin: str
    """Where the web console is served, such as https://console.example.com: people come back there from sign-in."""
    console_certificate: str = ""
    """ARN of its certificate, in us-east-1; without one the console has CloudFront's own domain."""
    console_web_acl: str = ""
    """The ARN that MensalFirewall outputs."""
    customer_key: bool = False
    """Tables and files are encrypted with the account's own key, instead of those that AWS manages."""


def deployed_origin(given: object) -> str:
    """Where the console of a deployment is served. Raises SystemExit if it is not given, or if nobody owns it: whoever
    took it would be called back from sign-in, and could read files in people's browsers.

    >>> deployed_origin("https://console.suaempresa.com.br")
    'https://console.suaempresa.com.br'
    """
    origin = str(given or "")
    host = origin.removeprefix("https://")
    is_name = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)+", host) and not re.search(
        r"\.(example|test|local|[0-9]+)$", host
    )
    if not origin.startswith("https://") or not is_name or host.startswith("example."):
        raise SystemExit(
            f"console_origin is {origin or 'not set'}: give where the console will be served, such as"
            " `make deploy CONSOLE_ORIGIN=https://console.suaempresa.com.br`"
        )
    return origin
