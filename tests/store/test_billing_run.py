"""Billing runs: what becomes an invoice, what is parked, the numbers, and how runs converge."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

import pytest

from billing.access.call import Call
from billing.access.tenants import Tenant
from billing.core.clock import FixedClock
from billing.core.files import Folder
from billing.core.money import ZERO, Money
from billing.core.period import Month, Period
from billing.core.table import Writes
from billing.invoicing import billing_run, invariants, making, numbering, store
from billing.invoicing.credits import credit
from billing.invoicing.difference import proposed_minus_existing
from billing.invoicing.issue import Group
from billing.invoicing.making import Batch
from billing.invoicing.states import ChargeStatus, InvoiceStatus
from billing.members.store import tenant_row
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.model import RunEvent
from infra.local import audit
from tests.support.aws import InProcessAws
from tests.support.billing import (
    REQUEST,
    MemoryFiles,
    NoProcesses,
    bill_all,
    company,
    customer,
    keep,
    many_charges,
    profile,
    six_customers,
    walk,
)
from tests.support.cutting import Cut, cut
from tests.support.invoices import charge
from tests.support.requests import anew
from tests.support.tasks import in_task


class CountedFiles(MemoryFiles):
    """How often each is read."""

    def __init__(self) -> None:
        super().__init__()
        self.read: Counter[str] = Counter()

    def get(self, key: str, version: str | None = None) -> bytes:
        self.read[key] += 1
        return super().get(key, version)


@pytest.fixture
def files(aws: InProcessAws) -> MemoryFiles:
    return MemoryFiles()


@pytest.mark.req("CON-06", "INV-17", "PLT-04")
def test_run_bills_a_base_and_parks_what_cannot_be_billed(call: Call, files: MemoryFiles) -> None:
    six_customers(call)

    run = bill_all(call, files)

    assert run.totals == {"invoices": "5", "billed": "500.00", "boletos": "4", "cancelled": "0"}
    (parked,) = runs.parked_of(call.tenant_id, run.id)
    assert (parked.key, parked.code) == ("cus_0006", "billing.negative")
    assert parked.message == "Os descontos passam das cobranças: o total seria -R$ 0,01. Ajuste as contas."
    invoices = [i for n in range(1, 7) for i in store.invoices_of(call.tenant_id, f"cus_{n:04d}")]
    assert sorted(i.number for i in invoices) == [1, 2, 3, 4, 5]
    assert sorted(i.title_number for i in invoices if i.title_number) == [1, 2, 3, 4]


@pytest.mark.req("CON-06", "CTR-09", "BNK-02")
def test_charges_of_one_due_date_go_together_and_groupings_apart(call: Call, files: MemoryFiles) -> None:
    keep(
        call,
        company(),
        profile(),
        customer("cus_ana0"),
        charge(),
        charge(definition_id="def_mail", amount=Money("9.90"), description="E-mail"),
        charge(definition_id="def_tv", grouping="tv", amount=Money("50.00")),
        charge(definition_id="def_late", due_on=date(2026, 4, 20), amount=Money("1.00")),
    )

    bill_all(call, files)

    billed = sorted(store.invoices_of(call.tenant_id, "cus_ana0"), key=lambda invoice: invoice.amount.cents)
    assert [(str(i.amount), str(i.due_on), len(i.charge_ids)) for i in billed] == [
        ("1.00", "2026-04-20", 1),
        ("50.00", "2026-04-10", 1),
        ("109.90", "2026-04-10", 2),
    ]
    assert billed[2].description.endswith(" e mais 1")
    assert billed[2].barcode is not None
    assert billed[2].barcode[9:19] == "0000010990"
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("CTR-13")
def test_invoice_with_nothing_due_is_settled_at_once_and_has_no_boleto(
    call: Call, files: MemoryFiles
) -> None:
    six_customers(call)

    bill_all(call, files)

    (zero,) = store.invoices_of(call.tenant_id, "cus_0003")
    assert (zero.amount, zero.status, zero.settled_on) == (ZERO, InvoiceStatus.SETTLED, call.today)
    assert (zero.barcode, zero.nosso_numero, zero.title_number) == (None, None, None)


@pytest.mark.req("INV-17", "PAY-08")
def test_invoice_is_found_by_its_nosso_numero(call: Call, files: MemoryFiles) -> None:
    six_customers(call)
    bill_all(call, files)

    billed = [
        invoice
        for number in range(1, 8)
        for invoice in store.invoices_of(call.tenant_id, f"cus_{number:04d}")
        if invoice.nosso_numero is not None
    ]
    assert len(billed) > 1
    for invoice in billed:
        assert invoice.nosso_numero is not None
        ids = numbering.find_by_nosso_numero(call.tenant_id, "pro_itau", invoice.nosso_numero)
        assert ids == (invoice.customer_id, invoice.id)
    assert numbering.find_by_nosso_numero(call.tenant_id, "pro_itau", "00000005") is None
    for no_number in ("12A", "0000000²"):
        assert numbering.find_by_nosso_numero(call.tenant_id, "pro_itau", no_number) is None
    assert numbering.find_by_nosso_numero("ten_beta", "pro_itau", "00000001") is None


@pytest.mark.req("PLT-04", "CON-06")
def test_parked_customer_takes_a_later_block_when_corrected(call: Call, files: MemoryFiles) -> None:
    six_customers(call)
    run = bill_all(call, files)
    (discount,) = [c for c in store.charges_of(call.tenant_id, "cus_0006") if c.amount < ZERO]
    writes = Writes()
    writes.put(store.charge_row(call.tenant_id, discount.evolve(amount=Money("-60.00"))))
    writes.commit()

    again = runs.start_again(call, NoProcesses(), run.id)
    event = runs.RunEvent(tenant_id=call.tenant_id, run_id=again.id)
    walk(event, files)

    (late,) = store.invoices_of(call.tenant_id, "cus_0006")
    assert (late.number, late.amount) == (6, Money("40.00"))
    assert runs.store.get(call.tenant_id, run.id).totals["invoices"] == "6"
    assert runs.parked_of(call.tenant_id, run.id) == []
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("CON-06")
def test_run_that_is_done_is_followed_by_another_over_what_is_unbilled_now(
    call: Call, files: MemoryFiles
) -> None:
    keep(call, company(), profile(), customer("cus_ana0"), charge())
    first = bill_all(call, files)
    keep(call, charge(definition_id="def_new"))
    second = bill_all(anew(call), files)

    assert first.id != second.id
    assert sorted(i.number for i in store.invoices_of(call.tenant_id, "cus_ana0")) == [1, 2]


@pytest.mark.req("INV-17")
def test_number_of_an_invoice_that_can_no_longer_be_issued_is_kept_as_cancelled(
    call: Call, aws: InProcessAws
) -> None:
    keep(call, company(), profile(), customer("cus_ana0"), charge(), customer("cus_bia0", 2))
    keep(call, charge(customer_id="cus_bia0", contract_id="con_bia0"))
    groups = [
        Group("cus_ana0", date(2026, 4, 10), "pro_itau", (charge().id,)),
        Group("cus_bia0", date(2026, 4, 10), "pro_itau", (charge(contract_id="con_bia0").id,)),
    ]
    batch = Batch("run_1", 0, "com_alfa", "1", call.today)

    def remove_after_the_block(operation: str, body: bytes, moment: str) -> None:
        if b"numbers.taken" in body and moment == "after":
            aws.observers.clear()
            conta = store.get_charge(call.tenant_id, "cus_ana0", charge().id)
            writes = Writes()
            writes.put(store.charge_row(call.tenant_id, conta.removed(None)))
            writes.commit()

    aws.observers.append(remove_after_the_block)
    billed = making.bill(call, batch, groups)
    again = making.bill(call, batch, groups)

    assert [(i.number, i.status, str(i.amount)) for i in billed.invoices] == [
        (1, InvoiceStatus.CANCELLED, "0.00"),
        (2, InvoiceStatus.OPEN, "100.00"),
    ]
    assert again == billed
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("INV-17", "CON-06")
def test_blocks_left_open_are_read_once_each_and_their_runs_manifest_once(
    call: Call, aws: InProcessAws, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the plan, and by the chunk that completes them."""
    six_customers(call)
    monkeypatch.setattr(run_rows, "CHUNK_KEYS", 2)
    files = CountedFiles()
    left = billing_run.start(call, NoProcesses(), REQUEST)
    event = RunEvent(tenant_id=call.tenant_id, run_id=left.id)
    for chunk in runs.plan(in_task(event, files), billing_run.plan_billing)["chunks"]:  # type: ignore[attr-defined]
        with pytest.raises(Cut), cut(aws, 0, "after"):
            runs.work(in_task(event.evolve(chunk=chunk), files), billing_run.bill_chunk)
    runs.cancel(call, left.id)
    blocks = numbering.open_blocks(call.tenant_id, "com_alfa")
    monkeypatch.setattr(run_rows, "CHUNK_KEYS", 200)
    files.read.clear()
    got: list[bytes] = []
    aws.observers.append(
        lambda operation, body, when: got.append(body) if (operation, when) == ("GetItem", "before") else None
    )

    tomorrow = call._replace(clock=FixedClock(call.now + timedelta(days=1)))
    run = bill_all(tomorrow, files)

    assert (len(blocks), run.totals["completed"]) == (3, "5")
    assert files.read[Folder.RUNS.key(call.tenant_id, left.id, "manifest.json")] == 2
    for block in blocks:
        row = f'"chunk#{block.key.chunk:06d}#000"'.encode()
        assert sum(row in body and f"{left.id}#blocks".encode() in body for body in got) == 2


@pytest.mark.req("INV-17", "INV-18")
def test_invoice_of_more_charges_than_a_transaction_holds(call: Call, files: MemoryFiles) -> None:
    keep(call, company(), profile())
    many_charges(call, 250)

    bill_all(call, files)

    (invoice,) = store.invoices_of(call.tenant_id, "cus_0007")
    charges = store.charges_of(call.tenant_id, "cus_0007")
    assert (invoice.amount, len(invoice.charge_ids)) == (Money("250.00"), 250)
    assert {(c.status, c.invoice_id) for c in charges} == {(ChargeStatus.BILLED, invoice.id)}
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []


@pytest.mark.req("BNK-01", "CON-06")
def test_profile_without_numbers_left_parks_and_the_rest_goes(call: Call, files: MemoryFiles) -> None:
    keep(call, company(), profile(first_nosso_numero=8, last_nosso_numero=9))
    for number in range(1, 4):
        customer_id = f"cus_{number:04d}"
        keep(
            call,
            customer(customer_id, number),
            charge(customer_id=customer_id, contract_id=f"con_{number:04d}"),
        )

    run = bill_all(call, files)

    assert run.totals["invoices"] == "2"
    (parked,) = runs.parked_of(call.tenant_id, run.id)
    assert parked.message == (
        "A faixa de nosso número do profile “Itaú cobrança” acabou. Peça outra ao banco e fature de novo."
    )


@pytest.mark.req("CON-06", "PLT-04")
@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({"payment_profile_id": "pro_gone"}, "billing.profile_missing"),
        ({"payment_profile_id": None}, "billing.profile_missing"),
        ({"due_on": date(2026, 3, 9)}, "billing.due_date_past"),
        ({"due_on": date(2050, 1, 1)}, "boleto.due_date"),
        ({"customer_id": "cus_gone"}, "billing.customer_missing"),
        ({"customer_id": "cus_left"}, "billing.customer_inactive"),
    ],
)
def test_what_cannot_be_billed_is_parked_with_a_reason(
    call: Call, files: MemoryFiles, broken: dict[str, object], code: str
) -> None:
    keep(call, company(), profile(), customer("cus_ana0"), customer("cus_left", 2, is_active=False))
    keep(call, charge(**broken))
    due_on = charge(**broken).due_on

    run = bill_all(call, files, REQUEST.evolve(due_from=due_on, due_to=due_on))

    (parked,) = runs.parked_of(call.tenant_id, run.id)
    assert (parked.code, run.totals["invoices"]) == (code, "0")
    assert numbering.series_counter(call.tenant_id, "com_alfa", "1").next == 1


@pytest.mark.req("CON-03", "CON-06", "SEC-02")
def test_suspended_charges_other_ranges_profiles_companies_and_tenants_stay_out(
    call: Call, files: MemoryFiles
) -> None:
    keep(call, company(), profile(), profile(id="pro_outro"), customer("cus_ana0"))
    keep(
        call,
        charge(status=ChargeStatus.SUSPENDED),
        charge(definition_id="def_may", due_on=date(2026, 5, 1)),
        charge(definition_id="def_march", due_on=date(2026, 3, 31)),
        charge(definition_id="def_profile", payment_profile_id="pro_outro"),
        charge(definition_id="def_company", company_id="com_beta"),
    )

    run = bill_all(call, files, REQUEST.evolve(payment_profile_id="pro_itau"))

    assert run.totals == {}
    assert store.invoices_of(call.tenant_id, "cus_ana0") == []


@pytest.mark.parametrize(
    ("narrowed", "billed"),
    [
        ({"grouping": "tv"}, ["40.00"]),
        ({"contract_ids": ("con_bia0", "con_nope")}, ["20.00"]),
        ({"contract_ids": ("con_ana0", "con_bia0")}, ["100.00", "20.00", "30.00", "40.00"]),
        ({"reference": Month("2026-02")}, ["30.00"]),
        ({"reference": Month("2026-03"), "contract_ids": ("con_ana0",)}, ["100.00", "40.00"]),
        ({"reference": Month("2026-03"), "contract_ids": ("con_ana0",), "grouping": "tv"}, ["40.00"]),
        ({"reference": Month("2026-04")}, []),
    ],
)
@pytest.mark.req("CON-06")
def test_billing_is_narrowed_to_months_contracts_and_a_grouping(
    call: Call,
    files: MemoryFiles,
    monkeypatch: pytest.MonkeyPatch,
    narrowed: dict[str, Any],
    billed: list[str],
) -> None:
    monkeypatch.setattr(billing_run, "_READ_TOGETHER", 2)
    cut_off = Period(date(2026, 2, 15), date(2026, 3, 15))
    keep(call, company(), profile(), customer("cus_ana0"), customer("cus_bia0", 2))
    keep(
        call,
        charge(),
        charge(contract_id=None, definition_id=None, amount="10.00"),
        charge(contract_id="con_bia0", customer_id="cus_bia0", amount="20.00"),
        charge(definition_id="def_old", reference=cut_off, amount="30.00", due_on=date(2026, 4, 5)),
        charge(definition_id="def_tv", grouping="tv", amount="40.00"),
    )
    request = REQUEST.evolve(**narrowed)

    preview = billing_run.preview(call, request)
    run = bill_all(call, files, request)

    made = [i for name in ("cus_ana0", "cus_bia0") for i in store.invoices_of(call.tenant_id, name)]
    assert sorted(str(invoice.amount) for invoice in made) == billed
    assert (preview.invoices, preview.billed) == (len(billed), Money.sum(map(Money, billed)))
    assert preview.is_whole
    assert all(isinstance(value, str) for value in run.input.values())


@pytest.mark.req("CON-06", "PLT-04")
def test_another_narrowing_is_another_run_and_the_same_one_is_the_same(
    call: Call, files: MemoryFiles
) -> None:
    keep(call, company())
    both = REQUEST.evolve(contract_ids=("con_ana0", "con_bia0"))
    requests = [
        REQUEST,
        both,
        REQUEST.evolve(contract_ids=("con_ana0",)),
        REQUEST.evolve(reference=Month("2026-03")),
        REQUEST.evolve(grouping="2026-03"),
    ]

    ids = [billing_run.start(call, NoProcesses(), request).id for request in requests]

    assert len(set(ids)) == len(requests)
    assert billing_run.start(call, NoProcesses(), both).id == ids[1]


@pytest.mark.req("CON-06", "PLT-06")
def test_preview_of_part_says_that_its_totals_are_of_part(
    call: Call, files: MemoryFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(billing_run, "MOST_PREVIEWED", 2)
    six_customers(call)

    seen = billing_run.preview(call, REQUEST)

    assert (seen.is_whole, seen.invoices, seen.not_shown) == (False, 2, 4)


@pytest.mark.req("PAY-08")
def test_credit_is_used_by_the_next_invoices_until_nothing_is_left(call: Call, files: MemoryFiles) -> None:
    keep(call, company(), profile(), customer("cus_ana0"), charge())
    paid_twice = credit(
        customer_id="cus_ana0",
        company_id="com_alfa",
        amount=Money("130.00"),
        source="hel_0001",
        description="Pago em duplicidade",
        on=call.today,
    )
    keep(call, paid_twice)

    bill_all(call, files)

    (made,) = store.invoices_of(call.tenant_id, "cus_ana0")
    assert (made.amount, made.status, len(made.charge_ids)) == (ZERO, InvoiceStatus.SETTLED, 2)
    waiting = list(store.credits_of(call.tenant_id, "com_alfa"))
    assert len(waiting) == 1
    assert store.get_charge(call.tenant_id, "cus_ana0", waiting[0].charge_id).amount == Money("-30.00")
    assert invariants.findings(call.tenant_id, "com_alfa", "1") == []

    keep(call, charge(definition_id="def_april"))
    bill_all(anew(call), files)

    amounts = sorted(str(i.amount) for i in store.invoices_of(call.tenant_id, "cus_ana0"))
    assert amounts == ["0.00", "70.00"]
    assert list(store.credits_of(call.tenant_id, "com_alfa")) == []


@pytest.mark.req("CON-06")
def test_open_invoices_are_selected_by_due_date(call: Call, files: MemoryFiles) -> None:
    six_customers(call)
    bill_all(call, files)

    def due(first: date, last: date) -> list[str]:
        return sorted(customer for customer, _ in store.invoices_due(call.tenant_id, "com_alfa", first, last))

    # cus_0003 owes nothing and is settled
    assert due(date(2026, 4, 10), date(2026, 4, 10)) == ["cus_0001", "cus_0002", "cus_0004", "cus_0005"]
    assert due(date(2026, 3, 1), date(2026, 5, 31)) == ["cus_0001", "cus_0002", "cus_0004", "cus_0005"]
    assert due(date(2026, 4, 11), date(2026, 5, 31)) == []


@pytest.mark.req("CON-07", "CLO-12")
def test_existing_charges_are_found_by_what_they_are_for(call: Call, aws: InProcessAws) -> None:
    kept = charge()
    keep(call, kept)
    (more,) = proposed_minus_existing([kept], [charge(amount=Money("130.00"))])
    keep(call, more)
    origin = kept.origin
    assert origin is not None

    existing = store.existing_charges(call.tenant_id, "cus_ana0", [origin])

    assert [(c.revision, str(c.amount)) for c in existing] == [(0, "100.00"), (1, "30.00")]
    assert proposed_minus_existing(existing, [charge(amount=Money("130.00"))]) == []


@pytest.mark.req("INV-17", "BEY-10")
def test_audit_finds_a_gap_in_a_series_that_the_company_has_left(call: Call, files: MemoryFiles) -> None:
    tenant = Tenant(id=call.tenant_id, name="Alfa", company_ids=("com_alfa",))
    keep(call, company(), profile(), customer("cus_ana0"), charge())
    tenant_row(tenant).save()
    bill_all(call, files)
    assert list(audit.findings()) == []

    left = company().evolve(series="2", version=1)
    keep(call, left)
    (invoice,) = store.invoices_of(call.tenant_id, "cus_ana0")
    store.invoice_row(call.tenant_id, invoice.evolve(number=9)).save()

    assert [(finding.rule, finding.detail) for finding in audit.findings()] == [
        ("number", "has 9, was given 1")
    ]
