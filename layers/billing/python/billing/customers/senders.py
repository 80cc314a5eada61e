"""Senders: the addresses that companies' e-mails come from. Each belongs to one tenant, and must be proven before
anything is sent from it (SEC-05).

    sender#cobranca@alfa.example    sender    whose it is, and since when it is proven

It is claimed in the transaction that stores the company. The address is looked up before the tenant is known, so its
partition begins with the address. Whoever reads the mailbox proves it, with the link that the provider sends there. A
claim that was not proven within a day does not keep others from claiming; what the provider proved for one tenant
proves nothing for another. An address in a domain that the tenant has proven (`sender_domains`) needs no proof of its
own; one in another tenant's proven domain is refused.
"""

from datetime import datetime
from typing import Protocol

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.emails import Email
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.table import Aggregate, entity_row, find
from billing.customers.actions import CompanyAction
from billing.customers.sender_domains import TO_PROVE, DomainProofs, SenderDomain, nearest, require_own
from billing.customers.table import CustomersTable


class Sender(Aggregate):
    """Remetente de e-mails. Sem `proven_at`, nada sai dele."""

    address: Email
    tenant_id: str
    claimed_at: datetime
    proven_at: datetime | None = None
    """Quando se comprovou que quem o usa lê a sua caixa de entrada."""

    def is_free(self, at: datetime) -> bool:
        """Whether another tenant may claim it."""
        return self.proven_at is None and at >= self.claimed_at + TO_PROVE


class SenderProofs(DomainProofs, Protocol):
    """What the provider says about who reads a mailbox. Adapters: ses, and its local twin, local_mailbox."""

    def ask(self, tenant_id: str, address: str, /) -> bool:
        """Whether the address is proven for this tenant; if not, a link is sent to its mailbox, at most once a day."""
        ...


def claim(call: Call, changes: Changes, address: str) -> None:
    """Add the claim to the caller's transaction. Raises Refused if the address, or a proven domain that it is in, is
    another tenant's."""
    sender = find_sender(address)
    if sender is not None and sender.tenant_id == call.tenant_id:
        return
    domain = require_own(call.tenant_id, _domain_of(address), "sender_email")
    if sender is not None and not (sender.is_free(call.now) or (domain and sender.proven_at is None)):
        message = f"O remetente {address} já é usado em outra conta. Informe um endereço seu."
        raise Refused.because([Refusal("sender.taken", message, field="sender_email")])
    version = 0 if sender is None else sender.version
    claimed = Sender(address=address, tenant_id=call.tenant_id, claimed_at=call.now, version=version)
    changes.include(sender_row(_within(claimed, domain)))


def proven(call: Call, proofs: SenderProofs, address: str) -> Sender:
    """The sender in its current state; if it is not proven, the provider is asked. Raises NotFound; Refused if it is in
    another tenant's proven domain."""
    sender = get_for(call, address)
    if sender.proven_at is not None:
        return sender
    require_own(call.tenant_id, _domain_of(address), "sender_email")
    if not proofs.ask(call.tenant_id, sender.address):
        return sender
    after = sender.evolve(proven_at=call.now)
    changes = Changes(call)
    changes.put(sender_row(after), CompanyAction.SENDER_PROVEN, before=sender, after=after)
    return changes.commit_answering(after)


def require_proven(tenant_id: str, address: str) -> None:
    """Raises Refused unless the address is the tenant's, and it or its domain is proven."""
    sender = find_sender(address)
    if sender is not None and sender.tenant_id == tenant_id and _proven_by_itself_or_domain(sender):
        return
    message = (
        f"O remetente {address} não está comprovado: peça a comprovação na empresa e siga o e-mail recebido, ou comprove o domínio "
        "inteiro."
    )
    raise Refused.because([Refusal("sender.unproven", message)])


def get_for(call: Call, address: str) -> Sender:
    """Raises NotFound for an address that does not belong to the caller's tenant."""
    sender = find_sender(address)
    if sender is None or sender.tenant_id != call.tenant_id:
        raise NotFound("sender.missing", "A empresa ainda não tem remetente. Salve a empresa de novo.")
    return sender if sender.proven_at is not None else _within(sender, nearest(_domain_of(address)))


def _proven_by_itself_or_domain(sender: Sender) -> bool:
    return (
        sender.proven_at is not None
        or _within(sender, nearest(_domain_of(sender.address))).proven_at is not None
    )


def _within(sender: Sender, domain: SenderDomain | None) -> Sender:
    """The sender, proven by the domain that it is in if that belongs to the same tenant."""
    if domain is None or domain.tenant_id != sender.tenant_id:
        return sender
    return sender.evolve(proven_at=domain.proven_at)


def _domain_of(address: str) -> str:
    return address.rpartition("@")[2]


def find_sender(address: str) -> Sender | None:
    return find(CustomersTable, *_key(address), Sender)


def sender_row(sender: Sender) -> CustomersTable:
    return entity_row(CustomersTable, *_key(sender.address), sender)


def _key(address: str) -> tuple[str, str]:
    return f"sender#{address.lower()}", "sender"
