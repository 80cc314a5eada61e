"""E-mails as mail programs parse them."""

from datetime import UTC, datetime
from email import policy
from email.parser import BytesParser
from html.parser import HTMLParser

import pytest

from billing.dispatch import values
from billing.dispatch.letters import Attachment, email_bytes, email_content
from tests.support.messages import PIX, charges, company, customer, invoice

PDF = b"%PDF-1.7\n" + bytes(range(256))
AT = datetime(2026, 3, 10, 15, 0, tzinfo=UTC)
BODY = "Olá, #cliente#!\n\nPix: #pix#\nVeja em https://alfa.example/ajuda?a=1&b=2.\n\n<b>Não</b> responda."


def facts():
    return {**values.of_customer(customer(), company()), **values.of_invoice(invoice(), charges())}


def written(**changes) -> bytes:
    content = email_content("Fatura de #empresa# à vista", BODY, facts(), company())
    options = {
        "message_id": "msg_one1",
        "company": company(trade_name="Alfa, Internet São José"),
        "to": ("joana@example.com", "ana@example.com"),
        "cc": ("contador@example.com",),
        "attachments": [Attachment("fatura-1-1042.pdf", PDF)],
        "at": AT,
    }
    return email_bytes(content, **{**options, **changes})


def parsed(data: bytes):
    return BytesParser(policy=policy.default).parsebytes(data)


class Strict(HTMLParser):
    """Tags, links and words of a page; every tag is closed in order."""

    VOID = frozenset({"br", "meta"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.words = ""
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.addresses += [value for name, value in attrs if name in {"href", "src", "background"}]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words += data


@pytest.mark.req("MSG-02")
def test_headers_decode_with_accents_and_commas():
    message = parsed(written())

    assert message["Subject"] == "Fatura de Alfa & Filhos à vista"
    assert message["From"].addresses[0].display_name == "Alfa, Internet São José"
    assert message["From"].addresses[0].addr_spec == "cobranca@alfa.example"
    assert [a.addr_spec for a in message["To"].addresses] == ["joana@example.com", "ana@example.com"]
    assert [a.addr_spec for a in message["Cc"].addresses] == ["contador@example.com"]
    assert message["Date"].datetime == AT
    assert message["Message-ID"] == "<msg_one1@alfa.example>"


@pytest.mark.req("MSG-02")
def test_text_and_html_say_the_same_and_the_pdf_is_whole():
    message = parsed(written())
    text = message.get_body(("plain",)).get_content()
    (pdf,) = message.iter_attachments()

    assert text.splitlines()[0] == "Olá, Joana d'Ávila <Gonçalves>!"
    assert PIX in text
    assert message.get_body(("html",)) is not None
    assert (pdf.get_filename(), pdf.get_content_type(), pdf.get_content()) == (
        "fatura-1-1042.pdf",
        "application/pdf",
        PDF,
    )


@pytest.mark.req("MSG-01")
def test_values_and_words_are_escaped_in_html_and_nothing_is_loaded():
    page = Strict(parsed(written()).get_body(("html",)).get_content())

    assert "Olá, Joana d'Ávila <Gonçalves>!" in page.words
    assert "<b>Não</b> responda." in page.words
    assert page.addresses == [
        "https://alfa.example/ajuda?a=1&b=2",
        "https://alfa.example",  # the button
        "https://alfa.example",
    ]
    assert "Acessar minha conta" in page.words
    assert page.tags.isdisjoint({"b", "img", "link", "script", "style", "gonçalves"})


@pytest.mark.parametrize(
    "value", ['"><script>alert(1)</script>', "https://x.example/\" onclick='a'", "a\r\nBcc: b@c.d"]
)
@pytest.mark.req("MSG-01")
def test_values_cannot_break_out_of_their_place(value):
    hostile = {**facts(), "cliente": value}
    content = email_content("Olá, #cliente#", "Olá, #cliente#", hostile, company())
    data = email_bytes(
        content, message_id="msg_one1", company=company(), to=("a@example.com",), cc=(), attachments=(), at=AT
    )
    message = parsed(data)

    assert message["Bcc"] is None
    assert message["Subject"] == "Olá, " + " ".join(value.split())
    page = Strict(content.html)
    assert page.tags.isdisjoint({"script"})
    assert " ".join(value.split()) in page.words


@pytest.mark.req("MSG-03")
def test_the_same_message_is_the_same_bytes():
    assert written() == written()
    assert written() != written(message_id="msg_two2")


def test_lines_are_of_crlf_ascii_and_not_too_long():
    data = written()

    assert data.isascii()
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert max(map(len, data.split(b"\r\n"))) <= 998  # RFC 5322, 2.1.1


@pytest.mark.req("MSG-02")
@pytest.mark.parametrize("address", [None, "atendimento@alfa.example"])
def test_answers_go_to_the_company_address_for_them_and_else_to_the_sender(address: str | None) -> None:
    assert parsed(written(company=company(reply_email=address)))["Reply-To"] == address
