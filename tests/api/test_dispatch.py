"""Templates and messages over HTTP."""

import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfReader

from billing.access.call import Call
from billing.access.model import Profile
from billing.adapters.local_mailbox import FAULTS, LocalMailbox
from billing.audit.changes import history
from billing.dispatch import service
from billing.dispatch.model import DispatchRequest
from billing.dispatch.ports import Letter
from billing.dispatch.store import DispatchTable
from billing.entry import log, postroom, wiring
from functions.dispatch import tasks
from functions.dispatch.api import handler
from tests.support.aws import InProcessAws
from tests.support.http import Client
from tests.support.messages import company, customer, invoice, keep, keep_base, parse_email, pdf_of, received

TEMPLATE = {
    "name": "Aviso",
    "kind": "single",
    "channel": "email",
    "subject": "Olá, #cliente#",
    "body": "Olá, #cliente#! Ligue para #fone#.",
}
MESSAGE = {"company_id": "com_alfa", "subject": "Seu boleto", "body": "Olá, #cliente#!\n\nSegue o boleto."}
URL = "/customers/cus_joana/messages"


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MAILBOX_DIR", str(tmp_path))
    monkeypatch.setenv("SENDS_PER_SECOND", "10000")
    monkeypatch.setattr(postroom, "invoice_pdf", pdf_of)
    monkeypatch.setattr("billing.dispatch.sending.BACK_OFF_S", (0, 0, 0))
    postroom.messengers.cache_clear()
    return tmp_path


@pytest.fixture
def client(aws: InProcessAws, mailbox: Path) -> Client:
    keep("ten_alfa", company(), customer(), invoice())
    return Client(handler)


@pytest.mark.req("MSG-01")
def test_template_is_added_changed_and_removed(client: Client) -> None:
    added = client.post("/message-templates", TEMPLATE)
    url = f"/message-templates/{added.body['id']}"
    changed = client.put(url, {**TEMPLATE, "name": "Contato"}, version=1)

    assert (added.status, changed.status, changed.body["name"]) == (201, 200, "Contato")
    assert client.get(url).body == changed.body
    assert client.get("/message-templates").body["items"] == [changed.body]
    assert client.delete(url, version=1).status == 412
    assert client.delete(url, version=2).status == 200
    assert client.get(url).code == "template.missing"


@pytest.mark.parametrize("name", ["nome", "vencimento", "Cliente"])
@pytest.mark.req("MSG-01")
def test_unknown_wildcard_of_single_sending_is_refused_by_name_and_nothing_is_stored(
    client: Client, name: str
) -> None:
    refused = client.post("/message-templates", {**TEMPLATE, "body": f"Olá, #{name}#"})

    assert (refused.status, refused.code) == (422, "template.unknown_wildcard")
    assert f"#{name}#" in refused.body["title"]
    assert [reason["field"] for reason in refused.body["reasons"]] == ["body"]
    assert client.get("/message-templates").body["items"] == []


@pytest.mark.req("MSG-01")
def test_screen_gets_the_wildcards_of_each_kind(client: Client) -> None:
    single, mass = client.get("/message-wildcards").body["items"]

    assert (single["label"], mass["label"]) == ("Envio individual", "Envio em massa")
    assert {"name": "#cliente#", "meaning": "Nome do cliente"} in single["wildcards"]
    assert {w["name"] for w in mass["wildcards"]} - {w["name"] for w in single["wildcards"]} == {
        "#numero_fatura#", "#plano#", "#periodo#", "#vencimento#", "#valor#", "#linha_digitavel#", "#pix#", "#link#",
    }  # fmt: skip


@pytest.mark.req("MSG-01")
def test_one_template_for_a_purpose_by_channel(client: Client) -> None:
    mass = {**TEMPLATE, "kind": "mass", "purpose": "invoice_issued"}
    first = client.post("/message-templates", mass).body
    taken = client.post("/message-templates", {**mass, "name": "Outro"})

    assert taken.code == "template.purpose_taken"
    assert client.put(f"/message-templates/{first['id']}", mass, version=1).status == 200


@pytest.mark.req("MSG-01")
def test_preview_shows_a_real_customer_and_sends_nothing(client: Client, mailbox: Path) -> None:
    preview = client.post(
        f"{URL}/preview",
        {
            "company_id": "com_alfa",
            "kind": "mass",
            "subject": "Fatura #numero_fatura#",
            "body": "#cliente# deve #valor#",
            "invoice_id": "inv_one1",
        },
    )

    assert preview.status == 200
    assert preview.body["to"] == ["joana@example.com"]
    content = preview.body["content"]
    assert (content["subject"], content["text"]) == (
        "Fatura 1042",
        "Joana d'Ávila <Gonçalves> deve R$ 129,90",
    )
    assert "Joana d&#x27;Ávila &lt;Gonçalves&gt; deve R$ 129,90" in content["html"]
    assert received(mailbox) == []


@pytest.mark.req("SEC-02", "MSG-02")
def test_invoice_of_another_company_is_neither_shown_nor_sent(client: Client, mailbox: Path) -> None:
    """The customer belongs to both; the author works for one."""
    keep("ten_alfa", invoice(id="inv_beta", company_id="com_beta"))
    wanted = {**MESSAGE, "invoice_ids": ["inv_beta"]}
    shown = {"company_id": "com_alfa", "kind": "mass", "body": "#valor#", "invoice_id": "inv_beta"}

    assert client.post(f"{URL}/preview", shown).code == "access.company"
    assert client.post(URL, wanted).code == "access.company"
    assert received(mailbox) == []


@pytest.mark.req("MSG-01")
def test_preview_of_an_sms_counts_its_parts(client: Client) -> None:
    request = {"company_id": "com_alfa", "channel": "sms", "body": "Atenção, #cliente#: " + "a" * 150}
    preview = client.post(f"{URL}/preview", request)

    assert preview.body["content"]["segments"] == 2
    assert preview.body["content"]["text"].startswith("Atencao, Joana d'Avila <Goncalves>: ")
    assert preview.body["to"] == ["+5521987654321"]


@pytest.mark.req("MSG-02", "INV-05")
def test_message_goes_to_the_customer_with_its_boleto_and_is_listed(client: Client, mailbox: Path) -> None:
    sent = client.post(URL, {**MESSAGE, "invoice_ids": ["inv_one1"]})
    (file,) = mailbox.glob("*.eml")
    mail = parse_email(file)
    (pdf,) = mail.iter_attachments()

    assert (sent.status, sent.body["state"], sent.body["to"]) == (201, "sent", ["joana@example.com"])
    assert mail["Subject"] == "Seu boleto"
    assert mail["From"] == "Alfa & Filhos <cobranca@alfa.example>"
    assert pdf.get_filename() == "fatura-1-1042.pdf"
    assert "inv_one1" in PdfReader(io.BytesIO(pdf.get_content())).pages[0].extract_text()
    assert client.get(URL).body["items"] == [sent.body]
    assert client.get(f"{URL}/{sent.body['id']}").body == sent.body


@pytest.mark.req("MSG-04")
def test_content_is_read_as_text_and_by_a_link(client: Client, mailbox: Path) -> None:
    sent = client.post(URL, {**MESSAGE, "invoice_ids": ["inv_one1"]}).body
    content = client.get(f"{URL}/{sent['id']}/content").body
    (file,) = mailbox.glob("*.eml")

    assert sent["content_key"] in content["url"]
    assert content["text"].startswith("Olá, Joana d'Ávila <Gonçalves>!")
    assert content["text"].rstrip().endswith("Segue o boleto.")
    assert content["attachments"] == ["fatura-1-1042.pdf"]
    assert wiring.files().get(sent["content_key"]) == file.read_bytes()


@pytest.mark.req("MSG-04")
def test_content_of_an_sms_is_its_text(client: Client, mailbox: Path) -> None:
    sms = {"company_id": "com_alfa", "channel": "sms", "body": "Olá, #cliente#!"}
    sent = client.post(URL, sms)
    content = client.get(f"{URL}/{sent.body['id']}/content").body

    assert (content["text"], content["attachments"]) == ("Ola, Joana d'Avila <Goncalves>!", [])


@pytest.mark.req("MSG-02")
def test_destination_and_copies_are_as_typed(client: Client, mailbox: Path) -> None:
    typed = {"to": ["Ana@Example.com", "ana@example.com"], "cc": ["contador@example.com"]}
    sent = client.post(URL, {**MESSAGE, **typed})
    (file,) = mailbox.glob("*.eml")

    assert sent.body["to"] == ["ana@example.com"]
    assert parse_email(file)["Cc"] == "contador@example.com"


@pytest.mark.req("MSG-02")
def test_text_is_saved_as_a_template_along_with_the_message(client: Client) -> None:
    client.post(URL, {**MESSAGE, "save_as_template": "Boleto"}, key="save-once")
    client.post(URL, {**MESSAGE, "save_as_template": "Boleto"}, key="save-once")
    (saved,) = client.get("/message-templates").body["items"]

    assert (saved["name"], saved["kind"], saved["body"]) == ("Boleto", "single", MESSAGE["body"])


@pytest.mark.req("MSG-02")
def test_repeated_request_sends_once(client: Client, mailbox: Path) -> None:
    first = client.post(URL, MESSAGE, key="the-same-1")
    again = client.post(URL, MESSAGE, key="the-same-1")

    assert (again.status, again.body) == (first.status, first.body)
    assert len(received(mailbox)) == 1
    assert client.post(URL, {**MESSAGE, "body": "Outro"}, key="the-same-1").code == "idempotency.reused"
    client.post(URL, MESSAGE, key="another-1")
    assert len(received(mailbox)) == 2


class Cut(BaseException):
    """A kill."""


@pytest.mark.req("MSG-02")
def test_request_cut_off_inside_the_call_is_answered_uncertain_and_not_sent_again(
    client: Client, mailbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(self: LocalMailbox, letter: Letter) -> str:
        raise Cut

    with monkeypatch.context() as killed:
        killed.setattr(LocalMailbox, "send", cut)
        with pytest.raises(Cut):
            client.post(URL, MESSAGE, key="cut-off-1")
    again = client.post(URL, MESSAGE, key="cut-off-1")

    assert (again.status, again.body["state"]) == (201, "uncertain")
    assert "Confirme com o cliente" in again.body["failure"]
    assert client.post(URL, MESSAGE, key="cut-off-1").body == again.body
    assert received(mailbox) == []


@pytest.mark.parametrize(
    ("fault", "state"), [("rejected", "failed"), ("throttled", "failed"), ("unanswered", "uncertain")]
)
@pytest.mark.req("MSG-04")
def test_message_that_the_provider_refused_is_listed_with_the_reason(
    client: Client, mailbox: Path, fault: str, state: str
) -> None:
    (mailbox / FAULTS).write_text(f"joana@example.com {fault}\n")
    sent = client.post(URL, MESSAGE, key="faulty-1")

    assert (sent.status, sent.body["state"]) == (201, state)
    assert sent.body["failure"]
    assert client.get(URL).body["items"] == [sent.body]
    assert client.post(URL, MESSAGE, key="faulty-1").body == sent.body


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"body": "#vencimento#"}, "template.unknown_wildcard"),
        ({"body": "#pass_sac#"}, "message.portal_missing"),
        ({"subject": ""}, "template.subject_missing"),
        ({"to": ["joana"]}, "email.format"),
        ({"channel": "sms", "subject": "", "invoice_ids": ["inv_one1"]}, "message.sms_attachments"),
        ({"channel": "sms", "subject": "", "to": ["(21) 2555-1234"]}, "message.sms_destination"),
        ({"channel": "sms", "subject": "", "body": "a" * 700}, "message.sms_too_long"),
        ({"invoice_ids": ["inv_none"]}, "invoice.missing"),
        ({"company_id": "com_beta"}, "access.company"),
        ({"subject": "Oi\nBcc: x@y.com"}, "request.invalid"),
        ({"cc": ["x"]}, "request.invalid"),
    ],
)
@pytest.mark.req("MSG-02")
def test_wrong_message_is_refused_and_nothing_is_kept(
    client: Client, mailbox: Path, change: dict[str, object], code: str
) -> None:
    refused = client.post(URL, {**MESSAGE, "save_as_template": "Nunca", **change})

    assert refused.code == code
    assert received(mailbox) == []
    assert client.get(URL).body["items"] == []
    assert client.get("/message-templates").body["items"] == []


@pytest.mark.req("MSG-02")
def test_customer_without_contact_needs_a_destination(client: Client, mailbox: Path) -> None:
    keep("ten_alfa", customer(id="cus_davi", channels=["whatsapp"]))

    assert client.post("/customers/cus_davi/messages", MESSAGE).code == "message.no_destination"
    assert client.post("/customers/cus_davi/messages", {**MESSAGE, "to": ["d@example.com"]}).status == 201


@pytest.mark.req("MSG-04")
def test_messages_are_newest_first_and_those_of_other_companies_are_not_seen(client: Client) -> None:
    first = client.post(URL, MESSAGE).body
    second = client.post(URL, {**MESSAGE, "channel": "sms", "subject": "", "body": "Oi"}).body
    other = Client(handler, companies="com_beta")

    assert {m["id"] for m in client.get(URL).body["items"]} == {first["id"], second["id"]}
    assert client.get(URL).body["items"][0]["id"] == second["id"]
    assert other.get(URL).body["items"] == []
    assert other.get(f"{URL}/{first['id']}").code == "access.company"
    assert other.get(f"{URL}/{first['id']}/content").code == "access.company"


@pytest.mark.req("SEC-02")
def test_another_tenant_reaches_nothing(client: Client, mailbox: Path) -> None:
    template = client.post("/message-templates", TEMPLATE).body
    message = client.post(URL, MESSAGE).body
    other = Client(handler, tenant_id="ten_beta")

    assert other.get("/message-templates").body["items"] == []
    assert other.get(f"/message-templates/{template['id']}").status == 404
    assert other.put(f"/message-templates/{template['id']}", TEMPLATE, version=1).status == 404
    assert other.delete(f"/message-templates/{template['id']}", version=1).status == 404
    assert other.get(URL).status == 404
    assert other.get(f"{URL}/{message['id']}").status == 404
    assert other.get(f"{URL}/{message['id']}/content").status == 404
    assert other.post(URL, MESSAGE).status == 404
    assert other.post(f"{URL}/preview", {"company_id": "com_alfa", "body": "Oi"}).status == 404
    assert len(received(mailbox)) == 1


@pytest.mark.parametrize(
    ("profile", "sends", "configures"),
    [
        (Profile.CONSULTA, False, False),
        (Profile.OPERACAO, False, False),
        (Profile.FINANCEIRO, True, False),
        (Profile.ADMINISTRADOR, True, True),
    ],
)
@pytest.mark.req("SEC-01")
def test_each_profile_does_what_it_may(
    client: Client, profile: Profile, sends: bool, configures: bool
) -> None:
    user = Client(handler, profile=profile)

    assert user.get("/message-templates").status == 200
    assert user.post(URL, MESSAGE).status == (201 if sends else 403)
    assert user.post("/message-templates", TEMPLATE).status == (201 if configures else 403)
    assert user.post(URL, {**MESSAGE, "save_as_template": "Meu"}).status == (201 if configures else 403)


@pytest.mark.req("REP-03")
def test_sending_is_in_the_audit(client: Client) -> None:
    message = client.post(URL, MESSAGE).body
    (entry,) = history(DispatchTable, "ten_alfa#cus_joana", f"message#{message['id']}")

    assert (entry.action, entry.actor_id) == ("message.posted", "usr_ana")


@pytest.mark.req("SEC-03")
def test_no_personal_data_in_the_logs(
    aws: InProcessAws, mailbox: Path, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    monkeypatch.setattr(log._logger.registered_handler, "stream", written)
    keep_base("ten_alfa")
    (mailbox / FAULTS).write_text("joana@example.com rejected\n+5521987654321 unanswered\n")
    client = Client(handler)
    client.post(URL, MESSAGE)
    client.post(URL, {**MESSAGE, "to": ["joana"]})
    client.post(f"{URL}/preview", {"company_id": "com_alfa", "body": "#cliente# #cpf#"})
    client.get(URL)
    run = service.start_dispatch(call, _Started(), _request())
    event = {"tenant_id": "ten_alfa", "run_id": run.id}
    for chunk in tasks.plan_dispatch(event, None)["chunks"]:  # type: ignore[attr-defined]
        tasks.send_chunk({**event, "chunk": chunk}, None)
    logged = written.getvalue()

    assert received(mailbox)
    assert run.id in logged
    for secret in (
        "joana@",
        "Joana",
        "52998224725",
        "529.982",
        "98765-4321",
        "987654321",
        "129,90",
        "129.90",
        "Padaria",
        "padaria.example",
    ):
        assert secret not in logged.replace("cus_joana", "").replace("cus_padaria", ""), secret


class _Started:
    """Processes that the test walks itself."""

    def start(self, machine: str, name: str, data: dict[str, object]) -> None:
        pass


def _request() -> DispatchRequest:
    return DispatchRequest(company_id="com_alfa", due_from=date(2026, 4, 1), due_to=date(2026, 4, 30))


@pytest.mark.req("SEC-02")
def test_template_that_other_companies_schedule_is_kept_and_they_are_named(client: Client) -> None:
    """In a shared base the administrator of one company can neither delete nor reword what another sends."""
    other = company(id="com_beta", trade_name="Beta Telecom", cnpj="45.543.915/0001-81")
    keep("ten_alfa", other)
    both = replace(client, companies="com_alfa com_beta")
    mass = {**TEMPLATE, "kind": "mass", "body": "Olá, #cliente#!", "purpose": "due_reminder"}
    used, own = (both.post("/message-templates", body).body["id"] for body in (mass, TEMPLATE))

    refused = client.delete(f"/message-templates/{used}", version=1)

    assert (refused.code, "Beta Telecom" in refused.body["title"]) == ("template.in_use", True)
    assert client.put(f"/message-templates/{used}", mass, version=1).code == "template.in_use"
    assert client.delete(f"/message-templates/{own}", version=1).status == 200
    assert both.delete(f"/message-templates/{used}", version=1).status == 200
