"""What issuing needs from outside: the authorities, and the vault of private keys."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

from billing.core.clock import Clock
from billing.core.files import Files
from billing.core.pace import Pace
from billing.fiscal.certificate import SigningCertificate
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.authorisers import Service


class NoAnswer(Exception):
    """The request may have been accepted, but its answer did not come."""


class Unreached(Exception):
    """The request was not sent."""


class NfcomAuthorities(Protocol):
    """The NFCom's authorities, by UF."""

    def ask(
        self, service: Service, uf: str, environment: Environment, message: bytes, signer: SigningCertificate
    ) -> bytes:
        """What the authority of the UF answers. Raises NoAnswer, Unreached."""
        ...


class SefinRequest(NamedTuple):
    """To the Sefin Nacional: a path below its address, and with a body a POST, without one a GET."""

    path: str
    body: bytes | None = None


class SefinResponse(NamedTuple):
    status: int
    """Of HTTP."""
    content: bytes


class SefinNacional(Protocol):
    """The authority of the national NFS-e."""

    def ask(
        self, request: SefinRequest, environment: Environment, signer: SigningCertificate
    ) -> SefinResponse:
        """Raises NoAnswer, Unreached."""
        ...


class KeyVault(Protocol):
    """Encrypts private keys under a key that nobody can take out; `context` must be the same to read them."""

    def seal(self, secret: bytes, context: dict[str, str]) -> bytes: ...

    def reveal(self, sealed: bytes, context: dict[str, str]) -> bytes: ...


@dataclass(frozen=True)
class FiscalOffice:
    """The services needed to issue and cancel. `clock` is the real one: the authorities compare it with theirs."""

    authorities: NfcomAuthorities
    sefin: SefinNacional
    vault: KeyVault
    files: Files
    clock: Clock
    pace: Pace
