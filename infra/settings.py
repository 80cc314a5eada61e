"""What differs between deployments, and where the code of functions and layers comes from."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


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
    web_origins: tuple[str, ...]
