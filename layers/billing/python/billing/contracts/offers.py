"""What the caller may currently do with a contract."""

from collections.abc import Collection
from functools import partial

from billing.access.model import Permission
from billing.audit.offers import Offer, OfferRule, offers
from billing.contracts.model import Contract
from billing.contracts.states import ContractTool


class ContractOffer(Offer):
    """Uma ação que o perfil de quem pergunta permite, e o que a impede agora."""

    action: ContractTool


class ShownContract(Contract):
    """Contrato como se lê."""

    actions: tuple[ContractOffer, ...] = ()
    """O que quem pergunta pode fazer dele, e o que impede agora."""

    @classmethod
    def of(cls, permissions: Collection[Permission], contract: Contract) -> "ShownContract":
        return cls(**contract.__dict__, actions=of_contract(permissions, contract))


def of_contract(permissions: Collection[Permission], contract: Contract) -> tuple[ContractOffer, ...]:
    rules = {
        tool: OfferRule(Permission.CONTRACTS_WRITE, partial(Contract.reasons_against, tool=tool))
        for tool in ContractTool
    }
    return offers(ContractOffer, rules, permissions, contract)
