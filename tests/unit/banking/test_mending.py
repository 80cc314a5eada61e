"""From a bank's reason to the field to correct: the shared groups of every bank's table, and nothing guessed."""

import re
from datetime import date

import pytest

from billing.banking.instructions import Discount
from billing.banking.layouts.bradesco import cnab400_codes as bradesco
from billing.banking.layouts.febraban_codes import REASONS as FEBRABAN
from billing.banking.layouts.itau import cnab400_codes as itau
from billing.banking.mending import ADVICE, fields_of, reasons_of
from billing.banking.occurrences import OccurrenceReason
from billing.banking.preflight import value_of
from billing.core.money import Money

TABLES = {"febraban": FEBRABAN["03"], "itau": itau.REASONS["03"], "bradesco": bradesco.REASONS["03"]}


@pytest.mark.req("BEY-13")
@pytest.mark.parametrize(
    ("bank", "code", "fields"),
    [
        ("febraban", "08", ["nosso_numero"]),
        ("febraban", "10", ["terms.carteira"]),
        ("febraban", "16", ["due_on"]),
        ("febraban", "20", ["amount"]),
        ("febraban", "21", ["terms.especie"]),
        ("febraban", "27", ["terms.interest_percent_month"]),
        ("febraban", "38", ["terms.protest_days"]),
        ("febraban", "43", ["terms.write_off_days"]),
        ("febraban", "45", ["payer.name"]),
        ("febraban", "46", ["payer.document"]),
        ("febraban", "47", ["payer.street"]),
        ("febraban", "48", ["payer.postcode"]),
        ("febraban", "51", ["payer.postcode", "payer.state"]),
        ("febraban", "52", ["payer.state"]),
        ("febraban", "59", ["terms.fine_percent"]),
        ("febraban", "80", ["discount"]),
        ("febraban", "04", []),  # of the movement, though it names the wallet
        ("febraban", "53", []),  # of the drawer or guarantor, not of the payer
        ("febraban", "50", []),  # the postcode is right: it is the bank that does not serve it
        ("febraban", "76", []),  # of direct debit
        ("itau", "03", ["payer.postcode"]),
        ("itau", "37", ["payer.document"]),
        ("itau", "94", ["payer.postcode", "payer.state"]),
        ("itau", "96", ["payer.street", "payer.name", "payer.city"]),
        ("itau", "83", []),  # of the split of the credit
        ("itau", "55", []),
        ("bradesco", "38", ["terms.protest_days", "terms.bureau_days"]),
        ("bradesco", "46", ["payer.document"]),
        ("bradesco", "22", ["terms.especie"]),
        ("bradesco", "44", []),
    ],
)
def test_reason_names_the_fields_to_mend(bank: str, code: str, fields: list[str]) -> None:
    (reason,) = reasons_of([OccurrenceReason(code, TABLES[bank][code])])

    assert [mend.field for mend in reason.mends] == fields
    assert all(mend.advice.endswith(".") for mend in reason.mends)


@pytest.mark.req("BEY-13")
@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("Município do pagador não informado", ("payer.city",)),  # Santander, CNAB 400
        ("Bairro do pagador obrigatório", ("payer.district",)),  # Caixa, CNAB 400
        ("Cidade ou Estado do pagador não informado", ("payer.city", "payer.state")),  # Sicredi, CNAB 400
        (
            "Número do documento do sacado (CNPJ/CPF) inválido",
            ("payer.document",),
        ),  # Banco do Brasil, CNAB 400
        ("UF inválida para o CEP da cidade", ("payer.postcode", "payer.state")),  # Safra
        (
            "Logradouro para o endereço do pagador não compatível com os Correios",
            ("payer.street",),
        ),  # Unicred
        ("Valor de mora não numérico", ("terms.interest_percent_month",)),  # Santander, CNAB 400
        ("Percentual de multa não informado", ("terms.fine_percent",)),
        ("Prazo para protesto / negativação inválido", ("terms.protest_days", "terms.bureau_days")),
        ("Tipo de desconto/juros inválido", ()),  # of two groups at once
        ("CEP do sacador inválido", ()),
        ("Nome do sacado/cedente inválido", ()),
        ("Data de vencimento inválida para protesto", ()),
        ("Data de Vencimento com prazo superior ao limite; ou: Cidade do Pagador obrigatório", ()),
        ("Código da carteira inválido para envio e-mail", ()),
    ],
)
def test_groups_are_distinguished_in_the_words_of_other_banks(text: str, fields: tuple[str, ...]) -> None:
    assert fields_of(text) == fields


@pytest.mark.req("BEY-13")
def test_unknown_reason_names_no_field() -> None:
    (reason,) = reasons_of([OccurrenceReason("7Z", "motivo 7Z, que o manual não descreve")])
    assert reason.mends == ()


@pytest.mark.req("BEY-13")
def test_every_field_has_its_advice() -> None:
    named = {field for table in TABLES.values() for text in table.values() for field in fields_of(text)}
    assert len(named) > 12
    assert named <= set(ADVICE)


@pytest.mark.req("BEY-13")
def test_value_is_what_the_title_the_payer_or_the_profile_has(itau, make_register):  # type: ignore[no-untyped-def]
    title = make_register(7, discount=Discount(Money("5.00"), date(2026, 3, 10))).title
    written = {
        f: value_of(itau, title, f) for f in ("nosso_numero", "due_on", "amount", "discount", "rebate")
    }

    assert written["nosso_numero"] == "7"
    assert re.fullmatch(r"\d\d/\d\d/\d{4}", written["due_on"])
    assert (written["amount"], written["discount"]) == (
        title.amount.format_br(),
        "R$ 5,00 até 10/03/2026",
    )
    assert value_of(itau, title, "payer.postcode") == title.payer.postcode
    assert value_of(itau, title, "terms.carteira") == itau.carteira
    assert (value_of(itau, title, "valor_titulo"), value_of(itau, title, None)) == ("", "")
