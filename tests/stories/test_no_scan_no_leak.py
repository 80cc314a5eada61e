"""What a whole month must not do: scan a table, log a person or an amount, leave a customer without the invoice."""

import contextlib
import email
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from billing.bank_files.store import BankFilesTable
from billing.core.br import cnpj, cpf
from billing.core.money import Money
from billing.core.period import Month
from billing.core.table import Table
from billing.invoicing.store import InvoicingTable
from billing.payments.store import PaymentsTable
from infra.local.audit import findings
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller
from tests.support.aws import in_process_aws
from tests.support.tables import create_tables
from tests.support.world import world

MONTH = Month("2026-03")
MAY_BE_LOGGED = {
    "api_request_id",
    "chunk",
    "code",
    "level",
    "location",
    "message",
    "request_id",
    "return_id",
    "route",
    "run_id",
    "service",
    "statement_id",
    "status",
    "task",
    "subjects",  # ids
    "tenant_id",
    "user_id",
    "timestamp",
}


@dataclass
class Lived:
    """What was observed during a month of the whole base, and what is stored of it."""

    story: Story
    mailbox: Path
    customers: list[dict[str, Any]]
    invoices: list[dict[str, Any]]
    logged: str
    requests: list[tuple[str, dict[str, Any]]]
    """Scans and queries."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    mailbox = tmp_path_factory.mktemp("mailbox")
    seen: list[tuple[str, dict[str, Any]]] = []

    def observe(operation: str, body: bytes, moment: str) -> None:
        if moment == "before" and operation in {"Scan", "Query"}:
            seen.append((operation, json.loads(body)))

    with contextlib.ExitStack() as stack:
        aws = stack.enter_context(in_process_aws())
        create_tables()
        cloud = stack.enter_context(world(stack.enter_context(pytest.MonkeyPatch.context()), mailbox))
        aws.observers.append(observe)
        story = Story(Teller(cloud, lambda _line: None), MONTH)
        with everything_logged() as logged:
            story.found()
            story.month(MONTH)
        aws.observers.remove(observe)
        owners = [agreed.customer_id for agreed in story.agreed]
        yield Lived(
            story,
            mailbox,
            [story.teller.get(f"/customers/{owner}") for owner in owners],
            [i for owner in owners for i in story.teller.get(f"/customers/{owner}/invoices")["items"]],
            logged.getvalue(),
            seen,
        )


@contextlib.contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """Prints, and the lines of every logger, whatever stream its handlers had."""
    text = io.StringIO()
    own = logging.StreamHandler(text)
    loggers = [logging.getLogger(), *map(logging.getLogger, logging.root.manager.loggerDict)]
    handlers = {h for one in loggers for h in one.handlers if type(h) is logging.StreamHandler}
    before = {handler: handler.setStream(text) for handler in handlers}
    logging.getLogger().addHandler(own)
    try:
        with contextlib.redirect_stdout(text), contextlib.redirect_stderr(text):
            yield text
    finally:
        logging.getLogger().removeHandler(own)
        for handler, stream in before.items():
            handler.setStream(stream)


@pytest.mark.req("PLT-01")
def test_no_request_and_no_run_walks_a_table(lived: Lived) -> None:
    queries = [body for operation, body in lived.requests if operation == "Query"]
    walks = [body["TableName"] for operation, body in lived.requests if operation == "Scan"]

    assert len(queries) > len(lived.customers)
    assert walks == []
    assert [q["TableName"] for q in queries if "KeyConditionExpression" not in q] == []
    assert {q["FilterExpression"] for q in queries if "FilterExpression" in q} == set()


@pytest.mark.req("SEC-02")
def test_no_personal_data_and_no_amounts_are_logged(lived: Lived) -> None:
    lines = [json.loads(line) for line in lived.logged.splitlines() if line.startswith("{")]

    assert {"request", "refused", "task"} <= {line["message"] for line in lines}
    assert {name for line in lines for name in line} <= MAY_BE_LOGGED
    assert [secret for secret in secrets(lived) if re.search(secret, lived.logged)] == []


def test_personal_data_would_be_found_if_they_were_logged(lived: Lived) -> None:
    customer, invoice = lived.customers[0], lived.invoices[0]

    for text in (customer["name"], customer["emails"][0], f"paid {invoice['amount']}.", customer["document"]):
        assert any(re.search(secret, f'{{"message": "{text}"}}') for secret in secrets(lived)), text


def secrets(lived: Lived) -> Iterator[str]:
    """Patterns of what identifies a customer, and of every invoice's amount, as the API and as people write it."""
    for customer in lived.customers:
        document = customer["document"]
        texts = [customer["name"], customer.get("trade_name"), document, *customer["emails"]]
        texts.append((cpf if len(document) == 11 else cnpj).format(document))
        texts += [address["street"] for address in customer["addresses"]]
        for phone in customer["phones"]:
            texts += [phone.removeprefix("+55"), phone[-8:], f"{phone[-9:-4]}-{phone[-4:]}"]
        yield from (re.escape(text) for text in texts if text)
    for invoice in lived.invoices:
        amount = Money(invoice["amount"])
        for text in (str(amount), amount.format_br().removeprefix("R$").strip()):
            yield rf"(?<![\d:.,]){re.escape(text)}(?!\d)"


@pytest.mark.req("MSG-03", "INV-04")
def test_each_invoice_is_in_one_email_with_its_own_pdf(lived: Lived) -> None:
    address_of = {customer["id"]: customer["emails"] for customer in lived.customers}
    expected = sorted((address_of[i["customer_id"]], i["number"]) for i in lived.invoices)

    sent = []
    for file in lived.mailbox.glob("*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=default)
        assert isinstance(message, EmailMessage)
        (attached,) = message.iter_attachments()
        content = attached.get_content()
        assert (attached.get_content_type(), content[:5]) == ("application/pdf", b"%PDF-")
        number = re.search(r"(\d+)\.pdf$", attached.get_filename() or "")
        assert number is not None, attached.get_filename()
        sent.append(([message["to"]], int(number[1])))

    assert len(lived.invoices) == 60
    assert sorted(sent) == expected


@pytest.mark.req("INV-17", "INV-18", "BEY-10")
def test_all_that_is_kept_adds_up(lived: Lived) -> None:
    assert list(findings()) == []


def a_cent(name: str) -> Callable[[dict[str, Any]], None]:
    def add(row: dict[str, Any]) -> None:
        row[name] = str(Money(row[name]) + Money("0.01"))

    return add


def another(name: str, value: object) -> Callable[[dict[str, Any]], None]:
    def change(row: dict[str, Any]) -> None:
        row[name] = value

    return change


@pytest.mark.parametrize(
    ("table", "prefix", "spoil", "rules"),
    [
        (InvoicingTable, "invoice#", a_cent("amount"), {"sum_of_charges"}),
        (InvoicingTable, "charge#", another("status", "unbilled"), {"billed"}),
        (PaymentsTable, "settlement#", a_cent("principal"), {"settlements"}),
        (PaymentsTable, "settlement#", a_cent("received"), {"received"}),
        (PaymentsTable, "held#", a_cent("held"), {"received"}),
        (PaymentsTable, "movement#", a_cent("amount"), {"movement"}),
        (PaymentsTable, "movement#", another("account_id", "acc_outra"), {"balance"}),
        (BankFilesTable, "line#", a_cent("paid"), {"movement", "received"}),
        (BankFilesTable, "return#", another("occurrences", 999), {"lines"}),
    ],
)
@pytest.mark.req("BEY-10")
def test_what_does_not_add_up_is_found(
    lived: Lived,
    table: type[Table],
    prefix: str,
    spoil: Callable[[dict[str, Any]], None],
    rules: set[str],
) -> None:
    rows = (row for row in table.scan() if row.row.startswith(prefix))
    row = next(row for row in rows if row.entity.get("kind") != "registered")
    kept = dict(row.entity)
    spoil(row.entity)
    row.save()
    try:
        seen_rules = {finding.rule for finding in findings()}
    finally:
        row.entity = kept
        row.save()
    assert seen_rules >= rules
