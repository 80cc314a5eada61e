"""OFX statements: a synthetic case for everything that Brazilian banks export, and arbitrary other input."""

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.statements.model import InvalidStatement, Statement, to_amount
from billing.banking.statements.ofx import read_ofx
from billing.core.money import Money

pytestmark = pytest.mark.req("PAY-08")

CASES = json.loads(
    (Path(__file__).parents[2] / "golden" / "statements" / "ofx_cases.json").read_text(encoding="utf-8")
)
BY_NAME = {case["name"]: case["latin1"].encode("latin-1") for case in CASES}
PLAIN = BY_NAME["plain_sgml_1252"]


def only(data: bytes) -> Statement:
    [statement] = read_ofx(data)
    return statement


def with_row(row: str) -> bytes:
    return re.sub(rb"<STMTTRN>.*</STMTTRN>", f"<STMTTRN>{row}</STMTTRN>".encode(), PLAIN, flags=re.DOTALL)


def row(
    amount: str = "10.00", kind: str = "CREDIT", day: str = "20260115", memo: str = "PIX", more: str = ""
) -> str:
    return f"<TRNTYPE>{kind}\n<DTPOSTED>{day}\n<TRNAMT>{amount}\n<FITID>F1\n{more}<MEMO>{memo}\n"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_case_is_read_as_expected(case: dict[str, Any]) -> None:
    statement = only(BY_NAME[case["name"]])
    bank = "0237" if case["name"] == "bradesco_style_fitid" else "0341"
    assert (statement.bank, statement.account, statement.currency, statement.is_card) == (
        bank,
        "12345-6",
        "BRL",
        False,
    )
    assert (statement.starts_on, statement.ends_on) == (date(2026, 1, 1), date(2026, 1, 31))
    assert statement.ledger is not None
    assert (statement.ledger.amount, statement.ledger.on) == (Money("1000.00"), date(2026, 1, 31))
    if isinstance(case["expected"], list):
        rows = [(str(r.amount), r.fitid, r.memo, str(r.posted_on)) for r in statement.rows]
        assert rows == [(e["amount"], e["fitid"], e["memo"], e["date"]) for e in case["expected"]]
        assert statement.aside == ()
    elif case["name"] == "date_zero":
        assert statement.rows == ()
        assert [(aside.number, aside.text) for aside in statement.aside] == [(1, "X")]
        assert "00000000" in statement.aside[0].why
    else:
        assert [r.amount for r in statement.rows] == [Money("35.90")]
        assert "vale o sinal" in statement.rows[0].findings[0]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500.50", "1500.50"),
        ("1.500,50", "1500.50"),
        ("1,500.50", "1500.50"),
        ("1.500.000", "1500000.00"),
        ("1.500.000,5", "1500000.50"),
        ("+10,00", "10.00"),
        ("-10", "-10.00"),
        ("10,00-", "-10.00"),
        ("10,00 D", "-10.00"),
        ("10,00 C", "10.00"),
        ("R$ 10,00", "10.00"),
        ("-R$ 10,00", "-10.00"),
        ("(35,90)", "-35.90"),
        ("10.0000", "10.00"),
        ("0.00", "0.00"),
    ],
)
def test_amounts_are_read_in_every_form(text: str, amount: str) -> None:
    assert to_amount(text) == Money(amount)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "abc",
        "1.500",
        "1,500",
        "10.005",
        "1e5",
        "NaN",
        "--1",
        "(-1)",
        "(1",
        "1.50.00",
        "15.00,00",
        "9" * 14,
        "1 2",
        "١",
    ],
)
def test_ambiguous_amount_is_refused(text: str) -> None:
    """1.500 is one and a half by the standard, and fifteen hundred for banks that export thousands separators."""
    with pytest.raises(ValueError, match=r"."):
        to_amount(text)


def test_row_with_a_doubtful_amount_is_set_aside_and_the_others_are_read() -> None:
    two = row("1.500") + "</STMTTRN><STMTTRN>" + row("2,00")
    statement = only(with_row(two))
    assert [r.amount for r in statement.rows] == [Money("2.00")]
    assert [(aside.number, "1.500" in aside.why) for aside in statement.aside] == [(1, True)]
    assert statement.rows[0].number == 2


@pytest.mark.parametrize(
    ("memo", "is_balance"),
    [
        ("SALDO ANTERIOR", True),
        ("Saldo do dia", True),
        ("SDO CTA", True),
        ("SALDO", True),
        ("S A L D O", True),
        ("PIX SALDO DO CONTRATO", False),
        ("SALDOS E CIA LTDA", False),
        ("SALDO DEVEDOR CONTRATO 12", False),
    ],
)
def test_row_with_a_balance_is_not_a_movement(memo: str, is_balance: bool) -> None:
    statement = only(with_row(row(memo=memo)))
    assert (len(statement.balances), len(statement.rows)) == ((1, 0) if is_balance else (0, 1))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("JOAO &amp; MARIA", "JOAO & MARIA"),
        ("P&REGINA &para nos", "P&REGINA &para nos"),
        ("A &lt;B&gt; &#195;&#xC3;", "A <B> ÃÃ"),
        ("<![CDATA[A <B> & C]]>", "A <B> & C"),
        ("&#9999999; x &#xD800;", "x"),
        ("A\u202eB\u200b", "AB"),
        ("JOÃO   DA\tSILVA", "JOÃO DA SILVA"),
    ],
)
def test_memo_is_plain_text(written: str, read: str) -> None:
    assert only(with_row(row(memo=written))).rows[0].memo == read


def test_name_and_memo_are_told_together_and_checknum_is_the_document() -> None:
    statement = only(with_row(row(memo="PIX", more="<NAME>FULANA\n<CHECKNUM>123\n")))
    assert (statement.rows[0].memo, statement.rows[0].document) == ("FULANA PIX", "123")
    alike = only(with_row(row(memo="PIX", more="<NAME>PIX\n")))
    assert alike.rows[0].memo == "PIX"


def test_row_that_is_not_closed_ends_where_the_next_begins() -> None:
    statement = only(with_row(row("1.00") + "<STMTTRN>" + row("2.00")))
    assert [r.amount for r in statement.rows] == [Money("1.00"), Money("2.00")]


def test_two_accounts_in_one_file_are_two_statements() -> None:
    second = PLAIN[PLAIN.index(b"<STMTRS>") : PLAIN.index(b"</STMTRS>") + 9].replace(b"12345-6", b"99999-0")
    data = PLAIN.replace(b"</STMTRS>", b"</STMTRS>" + second, 1)
    assert [(s.account, len(s.rows)) for s in read_ofx(data)] == [("12345-6", 1), ("99999-0", 1)]


def test_card_statement_is_reported_as_such() -> None:
    data = PLAIN.replace(b"STMTRS", b"CCSTMTRS").replace(b"BANKACCTFROM", b"CCACCTFROM")
    assert only(data).is_card


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "statement.not_ofx"),
        (b"%PDF-1.4", "statement.not_ofx"),
        (PLAIN[:-10], "statement.cut"),
        (b"<OFX></OFX>", "statement.no_account"),
        (b" " * 10_000_001, "statement.too_large"),
    ],
)
def test_file_that_is_not_a_whole_statement_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidStatement) as caught:
        read_ofx(data)
    assert caught.value.code == code


def test_more_rows_than_any_month_has_are_refused() -> None:
    with pytest.raises(InvalidStatement, match="50000"):
        read_ofx(with_row("<STMTTRN>".join([row()] * 50_001)))


@given(st.data())
def test_damaged_statement_is_read_or_refused_by_name(data: st.DataObject) -> None:
    content = bytearray(BY_NAME[data.draw(st.sampled_from(sorted(BY_NAME)))])
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["change", "cut", "insert", "repeat"])):
            case "change":
                content[place] = data.draw(st.integers(0, 255))
            case "cut":
                del content[place : place + data.draw(st.integers(1, 60))]
            case "insert":
                content[place:place] = data.draw(
                    st.sampled_from(
                        [b"<", b">", b"&#", b"<STMTTRN>", b"</STMTRS>", b"<STMTRS>", b"]]>", b"\x00", b"\xff"]
                    )
                )
            case _:
                content[place:place] = content[place : place + data.draw(st.integers(1, 200))]
        content = content or bytearray(b"x")
    try:
        statements = read_ofx(bytes(content))
    except InvalidStatement:
        return
    numbers = [r.number for s in statements for r in (*s.rows, *s.aside, *s.balances)]
    assert len(numbers) == len(set(numbers))
