"""From a bank's reason to the field to mend: the shared groups of every bank's table, and nothing guessed."""

import re
from datetime import date

import pytest

from billing.banking.instructions import Discount
from billing.banking.layouts.bradesco import cnab400_codes as bradesco
from billing.banking.layouts.febraban_codes import REASONS as FEBRABAN
from billing.banking.layouts.itau import cnab400_codes as itau
from billing.banking.mending import ADVICE, fields_of, reasons_of
from billing.banking.occurrences import Reason
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
        ("bradesco", "38", ["terms.protest_days", "terms.negativation_days"]),
        ("bradesco", "46", ["payer.document"]),
        ("bradesco", "22", ["terms.especie"]),
        ("bradesco", "44", []),
    ],
)
def test_reason_names_the_fields_to_mend(bank: str, code: str, fields: list[str]) -> None:
    (found,) = reasons_of([Reason(code, TABLES[bank][code])])

    assert [mend.field for mend in found.mends] == fields
    assert all(mend.advice.endswith(".") for mend in found.mends)


@pytest.mark.req("BEY-13")
def test_unknown_reason_names_no_field() -> None:
    (found,) = reasons_of([Reason("7Z", "motivo 7Z, que o manual não descreve")])
    assert found.mends == ()


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
