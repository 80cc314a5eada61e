"""The local stand-in for the providers: a folder in which each accepted e-mail is an .eml file and each SMS a .txt.

Like a provider, it accepts whatever it is given, so a message sent twice makes two files. A file `faults.txt` beside
them makes it fail. Each line is "recipient fault", where fault is

    throttled     not accepted, as long as the line is there
    rejected      refused for good
    unanswered    accepted, but the answer is lost
"""

from pathlib import Path
from secrets import token_hex

from billing.core.errors import Transient
from billing.customers.sender_domains import DnsRecord, DomainProof
from billing.dispatch.ports import Letter, Rejected, Unanswered

FAULTS = "faults.txt"
UNPROVEN = "unproven.txt"


class LocalProofs:
    """Every address and domain is proven, except those in the folder's `unproven.txt`, one per line."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def ask(self, _tenant_id: str, address: str) -> bool:
        return self._proves(address)

    def ask_domain(self, _tenant_id: str, domain: str) -> DomainProof:
        records = tuple(
            DnsRecord(name=f"local{n}._domainkey.{domain}", type="CNAME", value=f"local{n}.dkim.example")
            for n in (1, 2, 3)
        )
        return DomainProof(self._proves(domain), records)

    def _proves(self, name: str) -> bool:
        file = self._folder / UNPROVEN
        return not (file.exists() and name in file.read_text().split())


class LocalMailbox:
    def __init__(self, folder: Path, ending: str) -> None:
        """`ending` is eml for e-mails, txt for SMS."""
        self._folder = folder
        self._ending = ending

    def send(self, letter: Letter) -> str:
        fault = self._fault_of(letter)
        if fault == "throttled":
            raise Transient("the mailbox is throttled")
        if fault == "rejected":
            raise Rejected("A caixa local recusou o destinatário.")
        provider_id = f"{letter.message_id}-{token_hex(4)}"
        self._write(provider_id, letter)
        if fault == "unanswered":
            raise Unanswered("the mailbox lost its answer")
        return provider_id

    def _write(self, provider_id: str, letter: Letter) -> None:
        """Write it whole or not at all: others may be watching the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)
        header = b"" if self._ending == "eml" else f"Para: {', '.join(letter.to)}\n\n".encode()
        partial = self._folder / f".{provider_id}"
        partial.write_bytes(header + letter.content)
        partial.replace(self._folder / f"{provider_id}.{self._ending}")

    def _fault_of(self, letter: Letter) -> str | None:
        file = self._folder / FAULTS
        if not file.exists():
            return None
        faults = dict(line.split() for line in file.read_text().splitlines() if line.strip())
        return next((faults[address] for address in letter.to if address in faults), None)
