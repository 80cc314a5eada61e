"""Itaú, CNAB 240: what is written, and what comes back."""

from dataclasses import replace
from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import TitleEvent, charged, paid, respond
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.itau import cnab240 as records
from billing.banking.layouts.itau.cnab240_codes import DETAILS, OCCURRENCES, REASONS
from billing.banking.occurrences import SETTLEMENTS, OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

ON = date(2026, 3, 18)
PAYER = {field.name for field in records.SEGMENT_Q.inputs if field.name.startswith("pagador_")}


@pytest.mark.req("BNK-04")
def test_the_account_stands_in_its_own_columns(itau_240, write, make_register):
    assert validate_terms(itau_240) == []
    head, batch, p, *_ = write(itau_240, make_register())
    account = "00057" + " " + "0" * 7 + "12345" + " " + "7"
    assert (head[52:72], batch[53:73], p[17:37]) == (account, account, account)
    assert (head[163:166], head[225:228], batch[11:16]) == ("040", "000", "00030")


@pytest.mark.req("BNK-04")
def test_the_number_goes_with_wallet_and_digit(itau_240, write, make_register):
    p = write(itau_240, make_register(12345678))[2]
    assert p[37:62] == "109" + "12345678" + "0" + " " * 8 + "00000"


@pytest.mark.req("BNK-04")
def test_a_registration_carries_its_title(itau_240, write, make_register):
    discount = Discount(Money("10.00"), date(2026, 3, 15))
    _, _, p, q, r, tail, _ = write(itau_240, make_register(2, discount=discount))
    read = records.SEGMENT_P.read(p)
    assert (read["movimento"], read["numero_documento"], read["especie"], read["aceite"]) == (
        "01",
        "00000002",
        "08",
        "N",
    )
    assert (read["juros"], read["juros_data"]) == (Money("0.04"), date(2026, 3, 21))
    assert (read["desconto"], read["desconto_data"]) == (Money("10.00"), date(2026, 3, 15))
    assert (p[117], p[141], p[226:]) == ("0", "0", "0" * 13 + " ")
    payer = records.SEGMENT_Q.read(q)
    assert (payer["pagador_nome"], payer["pagador_cep"], q[63:73]) == (
        "JOSE DA CONCEICAO",
        "01310100",
        " " * 10,
    )
    fine = records.SEGMENT_R.read(r)
    assert (fine["multa_codigo"], fine["multa"], fine["multa_data"]) == (
        "2",
        Money("2.00"),
        date(2026, 3, 21),
    )
    assert tail[17:115] == "000005" + "0" * 92


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, "000" + "000"),
        ({"protest_days": 5}, "105" + "000"),
        ({"bureau_days": 10}, "710" + "000"),
        ({"write_off_days": 60}, "000" + "160"),
        ({"write_off_days": 365}, "000" + "200"),
        ({"protest_days": 5, "write_off_days": 90}, "105" + "190"),
    ],
)
def test_what_the_bank_does_by_itself_goes_with_its_days(itau_240, write, make_register, settings, expected):
    """Notes 18 and 19."""
    assert write(itau_240.evolve(**settings), make_register())[2][220:226] == expected


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"write_off_days": 100}, "remittance.write_off_days"),
        ({"registers_pix": True}, "remittance.pix_unknown"),
        ({"carteira": "112"}, "remittance.wallet_not_registered"),
        ({"carteira": "150"}, "remittance.wallet_not_registered"),
    ],
)
def test_what_the_manual_does_not_take_is_refused(itau_240, write, make_register, settings, code):
    with pytest.raises(Refused) as caught:
        write(itau_240.evolve(**settings), make_register())
    assert [reason.code for reason in caught.value.reasons] == [code]


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(
    ("movement", "code", "fields"),
    [
        (Movement.WRITE_OFF, "02", {"valor_titulo"}),
        (Movement.GRANT_REBATE, "04", {"valor_titulo", "abatimento"}),
        (Movement.CANCEL_REBATE, "05", {"valor_titulo", "abatimento"}),
        (Movement.CHANGE_DUE_DATE, "06", {"valor_titulo", "vencimento"}),
        (Movement.PROTEST, "09", {"valor_titulo", "protesto_prazo"}),
        (Movement.STOP_PROTEST, "18", {"valor_titulo"}),
        (Movement.REPORT_TO_BUREAU, "66", set()),
        (Movement.WITHDRAW_FROM_BUREAU, "68", set()),
        (Movement.CHANGE_DATA, "31", PAYER),
    ],
)
def test_instruction_has_only_its_own_fields(itau_240, write, make_title, movement, code, fields):
    """Note 4: everything else is zeros or blanks."""
    terms = itau_240.evolve(protest_days=5)
    p, q = write(terms, Instruction(movement, make_title(rebate=Money("5.00"))))[2:-2]
    assert (p[13:17], q[13:17]) == (f"P {code}", f"Q {code}")
    read = records.SEGMENT_P.read(p) | records.SEGMENT_Q.read(q)
    always = {"agencia", "conta", "conta_digito", "carteira", "nosso_numero", "nosso_numero_digito"}
    always |= {"lote", "sequencial", "movimento", "numero_documento", "uso_empresa"}
    said = {name for name, value in read.items() if str(value).strip("0 ,.R$") and value not in {None, ZERO}}
    assert said - always == fields


def answer(terms, created_at, registered, *outcomes):
    remittance = write_remittance(terms, [registered], sequence=1, created_at=created_at)
    content = respond(remittance, lambda _: list(outcomes), sequence=5, on=ON)
    header, occurrences = read_return(content)
    return content, header, list(occurrences)


@pytest.mark.req("BNK-05")
def test_amount_credited_excludes_the_tariff(itau_240, created_at, make_register):
    payment = paid(Money("131.00"), interest=Money("1.10"), tariff=Money("2.10"))
    content, header, [occurrence] = answer(itau_240, created_at, make_register(), payment)
    read = records.SEGMENT_U.read(content.decode().split("\r\n")[3])
    assert (read["valor_pago"], read["valor_liquido"]) == (Money("128.90"), Money("128.90"))
    assert (occurrence.paid_amount, occurrence.net_credited, occurrence.tariff) == (
        Money("131.00"),
        Money("128.90"),
        Money("2.10"),
    )
    assert (occurrence.agreement, occurrence.carteira, occurrence.nosso_numero) == (
        "005712345",
        "109",
        "00000001",
    )
    assert (occurrence.payment_channel, header.agreement) == ("B2", "005712345")


@pytest.mark.req("BNK-05")
def test_a_title_without_its_u_brings_no_money(itau_240, created_at, make_register):
    payment = replace(paid(Money("131.00"), tariff=Money("2.10")), alone=True)
    _, _, [occurrence] = answer(itau_240, created_at, make_register(), payment)
    assert (occurrence.paid_amount, occurrence.net_credited, occurrence.tariff) == (ZERO, ZERO, Money("2.10"))


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "detail", "text"),
    [
        ("25", "1339", "Não recebeu a mercadoria"),
        ("24", "3103", "Insuficiência de dados para envio ao cartório"),
        ("79", "6627", "AR - carta não procurada na unidade dos Correios"),
        ("25", "0000", None),
    ],
)
def test_what_the_payer_or_the_registry_office_says_is_a_reason(
    itau_240, created_at, make_register, code, detail, text
):
    """Note 23: columns 154-157 of U."""
    content, _, _ = answer(itau_240, created_at, make_register(), TitleEvent(OccurrenceKind.OTHER, code=code))
    lines = content.decode().split("\r\n")
    lines[3] = lines[3][:153] + detail + lines[3][157:]
    _, [occurrence] = read_return("\r\n".join(lines).encode())
    assert [reason.text for reason in occurrence.reasons] == ([text] if text else [])


@pytest.mark.req("BNK-05")
def test_trailer_totals_of_the_portfolio_are_not_checked(itau_240, created_at, make_register):
    """Note 24: the account has registered a single title, overdue and with another amount."""
    content, _, _ = answer(itau_240, created_at, make_register(), charged(Money("1.00")))
    lines = content.decode().split("\r\n")
    lines[4] = lines[4][:23] + "000001" + "99900".zfill(17) + lines[4][46:]
    header, _ = read_return("\r\n".join(lines).encode())
    assert header.titles == 1


@pytest.mark.req("BNK-05")
def test_only_two_occurrences_bring_money():
    assert {code for code, movement in OCCURRENCES.items() if movement.kind in SETTLEMENTS} == {"06", "08"}
    assert "71" not in OCCURRENCES
    assert REASONS["17"]["76"] == "CEP inválido – sacador avalista"
    assert len(DETAILS["24"]) == 90
