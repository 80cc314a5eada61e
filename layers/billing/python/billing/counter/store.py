"""What the counter stores.

tenant#acc_...#sessions    session#ses_...     a cash session
tenant#acc_...#sessions    open                which session the box has open
tenant#people#usr          open#com_...        which session the person has open in a company
tenant#people#usr          attempts            wrong passwords in a row
tenant#people#usr          authorisation#aut_...  what someone authorised the person to do
tenant#cus_...             receipt#rcp_...     a receipt
tenant#ses_...             receipt#000000001   which receipt has this number, in the session that received it
tenant#receipts            number#com_...      the company's last number
"""

from pydantic import Field

from billing.core.errors import NotFound, Refused
from billing.core.table import Aggregate, Table, entity_row, find, find_many, meta, rows_in
from billing.counter.authorisation import Attempts, Authorisation
from billing.counter.receipt import CounterReceipt
from billing.counter.session import CashSession


class CounterTable(Table):
    Meta = meta("counter")


class OpenSession(Aggregate):
    """Which session is open."""

    account_id: str
    session_id: str


class LastNumber(Aggregate):
    """The number of a company's last receipt."""

    last: int = Field(default=0, ge=0)


class ReceiptOfSession(Aggregate):
    """Points to a receipt of a session."""

    customer_id: str
    receipt_id: str


def session_row(tenant_id: str, session: CashSession) -> CounterTable:
    return entity_row(
        CounterTable, _sessions(tenant_id, session.account_id), f"session#{session.id}", session
    )


def get_session(tenant_id: str, account_id: str, session_id: str) -> CashSession:
    """Raises NotFound."""
    session = find(CounterTable, _sessions(tenant_id, account_id), f"session#{session_id}", CashSession)
    if session is None:
        raise NotFound("cash_session.missing", "O caixa não foi aberto.")
    return session


def sessions_of(tenant_id: str, account_id: str) -> list[CashSession]:
    """Newest first."""
    rows = rows_in(CounterTable, _sessions(tenant_id, account_id), "session#", CashSession)
    return sorted(rows, key=lambda session: session.opened_at, reverse=True)


def box_row(tenant_id: str, open_session: OpenSession) -> CounterTable:
    return entity_row(CounterTable, _sessions(tenant_id, open_session.account_id), "open", open_session)


def person_row(tenant_id: str, user_id: str, company_id: str, open_session: OpenSession) -> CounterTable:
    return entity_row(CounterTable, _person(tenant_id, user_id), f"open#{company_id}", open_session)


def open_in_box(tenant_id: str, account_id: str) -> OpenSession | None:
    return find(CounterTable, _sessions(tenant_id, account_id), "open", OpenSession)


def open_of_person(tenant_id: str, user_id: str, company_id: str) -> OpenSession | None:
    return find(CounterTable, _person(tenant_id, user_id), f"open#{company_id}", OpenSession)


def all_open_of_person(tenant_id: str, user_id: str) -> list[OpenSession]:
    return list(rows_in(CounterTable, _person(tenant_id, user_id), "open#", OpenSession))


def attempts_row(tenant_id: str, user_id: str, attempts: Attempts) -> CounterTable:
    return entity_row(CounterTable, _person(tenant_id, user_id), "attempts", attempts)


def attempts_of(tenant_id: str, user_id: str) -> Attempts:
    return find(CounterTable, _person(tenant_id, user_id), "attempts", Attempts) or Attempts()


def authorisation_row(tenant_id: str, authorisation: Authorisation) -> CounterTable:
    partition = _person(tenant_id, authorisation.operator_id)
    return entity_row(CounterTable, partition, f"authorisation#{authorisation.id}", authorisation)


def get_authorisation(tenant_id: str, user_id: str, authorisation_id: str) -> Authorisation:
    """An authorisation that this person asked for. Raises Refused if there is none."""
    row = f"authorisation#{authorisation_id}"
    authorisation = find(CounterTable, _person(tenant_id, user_id), row, Authorisation)
    if authorisation is None:
        raise Refused(
            "authorisation.missing", "A autorização não existe: peça o usuário e a senha do autorizador."
        )
    return authorisation


def receipt_row(tenant_id: str, receipt: CounterReceipt) -> CounterTable:
    return entity_row(CounterTable, f"{tenant_id}#{receipt.customer_id}", f"receipt#{receipt.id}", receipt)


def get_receipt(tenant_id: str, customer_id: str, receipt_id: str) -> CounterReceipt:
    """Raises NotFound."""
    receipt = find(CounterTable, f"{tenant_id}#{customer_id}", f"receipt#{receipt_id}", CounterReceipt)
    if receipt is None:
        raise NotFound("counter_receipt.missing", "O recibo não existe.")
    return receipt


def receipts_of(tenant_id: str, customer_id: str) -> list[CounterReceipt]:
    """Newest first."""
    rows = rows_in(CounterTable, f"{tenant_id}#{customer_id}", "receipt#", CounterReceipt)
    return sorted(rows, key=lambda receipt: receipt.at, reverse=True)


def of_session_row(tenant_id: str, receipt: CounterReceipt) -> CounterTable:
    listed = ReceiptOfSession(customer_id=receipt.customer_id, receipt_id=receipt.id)
    return entity_row(
        CounterTable, f"{tenant_id}#{receipt.session_id}", f"receipt#{receipt.number:09d}", listed
    )


def receipts_of_session(tenant_id: str, session_id: str) -> list[CounterReceipt]:
    """Sorted by number."""
    listed = rows_in(CounterTable, f"{tenant_id}#{session_id}", "receipt#", ReceiptOfSession)
    keys = [(f"{tenant_id}#{one.customer_id}", f"receipt#{one.receipt_id}") for one in listed]
    rows = find_many(CounterTable, keys, CounterReceipt)
    return [rows[key] for key in keys]


def number_row(tenant_id: str, company_id: str, number: LastNumber) -> CounterTable:
    return entity_row(CounterTable, f"{tenant_id}#receipts", f"number#{company_id}", number)


def last_number(tenant_id: str, company_id: str) -> LastNumber:
    rows = find(CounterTable, f"{tenant_id}#receipts", f"number#{company_id}", LastNumber)
    return rows or LastNumber()


def _sessions(tenant_id: str, account_id: str) -> str:
    return f"{tenant_id}#{account_id}#sessions"


def _person(tenant_id: str, user_id: str) -> str:
    return f"{tenant_id}#people#{user_id}"
