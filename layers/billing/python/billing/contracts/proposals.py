"""A contract's tools propose what they would change, and then do exactly what was proposed (CHG-07)."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from pydantic import Field

from billing.access.call import Call
from billing.audit.differences import FieldChange, as_read, differences
from billing.contracts import service, store, tools
from billing.contracts.actions import ContractAction
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.field_labels import FIELDS
from billing.core.ids import content_hash
from billing.core.text import Id
from billing.rating.units import UNITS

_CHARACTERS = 32


class ProposedChange(Entity):
    """Uma definição ou um item, e cada campo que muda."""

    title: str
    changes: tuple[FieldChange, ...]


class Proposal(Entity):
    """O que a ferramenta mudaria; nada foi alterado."""

    proposal: str
    """A confirmação: envie-a com o mesmo pedido para fazer isto, e só isto."""
    items: tuple[ProposedChange, ...]


class Confirmation(Entity):
    proposal: Id = Field(examples=["5f0c2a9b7d3e4f61a8b0c2d4e6f80a1b"])
    """A confirmação que a proposta respondeu, depois de mostrada a quem decide."""


class TaxCodeReset(tools.NextVersions, Confirmation):
    """Redefinição dos códigos tributários, como foi proposta."""


class EnergyUpdate(tools.EnergyPreferences, Confirmation):
    """Atualização das preferências de energia, como foi proposta."""


class Tool(NamedTuple):
    action: ContractAction
    alter: Callable[[Contract], Contract]
    valid_from: date | None = None
    """When the definition versions that it makes come into force; None if it makes none."""


MISSING_METERS = Tool(ContractAction.METERS_ASSOCIATED, tools.associate_missing_meters)


def tax_codes(since: tools.NextVersions) -> Tool:
    def alter(contract: Contract) -> Contract:
        return tools.reset_tax_codes(contract, since.valid_from)

    return Tool(ContractAction.TAX_CODES_RESET, alter, since.valid_from)


def energy_preferences(preferences: tools.EnergyPreferences) -> Tool:
    def alter(contract: Contract) -> Contract:
        return tools.update_energy_preferences(contract, preferences)

    return Tool(ContractAction.ENERGY_PREFERENCES_UPDATED, alter, preferences.valid_from)


def propose(call: Call, customer_id: str, contract_id: str, tool: Tool, of: service.FrozenOf) -> Proposal:
    """Raises NotFound, Forbidden; Refused if the tool cannot be applied."""
    before = store.get_for(call, customer_id, contract_id)
    _require_in_time(call, before, tool, of)
    return _proposal(before, tool.alter(before))


def carry_out(
    call: Call,
    customer_id: str,
    contract_id: str,
    version: int,
    tool: Tool,
    confirmed: Confirmation,
    of: service.FrozenOf,
) -> Contract:
    """Raises Refused if it would do anything other than what was proposed, or nothing at all."""
    before = service.read(call, customer_id, contract_id, version)
    frozen = _require_in_time(call, before, tool, of)
    after = tool.alter(before)
    proposal = _proposal(before, after)
    if confirmed.proposal != proposal.proposal:
        message = "O que se faria agora não é o que foi proposto. Peça a proposta de novo e confira."
        raise Refused.because([Refusal("tool.proposal_changed", message, field="proposal")])
    if not proposal.items:
        raise Refused.because([Refusal("tool.nothing_to_change", "O contrato já está assim: nada muda.")])
    return service.keep(call, before, after, tool.action, frozen)


def _require_in_time(
    call: Call, contract: Contract, tool: Tool, of: service.FrozenOf
) -> service.VersionedRow | None:
    if tool.valid_from is None:
        return None
    return service.require_not_frozen(call, contract, tool.valid_from, of).next_row


def _proposal(before: Contract, after: Contract) -> Proposal:
    """A proposal is for one version of the contract: if the contract changes in the meantime, a new one is needed."""
    content = json.dumps([before.id, before.version, after.to_map()], sort_keys=True)
    return Proposal(
        proposal=content_hash(content.encode())[:_CHARACTERS], items=tuple(_changes(before, after))
    )


def _changes(before: Contract, after: Contract) -> Iterator[ProposedChange]:
    """The meters that an item gains, and each new version of a definition compared with the one before."""
    for item in after.items:
        known = before.item(item.id)
        added = item.meters[len(known.meters) :] if known is not None else ()
        if added:
            units = ", ".join(UNITS[meter.unit].many for meter in added)
            gained = FieldChange(field="meters", label=FIELDS["meters"], after=units)
            yield ProposedChange(title=item.description, changes=(gained,))
    last = tools.latest(before)
    for definition in tools.latest(after).values():
        known_version = last[definition.definition_id]
        if known_version != definition:
            fields = as_read(type(definition), differences(known_version, definition), {})
            yield ProposedChange(title=definition.title, changes=tuple(fields))
