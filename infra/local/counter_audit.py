"""Whether what was received at the counter adds up: receipts with their settlements, drawers with their receipts,
numbers without gaps."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from billing.core.money import Money
from billing.counter.means import ByMeans
from billing.counter.receipt import CounterReceipt
from billing.counter.session import CashSession
from billing.invoicing.invariants import Finding
from billing.payments.model import Method, Settlement


@dataclass(frozen=True)
class CounterBooks:
    """What one tenant keeps about its counters."""

    receipts: list[CounterReceipt]
    sessions: list[CashSession]
    settlements: list[Settlement]


def findings(books: CounterBooks) -> Iterator[Finding]:
    yield from _receipts(books)
    yield from _drawers(books)
    yield from _numbers(books)


def _receipts(books: CounterBooks) -> Iterator[Finding]:
    """A receipt's total is the sum of its lines, what was paid less the change, and the sum of its settlements, which
    are reversed with it."""
    settled = {one.id: one for one in books.settlements if one.method is Method.COUNTER}
    for receipt in books.receipts:
        lines = Money.sum(line.received for line in receipt.lines)
        if not lines == receipt.total == receipt.paid.total - receipt.change:
            detail = f"lines {lines}, total {receipt.total}, paid {receipt.paid.total} less {receipt.change}"
            yield Finding("sum_of_receipt", receipt.id, detail)
        for line in receipt.lines:
            one = settled.pop(line.settlement_id, None)
            if one is None or (one.receipt_id, one.received) != (receipt.id, line.received):
                yield Finding("settlement_of_receipt", receipt.id, f"{line.settlement_id}: {line.received}")
            elif one.is_live != (receipt.reversal is None):
                yield Finding(
                    "reversal_of_receipt", receipt.id, f"{line.settlement_id} is live: {one.is_live}"
                )
    yield from (Finding("without_receipt", one, "a settlement of the counter") for one in sorted(settled))


def _drawers(books: CounterBooks) -> Iterator[Finding]:
    """A session received what its receipts say, and gave back what was reversed from it."""
    received: dict[str, ByMeans] = defaultdict(ByMeans)
    given_back: dict[str, ByMeans] = defaultdict(ByMeans)
    for receipt in books.receipts:
        received[receipt.session_id] = received[receipt.session_id].plus(receipt.kept)
        if receipt.reversal is not None:
            emptied = receipt.reversal.session_id
            given_back[emptied] = given_back[emptied].plus(receipt.kept)
    for session in books.sessions:
        kept, moved = (session.received, session.given_back), (received[session.id], given_back[session.id])
        if kept != moved:
            yield Finding("drawer", session.id, f"says {kept}, its receipts {moved}")


def _numbers(books: CounterBooks) -> Iterator[Finding]:
    """The numbers of each company start at 1, without gaps or repeats."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for receipt in books.receipts:
        numbers[receipt.company_id].append(receipt.number)
    for company_id, taken in sorted(numbers.items()):
        if sorted(taken) != list(range(1, len(taken) + 1)):
            yield Finding(
                "receipt_numbers", company_id, f"{len(taken)} receipts, numbers {sorted(taken)[:5]}..."
            )
