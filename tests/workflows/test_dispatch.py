"""Mass dispatch as a whole: planned, sent, cut off anywhere, started again (MSG-03, PLT-04)."""

from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from billing.access.call import Call
from billing.core.errors import Refused, Transient
from billing.customers import company_store as register
from billing.customers import store as customers
from billing.customers.model import Channel
from billing.dispatch import mass, service, store
from billing.dispatch.model import DispatchRequest, MessageState
from billing.dispatch.ports import Letter, Messenger, Rejected, Unanswered
from billing.dispatch.sending import Postman
from billing.entry import postroom
from billing.invoicing import store as invoicing
from billing.runs import service as runs
from billing.runs import store as run_store
from billing.runs.model import Parked, Run, RunEvent, RunStatus
from tests.support.aws import WRITES, InProcessAws, in_process_aws
from tests.support.invoices import charge
from tests.support.machine import Walker
from tests.support.messages import LINHA, PIX, keep, keep_base, parse_email, postman, received
from tests.support.tables import create_base
from tests.support.tasks import in_task

pytestmark = pytest.mark.req("MSG-03", "PLT-04")

ALL = ["joana", "bruno", "padaria", "davi", "elza", "fabio"]
EVERYBODY = sorted(["joana@example.com", "+5521987654321", "nfe@padaria.example", "ze@padaria.example"])
PARKED = [("cus_davi/inv_davi", "dispatch.no_contact"), ("cus_elza/inv_elza", "dispatch.not_registered")]


class Cut(BaseException):
    """A kill: none of our code catches it."""


class Started:
    """Processes that the test walks itself."""

    def start(self, machine: str, name: str, data: dict[str, Any]) -> None:
        pass


@pytest.fixture
def base(aws: InProcessAws, call: Call) -> Call:
    keep_base(call.tenant_id)
    return call


def request(**changes: Any) -> DispatchRequest:
    days = {"due_from": date(2026, 4, 1), "due_to": date(2026, 4, 30)}
    return DispatchRequest(**{"company_id": "com_alfa", **days, **changes})


def walk(call: Call, post: Postman, dispatch_request: DispatchRequest | None = None) -> Run:
    """Start the run, or start it again, and walk its tasks in their machine's order."""
    run = service.start_dispatch(call, Started(), dispatch_request or request())
    event = RunEvent(tenant_id=call.tenant_id, run_id=run.id)
    chunks = runs.plan(in_task(event, post.files), mass.plan)["chunks"]
    assert isinstance(chunks, list)
    for chunk in chunks:
        runs.work(in_task(event.evolve(chunk=chunk), post.files), partial(mass.send_chunk, post))
    runs.check(in_task(event, post.files))
    return run_store.get(call.tenant_id, run.id)


def parked(run: Run, call: Call) -> list[tuple[str, str]]:
    return [(item.key, item.code) for item in runs.parked_of(call.tenant_id, run.id)]


def states(call: Call) -> list[MessageState]:
    by_customer = [store.messages_of(call.tenant_id, f"cus_{name}") for name in ALL]
    return [message.state for messages in by_customer for message in messages]


def test_each_customer_gets_its_invoice_by_the_channel_that_it_prefers(base: Call, tmp_path: Path) -> None:
    run = walk(base, postman(tmp_path))

    assert received(tmp_path) == EVERYBODY
    assert run.status is RunStatus.DONE
    assert run.totals == {"messages": "4", "email": "3", "sms": "1", "no_longer_due": "1"}
    assert parked(run, base) == PARKED
    assert states(base) == [MessageState.SENT] * 4


@pytest.mark.req("MSG-03", "PLT-06")
@pytest.mark.parametrize("every_channel", [False, True])
def test_preview_counts_what_the_run_then_sends_and_names_what_it_parks(
    base: Call, tmp_path: Path, every_channel: bool
) -> None:
    dispatch_request = request(every_channel=every_channel)
    seen = mass.preview(base, postman(tmp_path), service.checked(base, dispatch_request))
    assert received(tmp_path) == []

    run = walk(base, postman(tmp_path), dispatch_request)

    assert str(seen.emails + seen.sms) == run.totals["messages"]
    assert [(f"{one.customer_id}/{one.invoice_id}", one.code) for one in seen.refused] == parked(run, base)
    after = mass.preview(base, postman(tmp_path), service.checked(base, dispatch_request))
    assert (after.invoices, after.already_sent) == (0, seen.emails + seen.sms)


def test_every_channel_that_a_customer_accepts_is_used_when_asked_for(base: Call, tmp_path: Path) -> None:
    run = walk(base, postman(tmp_path), request(every_channel=True))

    assert run.totals["messages"] == "5"
    assert received(tmp_path) == sorted([*EVERYBODY, "+5521987654321"])


def test_channel_that_fails_does_not_keep_another_from_going(base: Call, tmp_path: Path) -> None:
    def broken(_call: Call, _customer_id: str, _invoice_id: str) -> bytes:
        raise Refused("invoice.no_boleto", "A fatura não tem boleto.")

    run = walk(base, postman(tmp_path, pdf_of=broken), request(every_channel=True))

    assert received(tmp_path) == ["+5521987654321"] * 2
    assert run.totals == {"messages": "2", "sms": "2", "no_longer_due": "1"}
    assert ("cus_joana/inv_joana", "invoice.no_boleto") in parked(run, base)


def test_only_channels_that_have_a_template_are_used(base: Call, tmp_path: Path) -> None:
    run = walk(base, postman(tmp_path), request(sms_template_id="tpl_0001"))

    assert received(tmp_path) == ["+5521987654321"] * 2
    assert ("cus_padaria/inv_padaria", "dispatch.no_contact") in parked(run, base)


def test_email_says_what_is_due_and_carries_the_pdf(base: Call, tmp_path: Path) -> None:
    walk(base, postman(tmp_path))
    (mail,) = [m for m in map(parse_email, tmp_path.glob("*.eml")) if m["To"] == "joana@example.com"]
    text = mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    (pdf,) = mail.iter_attachments()

    assert mail["Subject"] == "Fatura 1 de Alfa & Filhos: vence em 10/04/2026"
    assert f"Linha digitável: {LINHA}\r\nPix copia e cola: {PIX}\r\n" in text
    assert "R$ 129,90" in text
    assert pdf.get_filename() == "fatura-1-1.pdf"
    assert "cus_joana inv_joana" in PdfReader(BytesIO(pdf.get_content())).pages[0].extract_text()


@pytest.mark.req("MSG-04")
def test_message_keeps_what_was_sent_byte_for_byte(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    run = walk(base, post)
    (message,) = store.messages_of(base.tenant_id, "cus_joana")
    (file,) = [f for f in tmp_path.glob("*.eml") if f.name.startswith(message.id)]

    assert post.files.get(message.content_key) == file.read_bytes()
    assert (message.sent_by, message.run_id, message.template_id) == (run.started_by, run.id, "tpl_0000")
    assert message.invoice_ids == ("inv_joana",)
    assert message.provider_id == file.stem


def test_second_dispatch_sends_nothing_twice_and_says_so(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    walk(base, post)
    again = walk(base, post)
    other = walk(base, post, request(due_to=date(2026, 5, 31)))

    assert received(tmp_path) == EVERYBODY
    assert again.totals["messages"] == "4"
    assert other.totals == {"messages": "0", "already_sent": "4", "no_longer_due": "1"}


def test_another_purpose_is_another_message(base: Call, tmp_path: Path) -> None:
    walk(base, postman(tmp_path))
    walk(base, postman(tmp_path), request(purpose="due_reminder", email_template_id="tpl_0000"))

    assert received(tmp_path).count("joana@example.com") == 2


@pytest.mark.req("CTR-13")
def test_invoice_without_a_boleto_waits_for_no_bank(base: Call, tmp_path: Path) -> None:
    owed = invoicing.get_invoice(base.tenant_id, "cus_elza", "inv_elza")
    bare = {"remittance": "none", "barcode": None, "title_number": None, "nosso_numero": None}
    keep(base.tenant_id, owed.evolve(**bare, pix_payload=None))

    walk(base, postman(tmp_path))

    assert "elza@example.com" in received(tmp_path)


def test_parked_message_is_sent_when_ready_and_the_run_starts_again(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    walk(base, post)
    registered = invoicing.get_invoice(base.tenant_id, "cus_elza", "inv_elza").registered()
    davi = customers.get(base.tenant_id, "cus_davi").correct(
        channels=(Channel.EMAIL,), emails=("davi@example.com",)
    )
    keep(base.tenant_id, registered, davi)
    run = walk(base, post)

    assert received(tmp_path) == sorted([*EVERYBODY, "elza@example.com", "davi@example.com"])
    assert (parked(run, base), run.totals["messages"]) == ([], "6")


def test_consent_withdrawn_after_the_plan_is_honoured(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    run = service.start_dispatch(base, Started(), request())
    event = RunEvent(tenant_id=base.tenant_id, run_id=run.id)
    runs.plan(in_task(event, post.files), mass.plan)
    keep(base.tenant_id, customers.get(base.tenant_id, "cus_joana").correct(channels=()))
    runs.work(in_task(event, post.files), partial(mass.send_chunk, post))

    assert "joana@example.com" not in received(tmp_path)


def test_message_has_the_templates_wording_when_the_run_was_planned(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    run = service.start_dispatch(base, Started(), request())
    event = RunEvent(tenant_id=base.tenant_id, run_id=run.id)
    runs.plan(in_task(event, post.files), mass.plan)
    template = store.get_template(base.tenant_id, "tpl_0000")
    service.remove_template(base, template.id, template.version)
    runs.work(in_task(event, post.files), partial(mass.send_chunk, post))

    assert received(tmp_path) == EVERYBODY


def test_customer_whose_message_cannot_be_written_is_parked_and_the_others_get_theirs(
    base: Call, tmp_path: Path
) -> None:
    def broken(_call: Call, customer_id: str, invoice_id: str) -> bytes:
        if customer_id == "cus_joana":
            raise Refused("invoice.no_boleto", "A fatura não tem boleto.")
        return b"%PDF-1.7"

    run = walk(base, postman(tmp_path, pdf_of=broken))

    assert "joana@example.com" not in received(tmp_path)
    assert ("cus_joana/inv_joana", "invoice.no_boleto") in parked(run, base)
    assert run.totals["messages"] == "3"


def test_message_that_the_provider_refuses_is_parked_and_sent_to_the_corrected_address(
    base: Call, tmp_path: Path
) -> None:
    (tmp_path / "faults.txt").write_text("joana@example.com rejected\n")
    post = postman(tmp_path)
    refused = parked(walk(base, post), base)
    keep(base.tenant_id, customers.get(base.tenant_id, "cus_joana").correct(emails=("j@example.com",)))
    mended = parked(walk(base, post), base)

    assert (refused, mended) == ([*PARKED, ("cus_joana/inv_joana", "message.failed")], PARKED)
    assert received(tmp_path) == sorted([*(set(EVERYBODY) - {"joana@example.com"}), "j@example.com"])


def test_lost_answer_is_uncertain_at_once_and_the_run_continues(base: Call, tmp_path: Path) -> None:
    (tmp_path / "faults.txt").write_text("joana@example.com unanswered\n")
    run = walk(base, postman(tmp_path))
    walk(base, postman(tmp_path))

    assert ("cus_joana/inv_joana", "message.uncertain") in parked(run, base)
    assert received(tmp_path) == EVERYBODY


def test_throttled_provider_is_called_again_later_and_nothing_is_uncertain(
    base: Call, tmp_path: Path
) -> None:
    pauses: list[float] = []
    post = postman(tmp_path)
    post.pace.sleep = pauses.append
    (tmp_path / "faults.txt").write_text("joana@example.com throttled\n")
    with pytest.raises(Transient):
        walk(base, post)
    queued = states(base)
    (tmp_path / "faults.txt").unlink()
    run = walk(base, post)

    assert [pause for pause in pauses if pause >= 1] == [1, 2, 4]
    assert MessageState.QUEUED in queued
    assert (received(tmp_path), parked(run, base)) == (EVERYBODY, PARKED)
    assert states(base) == [MessageState.SENT] * 4


def test_calls_stay_within_the_quota(base: Call, tmp_path: Path) -> None:
    now = [100.0]
    at: list[float] = []

    class Watched:
        def send(self, letter: Letter) -> str:
            at.append(now[0])
            return letter.message_id

    post = postman(tmp_path, messengers={Channel.EMAIL: Watched(), Channel.SMS: Watched()})
    post.pace.per_second = 4
    post.pace.monotonic = lambda: now[0]
    post.pace.sleep = lambda seconds: now.__setitem__(0, now[0] + seconds)
    walk(base, post)

    assert at == [100.0, 100.25, 100.5, 100.75]


@pytest.mark.req("PLT-01")
def test_state_machine_sends_the_boleto_and_closes_the_run(
    base: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ALL:
        keep(base.tenant_id, charge(id="chg_one1", customer_id=f"cus_{name}", invoice_id=f"inv_{name}"))
    monkeypatch.setenv("MAILBOX_DIR", str(tmp_path))
    monkeypatch.setenv("SENDS_PER_SECOND", "10000")
    postroom.messengers.cache_clear()
    run = service.start_dispatch(base, Walker(), request())

    assert received(tmp_path) == EVERYBODY
    finished = run_store.get(base.tenant_id, run.id)
    assert (finished.status, finished.totals["messages"], finished.parked) == (RunStatus.DONE, "4", 2)
    (mail,) = [m for m in map(parse_email, tmp_path.glob("*.eml")) if m["To"] == "joana@example.com"]
    (pdf,) = mail.iter_attachments()
    assert LINHA in PdfReader(BytesIO(pdf.get_content())).pages[0].extract_text()


@pytest.mark.req("MSG-01")
def test_new_tenant_begins_with_templates_and_gets_them_once(aws: InProcessAws, call: Call) -> None:
    made = service.add_demonstration_templates(call)

    assert service.add_demonstration_templates(call) == []
    assert sorted(store.templates(call.tenant_id), key=repr) == sorted(made, key=repr)
    assert [(t.kind, t.channel) for t in made] == [
        ("mass", "email"), ("mass", "sms"), ("single", "email"), ("single", "sms"),
    ]  # fmt: skip


def test_template_of_single_sending_is_refused(base: Call) -> None:
    with pytest.raises(Refused, match=r"dispatch\.template_kind"):
        service.start_dispatch(base, Started(), request(email_template_id="tpl_0002"))
    with pytest.raises(Refused, match=r"dispatch\.template_channel"):
        service.start_dispatch(base, Started(), request(email_template_id="tpl_0001"))
    assert run_store.runs_for(base).items == ()


class CutCall:
    """A provider whose nth call is cut off, before or after the message is accepted."""

    def __init__(self, messenger: Messenger, counter: list[int], nth: int, when: str) -> None:
        self._messenger, self._counter, self._nth, self._when = messenger, counter, nth, when

    def send(self, letter: Letter) -> str:
        self._counter[0] += 1
        if self._counter[0] == self._nth and self._when == "before":
            raise Cut
        provider_id = self._messenger.send(letter)
        if self._counter[0] == self._nth:
            raise Cut
        return provider_id


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_message_cut_off_inside_the_call_is_uncertain_and_not_sent_again(
    base: Call, tmp_path: Path, nth: int, when: str
) -> None:
    post, counter = postman(tmp_path), [0]
    cutting = {channel: CutCall(m, counter, nth, when) for channel, m in post.messengers.items()}
    with pytest.raises(Cut):
        walk(base, postman(tmp_path, messengers=cutting))
    run = walk(base, post)
    run = walk(base, post)

    assert sorted(states(base)) == sorted([MessageState.SENT] * 3 + [MessageState.UNCERTAIN])
    assert len(received(tmp_path)) == (4 if when == "after" else 3)
    assert len(set(received(tmp_path))) == len(received(tmp_path))
    assert [code for _, code in parked(run, base)].count("message.uncertain") == 1


def test_second_start_in_the_middle_of_a_call_sends_nothing_twice(base: Call, tmp_path: Path) -> None:
    post = postman(tmp_path)
    seen: list[list[Parked]] = []

    class Meanwhile:
        """While its first message is at the provider, the same run is started and walked by another."""

        def __init__(self, messenger: Messenger) -> None:
            self._messenger = messenger

        def send(self, letter: Letter) -> str:
            provider_id = self._messenger.send(letter)
            if not seen:
                seen.append([])
                other = walk(base, post)
                seen[0] = runs.parked_of(base.tenant_id, other.id)
            return provider_id

    run = walk(base, postman(tmp_path, messengers={c: Meanwhile(m) for c, m in post.messengers.items()}))

    assert "message.uncertain" in [item.code for item in seen[0]]
    assert received(tmp_path) == EVERYBODY
    assert states(base) == [MessageState.SENT] * 4
    assert parked(run, base) == PARKED


def cut_at(aws: InProcessAws, nth: int, when: str) -> list[tuple[str, bytes]]:
    """Kill the code that makes the nth write, before or after it is stored; returns the writes as they come."""
    made: list[tuple[str, bytes]] = []

    def observe(operation: str, body: bytes, moment: str) -> None:
        if operation in WRITES:
            if moment == "before":
                made.append((operation, body))
            if len(made) == nth and moment == when:
                raise Cut

    aws.observers.append(observe)
    return made


def test_run_cut_before_and_after_every_single_write_converges(call: Call, tmp_path: Path) -> None:
    with in_process_aws() as aws:
        create_base(lambda: keep_base(call.tenant_id), called=keep_base)
        writes = cut_at(aws, -1, "before")
        walk(call, postman(tmp_path / "undisturbed", pdf_of=a_pdf))
    assert len(writes) > 15

    for nth in range(1, len(writes) + 1):
        for when in ("before", "after"):
            _cut_and_start_again(call, tmp_path / f"{nth}-{when}", nth, when)


def a_pdf(_call: Call, _customer_id: str, _invoice_id: str) -> bytes:
    return b"%PDF-1.7"


def _cut_and_start_again(call: Call, folder: Path, nth: int, when: str) -> None:
    with in_process_aws() as aws:
        create_base(lambda: keep_base(call.tenant_id), called=keep_base)
        made = cut_at(aws, nth, when)
        with pytest.raises(Cut):
            walk(call, postman(folder, pdf_of=a_pdf))
        aws.observers.clear()
        run = walk(call, postman(folder, pdf_of=a_pdf))
        operation, body = made[-1]
        is_message = b'"message#' in body
        began = operation == "TransactWriteItems" and when == "after"
        ended = operation == "PutItem" and when == "before"
        uncertain = 1 if is_message and (began or ended) else 0
        lost = 1 if is_message and began else 0

        assert states(call).count(MessageState.UNCERTAIN) == uncertain, (nth, when, operation)
        assert states(call).count(MessageState.SENT) == 4 - uncertain
        assert len(received(folder)) == 4 - lost
        assert set(received(folder)) <= set(EVERYBODY)
        assert len(set(received(folder))) == len(received(folder))
        assert [code for _, code in parked(run, call)].count("message.uncertain") == uncertain
        assert run.status is RunStatus.DONE


class Refusing:
    """A provider that refuses every letter for good, or never says what became of it."""

    def __init__(self, answer: Exception) -> None:
        self._answer = answer

    def send(self, _letter: Letter) -> str:
        raise self._answer


@pytest.mark.req("MSG-03", "MSG-04")
@pytest.mark.parametrize(
    ("answer", "code"),
    [(Rejected("endereço inválido"), "message.failed"), (Unanswered("sem resposta"), "message.uncertain")],
    ids=["failed", "uncertain"],
)
def test_preview_counts_no_message_as_sent_that_did_not_go_out(
    base: Call, tmp_path: Path, answer: Exception, code: str
) -> None:
    """Of the messages that exist already, those that went out are counted and the others named, as the run parks
    them."""
    broken = {**postman(tmp_path).messengers, Channel.SMS: Refusing(answer)}
    walk(base, postman(tmp_path, messengers=broken))

    seen = mass.preview(base, postman(tmp_path), service.checked(base, request()))
    again = walk(base, postman(tmp_path), request(due_to=date(2026, 5, 31)))

    assert (seen.invoices, seen.already_sent) == (0, 3)
    assert str(seen.already_sent) == again.totals["already_sent"]
    refused = [(f"{one.customer_id}/{one.invoice_id}", one.code) for one in seen.refused]
    assert refused == parked(again, base)
    assert code in dict(refused).values()


@pytest.mark.req("SEC-06")
@pytest.mark.parametrize("broken", [ValueError("a line break"), KeyError("linha_digitavel")], ids=repr)
def test_letter_that_cannot_be_written_is_parked_and_the_others_go(
    base: Call, tmp_path: Path, broken: Exception
) -> None:
    """Whatever a name, an address or a value breaks: here, drawing one customer's PDF."""
    intact = postman(tmp_path).pdf_of

    def pdf_of(call: Call, customer_id: str, invoice_id: str) -> bytes:
        if customer_id == "cus_joana":
            raise broken
        return intact(call, customer_id, invoice_id)

    run = walk(base, postman(tmp_path, pdf_of=pdf_of))

    assert run.status is RunStatus.DONE
    assert received(tmp_path) == [to for to in EVERYBODY if to != "joana@example.com"]
    assert ("cus_joana/inv_joana", "message.unwritable") in parked(run, base)


@pytest.mark.req("SEC-06")
def test_name_of_the_company_that_breaks_a_header_parks_each_letter(
    base: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    company = register.get_company(base.tenant_id, "com_alfa")
    kept_before_the_rule = company.model_copy(update={"trade_name": "Alfa\r\nBcc: todos@example.com"})
    monkeypatch.setattr(mass, "get_company", lambda *_: kept_before_the_rule)

    run = walk(base, postman(tmp_path))

    assert run.status is RunStatus.DONE
    assert received(tmp_path) == ["+5521987654321"]  # an SMS has no headers
    assert [code for _, code in parked(run, base)].count("message.unwritable") == 3
