"""Make the invoices of groups of charges, each once, numbered without gap (INV-17).

The result is the same however often it is started, killed or executed concurrently:

1. Read the blocks that the batch has taken: every invoice listed in them gets written, whatever happens.
2. Draft the others in memory. Those that cannot be issued are set aside, with their reasons.
3. Take a block of numbers for the rest, in one transaction (a later attempt takes a later round).
4. Write each listed invoice once, complete, with its charges, in one transaction. One that can no longer be issued is
   written as cancelled, with its number.

A block that its own run or command abandons is completed by the company's next run (`complete`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.banking import store as profiles
from billing.banking.model import PaymentProfile
from billing.core.errors import Conflict, Refused, Transient
from billing.core.table import MAX_TRANSACTION_ITEMS, UnreadableRow, each_readable
from billing.customers import store as customers
from billing.customers.model import Customer
from billing.invoicing import issue, numbering, store
from billing.invoicing.actions import ChargeAction, InvoiceAction
from billing.invoicing.charge import Charge
from billing.invoicing.invoice import Invoice
from billing.invoicing.issue import Draft, Group
from billing.invoicing.numbering import NumberBlock, NumberCounter, OpenBlock, Titles
from billing.invoicing.states import ChargeStatus, InvoiceStatus

ATTEMPTS = 8
"""How often a block or an invoice is tried when others write the same rows; after that the task is retried."""


class Batch(NamedTuple):
    """What numbers are taken for: one chunk of a run, or one command of a person."""

    owner: str
    chunk: int
    company_id: str
    series: str
    issued_on: date
    is_by_hand: bool = False
    """A person's command: its groups are in its open blocks, not in a manifest."""


class Billed(NamedTuple):
    """The invoices that exist after billing, by number, and what could not be billed."""

    invoices: list[Invoice]
    parked: list[tuple[Group, Refused]]


def bill(call: Call, batch: Batch, groups: Sequence[Group]) -> Billed:
    """Make the groups' invoices, each once. Raises Transient if others keep interfering."""
    by_id = {group.invoice_id(batch.owner): group for group in groups}
    blocks = numbering.blocks(call.tenant_id, batch.owner, batch.chunk)
    loaded = LoadedCharges.of(call.tenant_id, groups)
    written = _written(call, blocks)
    result = Billed([], [])
    drafts: list[Draft] = []
    listed = _listed(blocks)
    for invoice_id, group in by_id.items():
        if invoice_id in listed:
            continue
        try:
            loaded.require_readable(group)
            charges = issue.still_unbilled(group, invoice_id, loaded.charges)
            if not charges:
                continue  # somebody has billed, suspended or removed them meanwhile: nothing is left to do
            drafts.append(loaded.tried(group, charges, batch))
        except Refused as refused:
            result.parked.append((group, refused))
    blocks, without_number = _number(call, batch, blocks, drafts)
    result.parked.extend(without_number)
    writer = _Writer(call, batch, by_id, loaded)
    for block in blocks:
        result.invoices.extend(writer.write(block, written))
        numbering.close(call, batch.company_id, block.key)
    return result


def complete(call: Call, block: NumberBlock, issued_on: date, groups: Mapping[str, Group]) -> None:
    """Write the invoices of an open block as whoever took its numbers would have; `groups` by invoice.

    Raises Transient if others keep interfering.
    """
    batch = Batch(block.owner, block.chunk, block.company_id, block.series, issued_on)
    loaded = LoadedCharges.of(call.tenant_id, [groups[invoice_id] for invoice_id in ids_of(block)])
    _Writer(call, batch, groups, loaded).write(block, _written(call, [block]))
    numbering.close(call, block.company_id, block.key)


@dataclass(frozen=True, slots=True)
class LoadedCharges:
    """What a chunk's invoices are made of, read in batches, once."""

    charges: dict[str, Charge]
    customers: dict[str, Customer]
    profiles: dict[str, PaymentProfile]
    unreadable: Mapping[str, UnreadableRow] = field(default_factory=dict)
    """By id of charge, customer or profile."""
    drafts: dict[str, Draft] = field(default_factory=dict)
    """By invoice; composed once, because nothing above changes."""

    @classmethod
    def of(cls, tenant_id: str, groups: Sequence[Group]) -> "LoadedCharges":
        owners = {charge_id: group.customer_id for group in groups for charge_id in group.charge_ids}
        charges = each_readable(
            owners, lambda ids: store.find_charges(tenant_id, [(owners[id_], id_) for id_ in ids])
        )
        people = each_readable(
            (group.customer_id for group in groups),
            lambda ids: {person.id: person for person in customers.get_many(tenant_id, ids)},
        )
        of_groups = each_readable(
            (group.payment_profile_id for group in groups if group.payment_profile_id is not None),
            lambda ids: profiles.find_profiles(tenant_id, ids),
        )
        return cls(
            charges=dict(charges.things),
            customers=dict(people.things),
            profiles=dict(of_groups.things),
            unreadable={**charges.unreadable, **people.unreadable, **of_groups.unreadable},
        )

    def require_readable(self, group: Group) -> None:
        """Raises Refused for a group whose customer, profile or charge cannot be read."""
        for id_ in (group.customer_id, group.payment_profile_id or "", *group.charge_ids):
            if id_ in self.unreadable:
                raise self.unreadable[id_].refused

    def draft(self, group: Group, charges: Sequence[Charge], batch: Batch) -> Draft:
        """Raises Refused."""
        invoice_id = group.invoice_id(batch.owner)
        draft = self.drafts.get(invoice_id)
        if draft is None:
            profile = self.profiles.get(group.payment_profile_id or "")
            if profile is not None and profile.company_id != batch.company_id:
                profile = None
            draft = self.drafts[invoice_id] = issue.draft(
                group,
                charges,
                self.customers.get(group.customer_id),
                profile,
                invoice_id=invoice_id,
                issued_on=batch.issued_on,
            )
        return draft

    def tried(self, group: Group, charges: Sequence[Charge], batch: Batch) -> Draft:
        """A draft that the bank would accept: the trial finds what it would not before a number is used up. Raises
        Refused."""
        draft = self.draft(group, charges, batch)
        issue.complete(
            draft,
            group.invoice_id(batch.owner),
            number=1,
            series=batch.series,
            title_number=draft.profile.first_nosso_numero,
            issued_on=batch.issued_on,
        )
        return draft


class _Allocation(NamedTuple):
    """A block to be taken, the counters that it advances, and the drafts for which their profile has no number left."""

    block: NumberBlock | None
    numbers: NumberCounter
    titles: list[tuple[Titles, NumberCounter]]
    parked: list[tuple[Group, Refused]]


def _number(
    call: Call, batch: Batch, blocks: list[NumberBlock], drafts: list[Draft]
) -> tuple[list[NumberBlock], list[tuple[Group, Refused]]]:
    """The blocks, with one more for drafts that are in none."""
    for _ in range(ATTEMPTS):
        listed = _listed(blocks)
        fresh = [draft for draft in drafts if draft.group.invoice_id(batch.owner) not in listed]
        allocation = _allocate(call, batch, len(blocks), fresh)
        if allocation.block is None:
            return blocks, allocation.parked
        opened = OpenBlock(
            key=allocation.block.key,
            issued_on=batch.issued_on,
            groups=tuple(draft.group.key for draft in fresh) if batch.is_by_hand else (),
        )
        try:
            numbering.take(call, allocation.block, allocation.numbers, allocation.titles, opened)
        except (Conflict, Transient):
            blocks = numbering.blocks(call.tenant_id, batch.owner, batch.chunk)
        else:
            return [*blocks, allocation.block], allocation.parked
    raise Transient("others keep taking numbers")


def _allocate(call: Call, batch: Batch, round_: int, drafts: list[Draft]) -> _Allocation:
    """Numbers for the drafts: those without a boleto first, then profile by profile, from its range."""
    invoices = [_key(draft.group, batch) for draft in drafts if not draft.has_boleto]
    titles: list[tuple[Titles, NumberCounter]] = []
    parked: list[tuple[Group, Refused]] = []
    with_boleto = sorted((d for d in drafts if d.has_boleto), key=lambda draft: draft.profile.id)
    for profile_id, members in groupby(with_boleto, key=lambda draft: draft.profile.id):
        of_profile = list(members)
        profile = of_profile[0].profile
        counter = numbering.titles_counter(call.tenant_id, profile_id, profile.first_nosso_numero)
        first = max(counter.next, profile.first_nosso_numero)
        room = max(0, profile.last_nosso_numero - first + 1)
        parked += [(draft.group, _range_over(profile)) for draft in of_profile[room:]]
        of_profile = of_profile[:room]
        if not of_profile:
            continue
        taken = Titles(
            profile_id=profile_id,
            start=len(invoices),
            count=len(of_profile),
            first_number=first,
            first_nosso_numero=issue.boleto_of(of_profile[0], 1, first, batch.issued_on).nosso_numero,
        )
        titles.append((taken, counter))
        invoices += [_key(draft.group, batch) for draft in of_profile]
    numbers = numbering.series_counter(call.tenant_id, batch.company_id, batch.series)
    block = NumberBlock(
        owner=batch.owner,
        chunk=batch.chunk,
        round=round_,
        company_id=batch.company_id,
        series=batch.series,
        first=numbers.next,
        invoices=tuple(invoices),
        titles=tuple(taken for taken, _ in titles),
    )
    return _Allocation(block if invoices else None, numbers, titles, parked)


class _Writer(NamedTuple):
    """Writes what blocks list, several invoices to a transaction."""

    call: Call
    batch: Batch
    groups: Mapping[str, Group]
    loaded: LoadedCharges

    def write(self, block: NumberBlock, written: Mapping[str, Invoice]) -> list[Invoice]:
        """The block's invoices in order; those not yet `written` are."""
        made = dict(written)
        together: list[_Piece] = []
        size = 0
        for position, invoice_id in enumerate(ids_of(block)):
            if invoice_id in made:
                continue
            piece = self._piece(block, position, self.loaded)
            if piece.size + size > MAX_TRANSACTION_ITEMS:
                made |= self._write_together(block, together)
                together, size = [], 0
            together.append(piece)
            size += piece.size
        made |= self._write_together(block, together)
        return [made[invoice_id] for invoice_id in ids_of(block)]

    def _write_together(self, block: NumberBlock, pieces: list["_Piece"]) -> dict[str, Invoice]:
        if sum(piece.size for piece in pieces) > MAX_TRANSACTION_ITEMS:
            return {piece.invoice.id: self._write_alone(block, piece) for piece in pieces}
        changes = Changes(self.call)
        for piece in pieces:
            piece.put(self.call, changes)
        try:
            changes.commit()
        except (Conflict, Transient):
            return {piece.invoice.id: self._write_alone(block, piece) for piece in pieces}
        return {piece.invoice.id: piece.kept for piece in pieces}

    def _write_alone(self, block: NumberBlock, piece: "_Piece") -> Invoice:
        """Write one invoice. If another process was faster, its invoice counts; if a charge changed, the invoice is
        composed again."""
        tenant_id, invoice = self.call.tenant_id, piece.invoice
        for _ in range(ATTEMPTS):
            written = store.find_invoice(tenant_id, invoice.customer_id, invoice.id)
            if written is not None:
                return written
            again = LoadedCharges.of(tenant_id, [self.groups[invoice.id]])
            piece = self._piece(block, piece.position, again)
            try:
                return self._commit(piece)
            except Conflict:
                continue
        raise Transient("others keep writing the same charges")

    def _commit(self, piece: "_Piece") -> Invoice:
        """Charges that do not fit in one transaction are claimed (or given back) before the invoice is written; a
        re-run completes it from the block."""
        moved = piece.moved
        while len(moved) + 2 > MAX_TRANSACTION_ITEMS:
            part, moved = moved[: MAX_TRANSACTION_ITEMS - 1], moved[MAX_TRANSACTION_ITEMS - 1 :]
            changes = Changes(self.call)
            changes.put(
                store.charge_row(self.call.tenant_id, part[0]),
                ChargeAction.CLAIMED,
                note=f"Fatura {piece.invoice.number}",
            )
            for charge in part[1:]:
                changes.include(store.charge_row(self.call.tenant_id, charge))
            changes.commit()
        last = piece._replace(moved=moved)
        changes = Changes(self.call)
        last.put(self.call, changes)
        changes.commit()
        return last.kept

    def _piece(self, block: NumberBlock, position: int, loaded: LoadedCharges) -> "_Piece":
        """The invoice at a block's position, complete; cancelled if it can no longer be issued."""
        invoice_id = ids_of(block)[position]
        group = self.groups[invoice_id]
        charges = issue.still_unbilled(group, invoice_id, loaded.charges)
        number, title_number = block.first + position, block.title_number(position)
        try:
            draft = loaded.draft(group, charges, self.batch)
            invoice = issue.complete(
                draft,
                invoice_id,
                number=number,
                series=block.series,
                title_number=title_number,
                issued_on=self.batch.issued_on,
            )
        except Refused:
            claimed = [charge.freed() for charge in charges if charge.status is ChargeStatus.BILLED]
            invoice = issue.cancelled(
                group,
                invoice_id,
                number=number,
                series=block.series,
                company_id=block.company_id,
                issued_on=self.batch.issued_on,
            )
            return _Piece(position, invoice, (), claimed)
        unclaimed = [c.billed(invoice_id) for c in draft.charges if c.status is ChargeStatus.UNBILLED]
        return _Piece(position, invoice, draft.charges, [*unclaimed, *draft.left])


class _Piece(NamedTuple):
    """One invoice, the charges that add up to it, and those still to be written with it."""

    position: int
    invoice: Invoice
    charges: tuple[Charge, ...]
    moved: list[Charge]

    @property
    def size(self) -> int:
        """Rows of its transaction: the invoice, its audit entry, the charges."""
        return len(self.moved) + 2

    @property
    def kept(self) -> Invoice:
        return self.invoice.evolve(version=1)

    def put(self, call: Call, changes: Changes) -> None:
        is_cancelled = self.invoice.status is InvoiceStatus.CANCELLED
        action = InvoiceAction.NUMBER_CANCELLED if is_cancelled else InvoiceAction.ISSUED
        store.put_invoice(call.tenant_id, changes, None, self.invoice, action, charges=self.charges)
        for charge in self.moved:
            changes.include(store.charge_row(call.tenant_id, charge))


def _written(call: Call, blocks: list[NumberBlock]) -> dict[str, Invoice]:
    keys = [key.partition("/") for block in blocks for key in block.invoices]
    return store.find_invoices(call.tenant_id, [(customer, invoice) for customer, _, invoice in keys])


def ids_of(block: NumberBlock) -> list[str]:
    """The block's invoices, in order."""
    return [key.partition("/")[2] for key in block.invoices]


def _listed(blocks: list[NumberBlock]) -> set[str]:
    return {invoice_id for block in blocks for invoice_id in ids_of(block)}


def _key(group: Group, batch: Batch) -> str:
    return f"{group.customer_id}/{group.invoice_id(batch.owner)}"


def _range_over(profile: PaymentProfile) -> Refused:
    return Refused(
        "billing.nosso_numero_range",
        f"A faixa de nosso número do profile “{profile.name}” acabou. Peça outra ao banco e fature de novo.",
    )
