"""Whether everything that the local cloud keeps adds up (`make audit`).

For every tenant: in every series, invoice numbers without gaps and charges that add up to their invoices
(`invoicing.invariants`); each usage row billed once or waiting for a closing (`usage_audit`); invoices paid by their
live settlements; every occurrence of a return applied, or held with its money; balances equal to the movements; debt
agreements that charge what was renegotiated (`agreement_audit`); and counters whose receipts match their settlements
and drawers (`counter_audit`). It reads whole tables, which no request and no run may do.
"""

import time
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

from billing.agreements.model import InstalmentAgreement
from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow, ReturnFile, ReturnStatus
from billing.bank_files.store import BankFilesTable
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import OccurrenceKind
from billing.banking.store import profiles
from billing.closings import store as closings
from billing.closings.model import Closing
from billing.closings.store import ClosingsTable
from billing.contracts.model import Contract
from billing.contracts.store import ContractsTable
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.core.table import Table
from billing.counter.receipt import CounterReceipt
from billing.counter.session import CashSession
from billing.counter.store import CounterTable
from billing.entry import wiring
from billing.invoicing import invariants, numbering
from billing.invoicing.charge import Charge
from billing.invoicing.invariants import Finding
from billing.invoicing.invoice import Invoice
from billing.invoicing.store import InvoicingTable
from billing.members.store import tenants
from billing.payments import store as payments
from billing.payments.model import CashMovement, HeldReceipt, Method, MovementKind, Settlement
from billing.payments.store import PaymentsTable
from billing.projections.proof import differences
from billing.usage.bills import UtilityBill
from billing.usage.model import UsageEntry
from billing.usage.readings import Reading
from billing.usage.store import UsageTable
from billing.usage.transactions import BilledUntil, Transaction
from infra.local import agreement_audit, counter_audit, usage_audit
from infra.local.agreement_audit import AgreementBooks
from infra.local.counter_audit import CounterBooks
from infra.local.usage_audit import UsageBooks

E = TypeVar("E", bound=Entity)
K = TypeVar("K", bound=Hashable)

MONEY = {OccurrenceKind.SETTLED, OccurrenceKind.PARTIALLY_SETTLED}
"""Occurrences that mean that somebody paid."""


@dataclass(frozen=True)
class Books:
    """What one tenant keeps about money."""

    tenant_id: str
    series: list[tuple[str, str]]
    """(company, series) from which numbers were taken, also those that their companies no longer use."""
    invoices: list[Invoice]
    settlements: list[Settlement]
    held: list[HeldReceipt]
    movements: list[CashMovement]
    returns: list[ReturnFile]
    lines: list[OccurrenceRow]
    profiles: dict[str, PaymentProfile]


def findings() -> Iterator[Finding]:
    """Everything that does not add up, for every tenant; nothing if all is well."""
    for tenant in tenants():
        books = open_books(tenant.id)
        for company_id, series in books.series:
            yield from invariants.findings(tenant.id, company_id, series)
        yield from usage_audit.findings(usage_books(tenant.id))
        yield from counter_audit.findings(counter_books(tenant.id, books.settlements))
        yield from agreement_audit.findings(agreement_books(tenant.id, books))
        for check in (paid, returned, received, balanced):
            yield from check(books)


def behind(seconds: int = 60) -> Iterator[Finding]:
    """States that still differ from their rows after waiting `seconds` for the streams."""
    for tenant in tenants():
        for left in range(seconds, -1, -1):
            drifts = list(differences(wiring.files(), tenant.id, wiring.clock().now().date()))
            if not drifts:
                break
            if left:
                time.sleep(1)
        yield from (Finding(f"state of {kind}", id_, message) for kind, id_, message in drifts)


def paid(books: Books) -> Iterator[Finding]:
    """The paid amount of an invoice is the sum of its live settlements."""
    of_invoice = _sums((s.invoice_id, s.principal) for s in books.settlements if s.is_live)
    for invoice in books.invoices:
        if invoice.paid != of_invoice[invoice.id]:
            yield Finding("settlements", invoice.id, f"paid {invoice.paid}, settled {of_invoice[invoice.id]}")


def returned(books: Books) -> Iterator[Finding]:
    """A return that was applied has all its lines, and every payment in it has an effect."""
    lines_of: dict[str, int] = defaultdict(int)
    for line in books.lines:
        lines_of[line.return_id] += 1
        if line.kind in MONEY and line.outcome is OccurrenceOutcome.RECORDED:
            yield Finding("occurrence", line.id, "a payment that was only recorded")
    for file in books.returns:
        if file.status is ReturnStatus.APPLIED and lines_of[file.id] != file.occurrences:
            yield Finding("lines", file.id, f"{lines_of[file.id]} lines of {file.occurrences}")


def received(books: Books) -> Iterator[Finding]:
    """What a payer paid is in settlements and held receipts, and moved the account once; so did the tariff."""
    known = _sums(
        [(s.source, s.received) for s in books.settlements] + [(h.source, h.held) for h in books.held]
    )
    by_hand = (s for s in books.settlements if s.method is Method.PROFILE and s.reconciled)
    matched = {(s.invoice_id, s.received) for s in by_hand}
    moved = _sums(((m.kind, m.source), m.amount) for m in books.movements if not m.is_expected)
    profile_of = {file.id: books.profiles.get(file.profile_id or "") for file in books.returns}
    for line in books.lines:
        if line.kind not in MONEY or line.outcome is OccurrenceOutcome.REPEATED:
            continue
        entered = (moved[MovementKind.RECEIPT, line.id], moved[MovementKind.TARIFF, line.id])
        if line.occurred_on is None and line.credited_on is None:
            if line.outcome is not OccurrenceOutcome.HELD or known[line.id] or any(entered):
                yield Finding(
                    "undated", line.id, f"{line.outcome}, settled {known[line.id]}, moved {entered}"
                )
            continue
        invoice_id = (line.invoice or "").rpartition("/")[2]
        if known[line.id] != line.paid and (invoice_id, line.paid) not in matched:
            yield Finding("received", line.id, f"paid {line.paid}, settled and held {known[line.id]}")
        profile = profile_of[line.return_id]
        if profile is None or profile.cash_account_id is None:
            continue
        if entered != (line.paid, -line.tariff):
            yield Finding("movement", line.id, f"moved {entered}, not {(line.paid, -line.tariff)}")
    for source in sorted({s.source for s in books.settlements if s.method is Method.PIX}):
        entered_by_pix = moved[MovementKind.RECEIPT, source]
        if entered_by_pix and entered_by_pix != known[source]:  # without a cash account nothing moves
            yield Finding("movement", source, f"moved {entered_by_pix}, settled and held {known[source]}")


def balanced(books: Books) -> Iterator[Finding]:
    """The balance of an account, as the API gives it, is the sum of its movements and of nothing else."""
    sums = _sums((m.account_id, m.amount) for m in books.movements if not m.is_expected)
    known = {account.id for account in payments.accounts(books.tenant_id)}
    for account_id in sorted(known | set(sums)):
        days = [m.on for m in books.movements if m.account_id == account_id]
        balance = ZERO
        if days:
            balance = payments.balance(
                books.tenant_id, account_id, min(days), max(days) + timedelta(days=1)
            ).moved
        if account_id not in known or balance != sums[account_id]:
            yield Finding("balance", account_id, f"balance {balance}, movements {sums[account_id]}")


def open_books(tenant_id: str) -> Books:
    invoicing = _rows(InvoicingTable, tenant_id)
    received = _rows(PaymentsTable, tenant_id)
    files = _rows(BankFilesTable, tenant_id)
    return Books(
        tenant_id,
        series=sorted({name for row in invoicing if (name := numbering.series_in(row.partition))}),
        invoices=_loaded(invoicing, "invoice#", Invoice),
        settlements=_loaded(received, "settlement#", Settlement),
        held=_loaded(received, "held#", HeldReceipt),
        movements=_loaded(received, "movement#", CashMovement),
        returns=_loaded(files, "return#", ReturnFile),
        lines=_loaded(files, "line#", OccurrenceRow),
        profiles={profile.id: profile for profile in profiles(tenant_id)},
    )


def counter_books(tenant_id: str, settlements: list[Settlement]) -> CounterBooks:
    rows = [
        row for row in _rows(CounterTable, tenant_id) if not row.partition.startswith(f"{tenant_id}#ses_")
    ]
    return CounterBooks(
        receipts=_loaded(rows, "receipt#", CounterReceipt),
        sessions=_loaded(rows, "session#", CashSession),
        settlements=settlements,
    )


def agreement_books(tenant_id: str, books: Books) -> AgreementBooks:
    """The lists of agreements are left out: they point to agreements, but are not agreements."""
    customers = f"{tenant_id}#cus_"
    kept = [row for row in _rows(PaymentsTable, tenant_id) if row.partition.startswith(customers)]
    charges = _loaded(_rows(InvoicingTable, tenant_id), "charge#", Charge)
    return AgreementBooks(
        agreements=_loaded(kept, "agreement#", InstalmentAgreement),
        invoices={invoice.id: invoice for invoice in books.invoices},
        charges={charge.id: charge for charge in charges},
        settlements=books.settlements,
    )


def usage_books(tenant_id: str) -> UsageBooks:
    """The figures are read by closing: pages beyond its own number belong to a longer, earlier computation."""
    usage = _rows(UsageTable, tenant_id)
    frozen = _loaded(_rows(ClosingsTable, tenant_id), "closing#", Closing)
    return UsageBooks(
        contracts=_loaded(_rows(ContractsTable, tenant_id), "contract#", Contract),
        closings=frozen,
        figures={
            closing.id: closings.figures(tenant_id, closing.customer_id, closing.id, closing.pages)
            for closing in frozen
        },
        entries=_loaded(usage, "entry#", UsageEntry),
        transactions=_loaded(usage, "transaction#", Transaction),
        readings=_loaded(usage, "reading#", Reading),
        bills=_loaded(usage, "bill#", UtilityBill),
        billed_until={
            row.row.removeprefix("billed_until#"): row.load(BilledUntil)
            for row in usage
            if row.row.startswith("billed_until#")
        },
    )


def _rows(table: type[Table], tenant_id: str) -> list[Table]:
    return [row for row in table.scan() if row.partition.startswith(f"{tenant_id}#")]


def _loaded(rows: Iterable[Table], prefix: str, kind: type[E]) -> list[E]:
    return [row.load(kind) for row in rows if row.row.startswith(prefix)]


def _sums(amounts: Iterable[tuple[K, Money]]) -> dict[K, Money]:
    sums: dict[K, Money] = defaultdict(lambda: ZERO)
    for key, amount in amounts:
        sums[key] += amount
    return sums
