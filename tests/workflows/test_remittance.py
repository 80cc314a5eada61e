"""Remittance: no title in two files, no sequence repeated or missing, whatever is cut off (BNK-04)."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

import pytest

from billing.access.call import Call
from billing.access.scope import Scope
from billing.adapters.s3 import S3Files
from billing.bank_files import remittances, store
from billing.bank_files.model import RemittanceRequest
from billing.banking.model import PaymentProfile
from billing.banking.store import profile_row
from billing.banking.terms import Layout
from billing.core.errors import Conflict, Refused, Transient
from billing.customers import store as customers
from billing.invoicing import store as invoices
from billing.invoicing.states import InvoiceStatus, RemittanceState
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import Run, RunStatus
from tests.support import made
from tests.support.aws import InProcessAws
from tests.support.beside import beside_itself
from tests.support.cutting import Cut, count_writes, cut, meanwhile
from tests.support.machine import Remembered, Walker, call_task
from tests.support.requests import anew

REQUEST = RemittanceRequest(profile_id="pro_3410001", due_from=date(2026, 3, 1), due_to=date(2026, 3, 31))


@pytest.fixture
def files(aws: InProcessAws) -> S3Files:
    return S3Files("mensal-files")


@pytest.fixture
def profile(aws: InProcessAws, call: Call) -> PaymentProfile:
    owner = made.profile()
    made.keep_invoices(call, owner, 5)
    return owner


def states(call: Call, first: int = 1) -> list[RemittanceState]:
    pairs = [(f"cus_{n - 1:04d}", f"inv_{n:04d}") for n in range(first, first + 5)]
    by_id = invoices.find_invoices(call.tenant_id, pairs)
    return [by_id[invoice_id].remittance for _, invoice_id in pairs]


def lines_of(call: Call, files: S3Files, profile: PaymentProfile) -> list[list[str]]:
    """The lines of each file, oldest first."""
    sent_files = reversed(store.remittances(call.tenant_id, profile.id))
    return [
        files.get(store.file_key(call.tenant_id, r)).decode("ascii").split("\r\n")[:-1] for r in sent_files
    ]


@pytest.mark.req("BNK-04")
def test_titles_are_sent_once_in_one_file_and_are_marked(
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
    again = remittances.start(anew(call), Walker(), REQUEST)

    assert run_store.get(call.tenant_id, again.id).keys == 0
    assert [r.sequence for r in store.remittances(call.tenant_id, profile.id)] == [1]


@pytest.mark.req("BNK-04")
def test_titles_made_since_go_in_a_file_of_their_own_of_the_same_day_and_range(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    held = [invoices.get_invoice(call.tenant_id, f"cus_000{n - 1}", f"inv_000{n}") for n in (4, 5)]
    suspended = [one.evolve(status=InvoiceStatus.SUSPENDED) for one in held]
    made.keep(call, *(invoices.invoice_row(call.tenant_id, one) for one in suspended))
    first = anew(call)
    before = remittances.start(first, Walker(), REQUEST)
    freed = [one.evolve(status=InvoiceStatus.OPEN, version=one.version + 1) for one in suspended]
    made.keep(call, *(invoices.invoice_row(call.tenant_id, one) for one in freed))
    again = remittances.start(first, Walker(), REQUEST)
    assert (again.id, len(lines_of(call, files, profile))) == (before.id, 1)

    after = remittances.start(anew(call), Walker(), REQUEST)
    nothing = remittances.start(anew(call), Walker(), REQUEST)

    assert len({before.id, after.id, nothing.id}) == 3
    assert [len(lines) - 2 for lines in lines_of(call, files, profile)] == [3, 2]
    notices = [run_store.get(call.tenant_id, run.id).notice for run in (before, after, nothing)]
    assert notices[:2] == [None, None]
    assert str(notices[2]).startswith("Nada novo: não há boleto nem instrução")


@pytest.mark.req("BEY-13")
def test_remittance_that_takes_nothing_says_so(call: Call, profile: PaymentProfile) -> None:
    unable = profile.evolve(terms=profile.terms.evolve(layout=Layout.NONE), version=1)
    made.keep(call, profile_row(call.tenant_id, unable))
    run = remittances.start(call, Walker(), REQUEST)

    assert str(run_store.get(call.tenant_id, run.id).notice).startswith("Nada foi feito: tudo ficou de fora.")


@pytest.mark.req("BNK-01", "BNK-04")
def test_first_remittance_continues_where_another_system_ended(call: Call, files: S3Files) -> None:
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
    """Each cut gets a remittance of its own, over five new titles; the undisturbed one comes first."""
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


@pytest.mark.req("BNK-04", "PLT-04")
def test_remittance_executed_twice_at_once_at_any_write_has_the_same_result(call: Call) -> None:
    """The same request comes again, and runs completely between two writes of the first."""

    def remit() -> None:
        remittances.start(call, Walker(), REQUEST)

    def base() -> None:
        made.keep_invoices(call, made.profile(), 5)

    for point, rows, undisturbed in beside_itself(base, remit):
        assert rows == undisturbed, f"the second came in at write {point}"


def each_moment(call: Call, aws: InProcessAws) -> Iterator[tuple[int, PaymentProfile]]:
    """Each write of a remittance, and a profile with five invoices of its own to be remitted."""
    for point in range(count_writes(aws, lambda: remittances.start(call, Walker(), REQUEST))):
        first = 6 + 5 * point
        owner = made.profile(id=f"pro_{first:07d}")
        made.keep_invoices(call, owner, 5, first=first)
        yield point, owner


@pytest.mark.req("BNK-04")
def test_sequence_taken_by_another_remittance_at_any_moment_is_not_given_twice(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    for point, owner in each_moment(call, aws):
        taken: list[int] = []

        def take(owner: PaymentProfile = owner, taken: list[int] = taken) -> None:
            last = store.get_sequence(call.tenant_id, owner.id)
            taken.append(last.last + 1)
            made.keep(call, store.sequence_row(call.tenant_id, owner.id, last.evolve(last=last.last + 1)))

        with meanwhile(aws, point, take):
            remittances.start(call, Walker(), REQUEST.evolve(profile_id=owner.id))

        (remittance,) = store.remittances(call.tenant_id, owner.id)
        assert sorted([remittance.sequence, *taken]) == [1, 2], point
        assert remittance.titles == 5, point


@pytest.mark.req("BNK-04")
def test_two_remittances_at_once_share_no_title_and_no_sequence(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    """The second one runs completely between two writes of the first, at every point."""
    for point, owner in each_moment(call, aws):
        with meanwhile(
            aws,
            point,
            lambda owner=owner: remittances.start(anew(call), Walker(), REQUEST.evolve(profile_id=owner.id)),
        ):
            remittances.start(call, Walker(), REQUEST.evolve(profile_id=owner.id))

        titles = [line[62:70] for lines in lines_of(call, files, owner) for line in lines[1:-1]]
        sequences = [r.sequence for r in store.remittances(call.tenant_id, owner.id)]
        assert sorted(titles) == sorted(set(titles)), point
        assert len(titles) == 5, point
        assert sorted(sequences) == list(range(1, len(sequences) + 1)), point


class Claimed(NamedTuple):
    """A remittance whose titles are claimed and whose file is not written; its first execution is dead."""

    run: Run
    processes: Walker
    """Like Step Functions, it starts no execution under a name that was already used."""

    @property
    def event(self) -> dict[str, Any]:
        return {"tenant_id": "ten_alfa", "run_id": self.run.id, "chunk": 0}


def claimed(call: Call) -> Claimed:
    run = remittances.start(call, Remembered(), REQUEST)
    processes = Walker()
    processes.started.append(("remittance", run.execution_name))
    claimed = Claimed(run, processes)
    call_task("PlanRemittance", claimed.event)
    call_task("ClaimChunk", claimed.event)
    assert states(call) == [RemittanceState.AWAITING] * 5
    return claimed


def fail(run: Run) -> None:
    call_task(
        "FailRun", {"tenant_id": "ten_alfa", "run_id": run.id, "attempt": run.attempt, "failure": "Transient"}
    )


def status_of(call: Call, run: Run) -> RunStatus:
    return run_store.get(call.tenant_id, run.id).status


@pytest.mark.req("BNK-04", "PLT-04")
def test_remittance_whose_maps_were_incomplete_is_not_done(call: Call, profile: PaymentProfile) -> None:
    run = remittances.start(call, Remembered(), REQUEST)
    event = {"tenant_id": call.tenant_id, "run_id": run.id, "chunk": 0}
    call_task("PlanRemittance", event)

    with pytest.raises(Conflict, match="incomplete"):
        call_task("WriteRemittance", event)
    call_task("ClaimChunk", event)
    call_task("WriteRemittance", event)
    with pytest.raises(Conflict, match="incomplete"):
        call_task("CheckRun", event)
    call_task("MarkChunk", event)
    call_task("CheckRun", event)

    assert status_of(call, run) is RunStatus.DONE


@pytest.mark.req("BNK-04", "PLT-04")
def test_title_that_keeps_changing_while_it_is_marked_is_marked_by_the_next_try(
    call: Call, profile: PaymentProfile, aws: InProcessAws
) -> None:
    """It is in the file: it must not stay claimed."""
    event = claimed(call).event
    call_task("WriteRemittance", event)
    pair = ("cus_0001", "inv_0002")

    def change(operation: str, body: bytes, moment: str) -> None:
        if moment == "before" and b"invoice.remitted" in body and b"inv_0002" in body:
            invoice = invoices.find_invoices(call.tenant_id, [pair])["inv_0002"]
            made.keep(call, invoices.invoice_row(call.tenant_id, invoice))

    aws.observers.append(change)
    with pytest.raises(Transient):
        call_task("MarkChunk", event)
    aws.observers.clear()
    assert states(call)[1] is RemittanceState.AWAITING

    call_task("MarkChunk", event)
    assert states(call) == [RemittanceState.TRANSMITTED] * 5


@pytest.mark.req("INV-19", "PLT-04")
def test_cancelled_remittance_releases_its_titles_although_its_execution_is_dead(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    run, processes = claimed(call)

    remittances.cancel(call, processes, run.id)

    assert states(call) == [RemittanceState.NONE] * 5
    assert status_of(call, run) is RunStatus.CANCELLED
    assert runs.parked_of(call.tenant_id, run.id) == []
    runs.start_again(call, processes, run.id)
    (lines,) = lines_of(call, files, profile)
    assert (len(lines), states(call)) == (7, [RemittanceState.TRANSMITTED] * 5)


@pytest.mark.req("INV-19", "PLT-04")
def test_cancellation_cut_at_any_write_and_repeated_releases_the_titles(
    call: Call, profile: PaymentProfile, aws: InProcessAws
) -> None:
    run, _ = claimed(call)
    points = count_writes(aws, lambda: remittances.cancel(call, Walker(), run.id))
    assert points > 1
    for moment in ("before", "after"):
        for point in range(points):
            runs.start_again(call, Remembered(), run.id)
            call_task("ClaimChunk", {"tenant_id": call.tenant_id, "run_id": run.id, "chunk": 0})
            with pytest.raises(Cut), cut(aws, point, moment):
                remittances.cancel(call, Walker(), run.id)
            remittances.cancel(call, Walker(), run.id)

            assert states(call) == [RemittanceState.NONE] * 5, (moment, point)


@pytest.mark.req("INV-19", "PLT-04")
def test_failed_remittance_can_be_cancelled_and_stays_so(call: Call, profile: PaymentProfile) -> None:
    run, processes = claimed(call)
    fail(run)

    remittances.cancel(call, processes, run.id)
    fail(run)

    assert states(call) == [RemittanceState.NONE] * 5
    assert status_of(call, run) is RunStatus.CANCELLED


@pytest.mark.req("INV-19", "BNK-04", "PLT-04")
@pytest.mark.parametrize("moment", ["before", "after"])
def test_remittance_cancelled_at_any_write_is_sent_whole_or_not_at_all(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws, moment: str
) -> None:
    points = count_writes(aws, lambda: remittances.start(call, Walker(), REQUEST))
    first, ends = 1, set()
    for point in range(points):
        first += 5
        owner = made.profile(id=f"pro_{first:07d}")
        made.keep_invoices(call, owner, 5, first=first)

        walker = Walker()

        def give_up(walker: Walker = walker) -> None:
            for _, name in list(walker.started):
                with suppress(Refused):
                    remittances.cancel(call, walker, name.rpartition("-")[0])

        with meanwhile(aws, point, give_up, moment=moment):
            run = remittances.start(call, walker, REQUEST.evolve(profile_id=owner.id))

        end = status_of(call, run)
        ends.add(end)
        sent = end is RunStatus.DONE
        assert len(lines_of(call, files, owner)) == sent, point
        state = RemittanceState.TRANSMITTED if sent else RemittanceState.NONE
        assert states(call, first) == [state] * 5, point
    assert ends == {RunStatus.DONE, RunStatus.CANCELLED}


@pytest.mark.req("INV-19", "BNK-04", "PLT-04")
def test_file_written_at_any_write_of_its_cancellation_is_not_cancelled(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    run, processes = claimed(call)

    def write() -> None:
        call_task("WriteRemittance", {"tenant_id": call.tenant_id, "run_id": run.id})

    with pytest.raises(Conflict), meanwhile(aws, 0, write):
        remittances.cancel(call, processes, run.id)
    with pytest.raises(Refused, match="já foi gerado"):
        remittances.cancel(call, processes, run.id)
    runs.start_again(call, processes, run.id)

    assert len(lines_of(call, files, profile)) == 1
    assert states(call) == [RemittanceState.TRANSMITTED] * 5


@pytest.mark.req("INV-19", "BNK-04", "PLT-04")
def test_late_execution_of_a_cancelled_remittance_releases_nothing_that_was_claimed_again(
    call: Call, files: S3Files, profile: PaymentProfile, aws: InProcessAws
) -> None:
    run, processes = claimed(call)
    event = {"tenant_id": call.tenant_id, "run_id": run.id, "chunk": 0}
    remittances.cancel(call, Remembered(), run.id)

    with pytest.raises(Transient), meanwhile(aws, 0, lambda: runs.start_again(call, Remembered(), run.id)):
        call_task("MarkChunk", event)
    call_task("ClaimChunk", event)
    call_task("MarkChunk", event)

    assert states(call) == [RemittanceState.AWAITING] * 5
    runs.start_again(call, processes, run.id)
    (lines,) = lines_of(call, files, profile)
    assert (len(lines), states(call)) == (7, [RemittanceState.TRANSMITTED] * 5)


@pytest.mark.req("INV-19")
def test_remittance_with_its_file_written_is_not_cancelled(
    call: Call, files: S3Files, profile: PaymentProfile
) -> None:
    run = remittances.start(call, Walker(), REQUEST)

    with pytest.raises(Refused, match="já foi gerado"):
        remittances.cancel(call, Walker(), run.id)


@pytest.mark.req("SEC-02")
def test_profile_of_another_company_is_refused(call: Call, profile: PaymentProfile) -> None:
    with pytest.raises(Exception, match="não atende esta empresa"):
        remittances.start(call._replace(scope=Scope.of("com_beta")), Walker(), REQUEST)
