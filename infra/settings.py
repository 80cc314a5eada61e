"""What differs between deployments, and where the code of functions and layers comes from."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCAL_CONSOLE = "http://127.0.0.1:4570"
"""The first address that `make run` prints. In tests the port is another, and sign-in is told so when it is known."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Folders that become assets: `functions` holds a folder of that name, `billing` and `vendor` a folder `python`."""

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
    """ARN that MensalFirewall tells."""
