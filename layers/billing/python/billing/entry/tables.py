"""Every table of the product: what the stack creates, the tests create and the grants name."""

from billing.audit.changes import PlatformTable
from billing.bank_files.store import BankFilesTable
from billing.banking.store import BankingTable
from billing.catalog.store import CatalogTable
from billing.closings.store import ClosingsTable
from billing.contracts.store import ContractsTable
from billing.core.table import Table
from billing.counter.store import CounterTable
from billing.customers.table import CustomersTable
from billing.dispatch.store import DispatchTable
from billing.fiscal.store import FiscalTable
from billing.invoicing.store import InvoicingTable
from billing.payments.store import PaymentsTable
from billing.usage.store import UsageTable

ALL_TABLES: tuple[type[Table], ...] = (
    PlatformTable,
    CatalogTable,
    CustomersTable,
    ContractsTable,
    UsageTable,
    BankingTable,
    BankFilesTable,
    InvoicingTable,
    PaymentsTable,
    CounterTable,
    DispatchTable,
    FiscalTable,
    ClosingsTable,
)
