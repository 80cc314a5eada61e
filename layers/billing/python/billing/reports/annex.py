"""How an invoice's amounts were computed, as in its closings: counters, quantities, allowance, price, tax (BEY-18)."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from billing.banking.boleto_document import DocumentLine
from billing.closings import store as closings
from billing.closings.figures import Figures, PeriodCounter
from billing.closings.lines import explained
from billing.closings.model import Closing
from billing.contracts import store as contracts
from billing.contracts.items import ContractItem
from billing.contracts.model import Contract
from billing.core.money import ZERO, Money
from billing.invoicing.charge import Charge
from billing.rating.brazilian import plain
from billing.rating.lines import RatedLine
from billing.rating.units import written

MOST_LINES = 400
"""Printed lines of one closing; the closing itself shows all lines."""


class _Part(NamedTuple):
    """The part of one closing that is in the invoice."""

    contract: Contract
    closing: Closing
    figures: Figures
    charges: list[Charge]


def annex(tenant_id: str, customer_id: str, charges: Sequence[Charge]) -> list[DocumentLine]:
    """The annex of these charges; nothing for those that do not come from a closing."""
    parts: dict[str, list[Charge]] = {}
    for charge in charges:
        if charge.closing_id is not None:
            parts.setdefault(charge.closing_id, []).append(charge)
    lines: list[DocumentLine] = []
    for closing_id, members in parts.items():
        closing = closings.find_closing(tenant_id, customer_id, closing_id)
        if closing is not None:
            contract = contracts.get(tenant_id, customer_id, closing.contract_id)
            figures = closings.figures(tenant_id, customer_id, closing.id, closing.pages)
            lines += _of_closing(_Part(contract, closing, figures, members))
    return lines


def of_closing(contract: Contract, closing: Closing, figures: Figures) -> list[DocumentLine]:
    """Everything that a closing charges."""
    ids = {line.definition_id for line in figures.lines} | {one.id for one in closing.adjustments}
    return _lines_of(contract, closing, figures, ids, closing.total)


def _of_closing(part: _Part) -> list[DocumentLine]:
    title = f"{part.closing.contract_title} – {part.closing.period.format_br()}"
    ids = {charge.definition_id for charge in part.charges}
    total = Money.sum(charge.amount for charge in part.charges)
    return [DocumentLine(title, None), *_lines_of(part.contract, part.closing, part.figures, ids, total)]


def _lines_of(
    contract: Contract, closing: Closing, figures: Figures, ids: Collection[str | None], total: Money
) -> list[DocumentLine]:
    """The lines of the definitions and adjustments with these ids; a difference between their sum and `total` gets a
    line of its own."""
    billed = [line for line in figures.lines if line.billed and line.definition_id in ids]
    lines = list(_by_item(contract, figures, billed[:MOST_LINES]))
    if len(billed) > MOST_LINES:
        more = f"E mais {len(billed) - MOST_LINES} linhas, que o fechamento mostra; peça-as pelo atendimento."
        lines.append(DocumentLine(more, Money.sum(_with_tax(line) for line in billed[MOST_LINES:])))
    lines += [
        DocumentLine(adjustment.description, adjustment.signed)
        for adjustment in closing.adjustments
        if adjustment.id in ids
    ]
    shown = Money.sum(line.amount for line in lines if line.amount is not None)
    if total != shown:
        lines.append(DocumentLine("Já cobrado, creditado ou ajustado à parte", total - shown))
    return lines


def _by_item(contract: Contract, figures: Figures, billed: list[RatedLine]) -> Iterator[DocumentLine]:
    """The usage of each item, then the charges of the contract as a whole."""
    lines: dict[str | None, list[RatedLine]] = {}
    for line in billed:
        lines.setdefault(line.item_id, []).append(line)
    items = [item for item in contract.items if item.id in lines]
    for item in items:
        counters = [counter for counter in figures.counters if counter.item_id == item.id]
        place = f" – {item.location}" if item.location else ""
        yield DocumentLine(f"{item.description}{place}", None, tuple(_counted(item, one) for one in counters))
        yield from map(_line, lines.pop(item.id))
    for others in lines.values():
        yield from map(_line, others)


def _line(line: RatedLine) -> DocumentLine:
    return DocumentLine(line.description, _with_tax(line), explained(line).why)


def _counted(item: ContractItem, counter: PeriodCounter) -> str:
    meter = item.meter(counter.unit)
    start = meter.initial if meter is not None else 0
    first, last = plain(start + counter.units_before), plain(start + counter.units)
    estimated = " (estimado)" if counter.is_estimated else ""
    return f"Contador de {written(counter.unit) or counter.unit}: de {first} a {last}{estimated}"


def _with_tax(line: RatedLine) -> Money:
    return line.amount + (line.tax or ZERO)
