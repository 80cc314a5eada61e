"""Remittance: no title in two files, no sequence twice or missing, whatever is cut off (BNK-04)."""

from datetime import date

import pytest

from billing.access.call import Call
from billing.adapters.s3 import S3Files
from billing.bank_files import remittances, store
from billing.bank_files.model import RemittanceRequest
from billing.banking.model import PaymentProfile
from billing.banking.store import profile_row
from billing.banking.terms import Layout
from billing.core.errors import Refused
from billing.customers import store as customers
from billing.invoicing import store as invoices
from billing.invoicing.states import RemittanceState
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import RunStatus
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.machine import Remembered, Walker, call_task

REQUEST = RemittanceRequest(profile_id="pro_3410001", due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def profile(aws: InProcessAws, call: Call) -> PaymentProfile:
    owner = made.profile()
    made.keep_invoices(call, owner, 5)
    return owner


def states(call: Call) -> list[RemittanceState]:
    pairs = [(f"cus_{n:04d}", f"inv_{n + 1:04d}") for n in range(5)]
    found = invoices.find_invoices(call.tenant_id, pairs)
    return [found[invoice_id].remittance for _, invoice_id in pairs]


def lines_of(call: Call, files: S3Files, profile: PaymentProfile) -> list[list[str]]:
    """The lines of each file, oldest first."""
    found = reversed(store.remittances(call.tenant_id, profile.id))
    return [files.get(store.file_key(call.tenant_id, r)).decode("ascii").split("\r\n")[:-1] for r in found]


@pytest.mark.req("BNK-04")
def test_titles_go_once_in_one_file_and_are_marked(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    run = remittances.start(call, Walker(), REQUEST)

    (lines,) = lines_of(call, files, profile)
    done = run_store.get(call.tenant_id, run.id)
    assert (done.status, done.totals) == (RunStatus.DONE, {"titles": "5", "remitted": "500.10"})
    assert [line[0] for line in lines] == ["0", *"1" * 5, "9"]
    assert states(call) == [RemittanceState.TRANSMITTED] * 5


@pytest.mark.req("BNK-04")
def test_another_remittance_takes_the_next_sequence_and_no_title_again(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    remittances.start(call, Walker(), REQUEST)
    again = remittances.start(call, Walker(), REQUEST.evolve(label="tarde"))

    assert run_store.get(call.tenant_id, again.id).keys == 0
    assert [r.sequence for r in store.remittances(call.tenant_id, profile.id)] == [1]


@pytest.mark.req("BNK-01", "BNK-04")
def test_first_remittance_goes_on_where_another_system_ended(call: Call, files: S3Files) -> None:
    going_on = made.profile(first_remittance=38)
    made.keep_invoices(call, going_on, 2)

    remittances.start(call, Walker(), REQUEST)

    assert [r.sequence for r in store.remittances(call.tenant_id, going_on.id)] == [38]
    assert store.get_sequence(call.tenant_id, going_on.id).last == 38


@pytest.mark.req("BEY-13")
def test_title_that_the_bank_would_reject_is_listed_and_the_rest_go(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    lacking = customers.get(call.tenant_id, "cus_0002").evolve(addresses=())
    made.keep(call, customers.customer_row(call.tenant_id, lacking))
    run = remittances.start(call, Walker(), REQUEST)

    assert [(p.key, p.message) for p in runs.parked_of(call.tenant_id, run.id)] == [
        ("cus_0002/inv_0003", "Falta o endereço do cliente no cadastro.")
    ]
    assert states(call)[2] is RemittanceState.NONE
    assert run_store.get(call.tenant_id, run.id).totals["titles"] == "4"


@pytest.mark.req("BEY-13", "INV-19")
def test_profile_that_no_file_can_be_written_for_leaves_its_titles_free(
    call: Call, profile: PaymentProfile
) -> None:
    unable = profile.evolve(terms=profile.terms.evolve(layout=Layout.NONE), version=1)
    made.keep(call, profile_row(call.tenant_id, unable))
    run = remittances.start(call, Walker(), REQUEST)

    assert run_store.get(call.tenant_id, run.id).status is RunStatus.DONE
    assert {p.message for p in runs.parked_of(call.tenant_id, run.id)} == {
        "Ainda não há remessa none para o banco 341."
    }
    assert states(call) == [RemittanceState.NONE] * 5


@pytest.mark.req("BNK-04", "PLT-04")
def test_remittance_cut_before_and_after_every_write_converges(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    """Each cut gets a remittance of its own, over five new titles; the undisturbed one is the first."""
    points = count_writes(aws, lambda: remittances.start(call, Walker(), REQUEST))
    assert points > 8
    undisturbed = [line[60:390] for line in lines_of(call, files, profile)[0][1:-1]]

    first = 1
    for moment in ("before", "after"):
        for point in range(points):
            first += 5
            made_again = made.profile(id=f"pro_{first:07d}")
            made.keep_invoices(call, made_again, 5, first=first)
            request = REQUEST.evolve(profile_id=made_again.id)
            with pytest.raises(Cut), cut(aws, point, moment):
                remittances.start(call, Walker(), request)
            remittances.start(call, Walker(), request)

            (lines,) = lines_of(call, files, made_again)
            remaining = [line[60:390] for line in lines[1:-1]]
            assert len(remaining) == len(undisturbed), (moment, point)
            assert [r.sequence for r in store.remittances(call.tenant_id, made_again.id)] == [1]


@pytest.mark.req("BNK-04")
def test_two_remittances_at_once_share_no_title_and_no_sequence(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    """The second one runs whole between two writes of the first, at every point."""
    second = REQUEST.evolve(label="outra")
    points = count_writes(aws, lambda: remittances.start(call, Walker(), REQUEST))
    first = 1
    for point in range(points):
        first += 5
        owner = made.profile(id=f"pro_{first:07d}")
        made.keep_invoices(call, owner, 5, first=first)
        with meanwhile(
            aws,
            point,
            lambda owner=owner: remittances.start(call, Walker(), second.evolve(profile_id=owner.id)),
        ):
            remittances.start(call, Walker(), REQUEST.evolve(profile_id=owner.id))

        titles = [line[62:70] for lines in lines_of(call, files, owner) for line in lines[1:-1]]
        sequences = [r.sequence for r in store.remittances(call.tenant_id, owner.id)]
        assert sorted(titles) == sorted(set(titles)), point
        assert len(titles) == 5, point
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), point


@pytest.mark.req("INV-19", "PLT-04")
def test_cancelled_remittance_lets_its_titles_go(call: Call, files: S3Files, profile: PaymentProfile) -> None:
    run = remittances.start(call, Remembered(), REQUEST)
    event = {"tenant_id": call.tenant_id, "run_id": run.id}
    call_task("PlanRemittance", event)
    call_task("ClaimChunk", {**event, "chunk": 0})
    assert states(call) == [RemittanceState.AWAITING] * 5
    remittances.cancel(call, files, Walker(), run.id)

    assert states(call) == [RemittanceState.NONE] * 5
    assert store.remittances(call.tenant_id, profile.id) == []


@pytest.mark.req("INV-19")
def test_remittance_with_its_file_written_is_not_cancelled(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    run = remittances.start(call, Walker(), REQUEST)

    with pytest.raises(Refused, match="já foi gerado"):
        remittances.cancel(call, files, Walker(), run.id)


@pytest.mark.req("SEC-02")
def test_profile_of_another_company_is_refused(call: Call, profile: PaymentProfile) -> None:
    with pytest.raises(Exception, match="não atende esta empresa"):
        remittances.start(call._replace(company_ids=("com_beta",)), Walker(), REQUEST)
