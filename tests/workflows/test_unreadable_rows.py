"""A row that cannot be read at all, corrupt or of an earlier shape, leaves its item out of a run, and says so; the
others continue (PLT-04)."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank.bank import paid, respond
from billing.bank_files import remittances, returns, store
from billing.bank_files.model import RemittanceRequest
from billing.banking.store import BankingTable
from billing.contracts.store import ContractsTable, contract_key
from billing.core.files import Folder
from billing.core.table import Table
from billing.customers.table import CustomersTable
from billing.entry.wiring import clock_row
from billing.fiscal import run as fiscal_run
from billing.fiscal.run import FiscalRequest
from billing.invoicing import billing_run
from billing.invoicing.store import InvoicingTable, charge_row
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.kinds import RunKind
from billing.runs.model import Run, RunStatus
from billing.uploads import service as uploads
from billing.usage import file_imports
from billing.usage.file_imports import NewImport
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.billing import REQUEST, charge, keep, profile, six_customers
from tests.support.closings import begin, sell
from tests.support.contracts import brokered
from tests.support.fiscal_office import billed, open_office
from tests.support.machine import Walker
from tests.support.messages import charges, keep_base, postman
from tests.support.uploads import sent
from tests.workflows import test_dispatch as dispatching
from tests.workflows.test_bank_return import dropped

pytestmark = pytest.mark.req("PLT-04")

DUE = {"due_from": date(2026, 3, 1), "due_to": date(2026, 3, 31)}
ELSEWHERE = {
    RunKind.MONTHLY_CLOSING: (
        "test_closings_faults.py",
        "test_contract_with_bad_data_is_parked_with_a_clear_reason_and_the_others_are_closed",
    ),
    RunKind.SIMULATION: (
        "test_base_simulation.py",
        "test_contract_with_bad_data_is_left_out_with_the_reason",
    ),
    RunKind.STATEMENT_IMPORT: (
        "test_statement_import.py",
        "test_row_whose_invoice_cannot_be_read_is_refused_and_the_others_are_received",
    ),
}


@pytest.fixture
def files(aws: InProcessAws, call: Call) -> S3Files:
    return S3Files("mensal-files")


def spoil(table: type[Table], partition: str, row: str) -> None:
    """The stored content is no longer what it should be; its indexes still name it."""
    item = table.get(partition, row)
    item.entity = {"former": "shape"}
    item.save()


def outcome(call: Call, run: Run) -> tuple[RunStatus, list[tuple[str, bool]]]:
    """How the run ended, and what it left out, each with whether the reason is that it cannot be read."""
    parked = runs.parked_of(call.tenant_id, run.id)
    return run_store.get(call.tenant_id, run.id).status, [
        (one.key, "não podem ser lidos" in one.message) for one in parked
    ]


Spoil = Callable[[Call], None]


def invoice(customer: str, one: str) -> Spoil:
    return lambda call: spoil(InvoicingTable, f"{call.tenant_id}#{customer}", f"invoice#{one}")


def customer(one: str) -> Spoil:
    return lambda call: spoil(CustomersTable, f"{call.tenant_id}#{one}", "customer")


def _charge_of_joana(call: Call) -> None:
    (charge,) = charges()
    charge_row(call.tenant_id, charge).save()
    spoil(InvoicingTable, f"{call.tenant_id}#cus_joana", f"charge#{charge.id}")


@pytest.mark.parametrize("fault", [invoice("cus_0001", "inv_0002"), customer("cus_0001")])
def test_remittance(call: Call, files: S3Files, fault: Spoil) -> None:
    profile = made.profile()
    made.keep_invoices(call, profile, 5)
    fault(call)

    run = remittances.start(call, Walker(), RemittanceRequest(profile_id=profile.id, **DUE))

    assert outcome(call, run) == (RunStatus.DONE, [("cus_0001/inv_0002", True)])
    assert run_store.get(call.tenant_id, run.id).totals["titles"] == "4"
    (remittance,) = store.remittances(call.tenant_id, profile.id)
    assert (remittance.titles, remittance.sequence) == (4, 1)


@pytest.mark.parametrize(
    "fault", [invoice("cus_joana", "inv_joana"), customer("cus_joana"),
              _charge_of_joana]
)  # fmt: skip
def test_dispatch(call: Call, files: S3Files, tmp_path: Path, fault: Spoil) -> None:
    keep_base(call.tenant_id)
    fault(call)

    run = dispatching.walk(call, postman(tmp_path))

    status, parked = outcome(call, run)
    assert status is RunStatus.DONE
    assert ("cus_joana/inv_joana", True) in parked
    assert run.totals["messages"] == "3"


@pytest.mark.parametrize(
    "fault", [customer("cus_0001"), lambda call: spoil(InvoicingTable, f"{call.tenant_id}#cus_0001", _charge(call))]
)  # fmt: skip
def test_billing_run(call: Call, files: S3Files, fault: Spoil) -> None:
    six_customers(call)
    fault(call)

    run = billing_run.start(call, Walker(), REQUEST)

    status, parked = outcome(call, run)
    assert status is RunStatus.DONE
    assert ("cus_0001", True) in parked
    assert int(run_store.get(call.tenant_id, run.id).totals["invoices"]) > 0


def test_billing_run_leaves_out_what_is_of_a_profile_that_cannot_be_read(call: Call, files: S3Files) -> None:
    """Charges of other profiles are billed; no number is spent on those of this one."""
    six_customers(call)
    keep(call, profile(id="pro_velho"))
    keep(call, charge(customer_id="cus_0001", contract_id="con_0009", payment_profile_id="pro_velho"))
    spoil(BankingTable, f"{call.tenant_id}#profiles", "profile#pro_velho")

    run = billing_run.start(call, Walker(), REQUEST)

    status, parked = outcome(call, run)
    assert status is RunStatus.DONE
    assert [key for key, unreadable in parked if unreadable] == ["cus_0001"]
    assert run_store.get(call.tenant_id, run.id).totals["invoices"] == "5"


def _charge(call: Call) -> str:
    partition = f"{call.tenant_id}#cus_0001"
    return next(row.row for row in InvoicingTable.query(partition, InvoicingTable.row.startswith("charge#")))


@pytest.mark.parametrize("fault", ["invoice", "customer"])
def test_fiscal(call: Call, files: S3Files, monkeypatch: pytest.MonkeyPatch, fault: str) -> None:
    monkeypatch.setenv("MENSAL_CLOCK", "row")
    clock_row(call.now).save()
    open_office(monkeypatch)
    spoilt, *_ = billed(call, files, 3)
    (invoice(spoilt.customer_id, spoilt.id) if fault == "invoice" else customer(spoilt.customer_id))(call)

    run = fiscal_run.start(
        call,
        Walker(),
        FiscalRequest(company_id="com_alfa", issued_from=call.today, issued_to=call.today),
    )

    assert outcome(call, run) == (RunStatus.DONE, [(f"{spoilt.customer_id}/{spoilt.id}", True)])
    assert run_store.get(call.tenant_id, run.id).totals["documents"] == "2"


def test_bank_return(call: Call, files: S3Files) -> None:
    profile = made.profile(cash_account_id="acc_itau")
    made.keep_invoices(call, profile, 5)
    remittances.start(call, Walker(), RemittanceRequest(profile_id=profile.id, **DUE))
    (remittance,) = store.remittances(call.tenant_id, profile.id)
    data = files.get(store.file_key(call.tenant_id, remittance))
    answer = respond(data, lambda title: [paid(title.amount)], sequence=1, on=date(2026, 3, 20))
    invoice("cus_0001", "inv_0002")(call)

    returned = returns.receive(call, files, Walker(), dropped(call, answer))

    run = run_store.get(call.tenant_id, returned.run_id)
    assert outcome(call, run) == (RunStatus.DONE, [("3", True)])
    assert run.totals["payments"] == "4"


def test_usage_import(call: Call, files: S3Files) -> None:
    made.keep(call, *(made_customer(n) for n in (2, 3)))
    begin(brokered("cus_0002", id="con_0003", number=2))
    begin(brokered("cus_0003", id="con_0004", number=3))
    sell()
    spoil(ContractsTable, *contract_key(call.tenant_id, "cus_0003", "con_0004"))
    events = [_event(n, owner) for n, owner in enumerate(["cus_0002", "cus_0003", "cus_0002"], 1)]
    new = NewImport.model_validate({"kind": "usage", "format": "jsonl"})
    key = file_imports.offer_upload(call, files, new).fields["key"]
    data = "\n".join(map(json.dumps, events)).encode()
    sender, upload = uploads.receive(sent(key, data), Folder.UPLOADED_USAGE, call.clock)

    imported = file_imports.receive(sender, Walker(), upload)

    imported = file_imports.get(call.tenant_id, imported.id)
    assert (imported.totals["accepted"], imported.totals["refused"]) == ("2", "1")
    (line,) = file_imports.lines_of(call, files, imported.id, None).items
    assert (line.line, [reason.code for reason in line.reasons]) == (2, ["row.unreadable"])


def made_customer(n: int) -> Any:
    from billing.customers.store import customer_row

    return customer_row("ten_alfa", made.customer(n))


def _event(number: int, owner: str) -> dict[str, Any]:
    return {
        "event_key": f"vm-{number}",
        "customer_id": owner,
        "month": "2026-03",
        "billing_item_id": "itm_0001",
        "quantity": "1",
    }


def test_every_kind_of_run_is_here_or_named() -> None:
    here = {name.removeprefix("test_") for name in globals() if name.startswith("test_")}
    assert {kind for kind in RunKind if kind not in here} == set(ELSEWHERE)
    for file, name in ELSEWHERE.values():
        assert f"def {name}(" in (Path(__file__).parent / file).read_text(encoding="utf-8")
