"""Domains of senders: a tenant that proves a domain needs no proof for each address in it (SEC-05).

    domain#alfa.example    sender                        whose it is, since when it is proven, and by which DNS records
    ten_...#companies      sender-domain#alfa.example    that the tenant claimed it

A domain is claimed by one tenant and proven by records that only its owner can put in the DNS. Once proven, it keeps
every other tenant out of its addresses and of the domains below it; an address or a domain in it that was proven
earlier keeps its owner, because the nearest proven domain decides. An unproven claim keeps others only from claiming
the same domain within a day.
"""

from datetime import datetime, timedelta
from typing import NamedTuple, Protocol

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.emails import Domain
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.table import Aggregate, entity_row, find, find_many, rows_in
from billing.core.text import Line
from billing.customers.actions import CompanyAction
from billing.customers.public_mail import PUBLIC_MAIL
from billing.customers.store import Owner, owner_row
from billing.customers.table import CustomersTable

TO_PROVE = timedelta(days=1)
"""How long an unproven claim to an address or a domain keeps others from claiming it."""


class DnsRecord(Entity):
    """Registro a publicar no DNS do domínio."""

    name: Line
    type: Line
    value: Line


class SenderDomain(Aggregate):
    """Domínio de remetentes. Com `proven_at`, qualquer endereço dele envia sem comprovação própria."""

    domain: Domain
    tenant_id: str
    claimed_at: datetime
    proven_at: datetime | None = None
    """Quando se comprovou que a conta publica no DNS do domínio."""
    records: tuple[DnsRecord, ...] = Field(default=(), max_length=10)
    """Registros que o comprovam: publique todos no DNS e confira de novo."""

    def is_free(self, at: datetime) -> bool:
        """Whether another tenant may claim it."""
        return self.proven_at is None and at >= self.claimed_at + TO_PROVE


class DomainProof(NamedTuple):
    is_proven: bool
    records: tuple[DnsRecord, ...]


class DomainProofs(Protocol):
    """What the provider says about who owns a domain. Adapters: ses, and its local twin, local_mailbox."""

    def ask_domain(self, tenant_id: str, domain: str, /) -> DomainProof:
        """Whether the domain's records are published, and which they are. Raises Refused for an unavailable domain."""
        ...


def claim(call: Call, proofs: DomainProofs, domain: str) -> SenderDomain:
    """Claim the domain for the caller's tenant; returns it with the records that prove it.

    Raises Refused for a public provider's domain, for another tenant's, and for one in another tenant's proven domain.
    """
    if any(name in PUBLIC_MAIL for name in _names(domain)):
        message = f"{domain} é de um provedor de e-mail aberto a todos. Informe um domínio da sua empresa."
        raise Refused.because([Refusal("sender.domain_public", message, field="domain")])
    require_own(call.tenant_id, domain)
    claimed = find_domain(domain)
    if claimed is None or claimed.tenant_id != call.tenant_id:
        if claimed is not None and not claimed.is_free(call.now):
            raise _taken(domain)
        version = 0 if claimed is None else claimed.version
        new = SenderDomain(domain=domain, tenant_id=call.tenant_id, claimed_at=call.now, version=version)
        changes = Changes(call)
        changes.put(domain_row(new), CompanyAction.SENDER_DOMAIN_CLAIMED, note=domain)
        changes.overwrite(claimed_row(call.tenant_id, domain))
        changes.commit()
    return proven(call, proofs, domain)


def proven(call: Call, proofs: DomainProofs, domain: str) -> SenderDomain:
    """The domain in its current state; if it is not proven, the provider is asked. Raises NotFound; Refused if it is
    unavailable, or in another tenant's proven domain."""
    sender_domain = get_for(call, domain)
    if sender_domain.proven_at is not None:
        return sender_domain
    require_own(call.tenant_id, domain)
    proof = proofs.ask_domain(call.tenant_id, domain)
    after = sender_domain.evolve(records=proof.records, proven_at=call.now if proof.is_proven else None)
    if after == sender_domain:
        return sender_domain
    changes = Changes(call)
    if proof.is_proven:
        changes.put(domain_row(after), CompanyAction.SENDER_DOMAIN_PROVEN, note=domain)
    else:
        changes.include(domain_row(after))
    return changes.commit_answering(after)


def domains(call: Call) -> list[SenderDomain]:
    """The domains of the caller's tenant."""
    claimed = rows_in(CustomersTable, _of(call.tenant_id), "sender-domain#", Owner)
    kept = find_many(CustomersTable, [_key(owner.id) for owner in claimed], SenderDomain)
    own = [domain for domain in kept.values() if domain.tenant_id == call.tenant_id]
    return sorted(own, key=lambda domain: domain.domain)


def get_for(call: Call, domain: str) -> SenderDomain:
    """Raises NotFound for a domain that does not belong to the caller's tenant."""
    sender_domain = find_domain(domain)
    if sender_domain is None or sender_domain.tenant_id != call.tenant_id:
        raise NotFound("sender.domain_missing", "A conta não tem este domínio de remetentes.")
    return sender_domain


def nearest(domain: str) -> SenderDomain | None:
    """This domain if it is proven, otherwise the nearest proven domain above it."""
    names = _names(domain)
    kept = find_many(CustomersTable, map(_key, names), SenderDomain)
    ordered = (kept.get(_key(name)) for name in names)
    return next((one for one in ordered if one is not None and one.proven_at is not None), None)


def require_own(tenant_id: str, domain: str, field: str = "domain") -> SenderDomain | None:
    """The tenant's proven domain that this one is in, if any. Raises Refused if it is in another tenant's."""
    sender_domain = nearest(domain)
    if sender_domain is not None and sender_domain.tenant_id != tenant_id:
        raise _taken(domain, field)
    return sender_domain


def find_domain(domain: str) -> SenderDomain | None:
    return find(CustomersTable, *_key(domain), SenderDomain)


def _names(domain: str) -> list[str]:
    """The domain and those above it, nearest first, except the top-level domain.

    >>> _names("mail.alfa.com.br")
    ['mail.alfa.com.br', 'alfa.com.br', 'com.br']
    """
    labels = domain.lower().split(".")
    return [".".join(labels[first:]) for first in range(len(labels) - 1)]


def _taken(domain: str, field: str = "domain") -> Refused:
    message = f"O domínio {domain} já é de outra conta. Informe um domínio seu."
    return Refused.because([Refusal("sender.domain_taken", message, field=field)])


def domain_row(domain: SenderDomain) -> CustomersTable:
    return entity_row(CustomersTable, *_key(domain.domain), domain)


def claimed_row(tenant_id: str, domain: str) -> CustomersTable:
    return owner_row(_of(tenant_id), f"sender-domain#{domain}", domain)


def _key(domain: str) -> tuple[str, str]:
    return f"domain#{domain.lower()}", "sender"


def _of(tenant_id: str) -> str:
    return f"{tenant_id}#companies"
