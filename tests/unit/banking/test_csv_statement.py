"""CSV statements: columns are found by name, in the forms that banks and their programs export."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.statements.csv_file import read_csv
from billing.banking.statements.model import InvalidStatement, Statement
from billing.core.money import Money

pytestmark = pytest.mark.req("PAY-08")


def only(text: str, encoding: str = "utf-8") -> Statement:
    [statement] = read_csv(text.encode(encoding))
    return statement


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize(
    "text",
    [
        "Data;Valor;Histórico\n15/01/2026;1.500,50;PIX RECEBIDO JOÃO\n",
        "Data,Valor,Identificador,Descrição\n15/01/2026,1500.50,abc-1,PIX RECEBIDO JOÃO\n",
        "data\tvalor\thistorico\n2026-01-15\t1500,50\tPIX RECEBIDO JOÃO\n",
        'Data;Crédito (R$);Débito (R$);Lançamento\n15/01/2026;"1.500,50";;PIX RECEBIDO JOÃO\n',
        (
            "Extrato Conta Corrente\nConta;12345\n\nData Lançamento;Histórico;Descrição;Valor;Saldo\n"
            "15/01/2026 10:30;PIX RECEBIDO;JOÃO;1500,50;9000,00\n"
        ),
    ],
)
def test_day_amount_and_text_are_found_by_their_columns(text: str, encoding: str) -> None:
    statement = only(text, encoding)
    assert [(r.posted_on, r.amount, r.memo) for r in statement.rows] == [
        (date(2026, 1, 15), Money("1500.50"), "PIX RECEBIDO JOÃO")
    ]
    assert (statement.aside, statement.balances, statement.account) == ((), (), "")
    assert (statement.starts_on, statement.ends_on) == (date(2026, 1, 15), date(2026, 1, 15))


def test_outgoing_amounts_are_negative() -> None:
    statement = only("data;entradas;saidas;memo\n15/01/2026;;35,90;TARIFA\n16/01/2026;;-1,00;TARIFA\n")
    assert [r.amount for r in statement.rows] == [Money("-35.90"), Money("-1.00")]


def test_ids_have_columns_of_their_own() -> None:
    e2e = "E00000000202601151205AbCdEfGh123"
    statement = only(f"data;valor;memo;txid;End-to-End;documento\n15/01/2026;10,00;PIX;00000012;{e2e};123\n")
    assert [(r.txid, r.end_to_end_id, r.document) for r in statement.rows] == [("00000012", e2e, "123")]


@pytest.mark.parametrize(
    "row",
    [
        "31/02/2026;10,00;PIX",
        "hoje;10,00;PIX",
        "15/01/2026;1.500;PIX",
        "15/01/2026;;PIX",
        ";;x",
        f"15/01/2026;1;{'x' * 5001}",
    ],
)
def test_row_that_cannot_be_read_is_set_aside(row: str) -> None:
    statement = only(f"data;valor;memo\n{row}\n16/01/2026;2,00;PIX\n")
    assert [r.amount for r in statement.rows] == [Money("2.00")]
    assert [aside.number for aside in statement.aside] == [1]


def test_balances_and_blank_lines_are_no_movements() -> None:
    statement = only("data;valor;memo\n15/01/2026;0,00;SALDO ANTERIOR\n;;\n\n16/01/2026;2,00;PIX\n")
    assert (len(statement.rows), len(statement.balances)) == (1, 1)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "statement.no_heading"),
        (b"a;b\n1;2\n", "statement.no_heading"),
        (b"<OFX></OFX>", "statement.no_heading"),
        (b" " * 10_000_001, "statement.too_large"),
        (b"data;valor\n" + b"15/01/2026;1,00\n" * 50_001, "statement.too_many_rows"),
        (b'data;valor\n"' + b"x" * 140_000, "statement.broken_csv"),
    ],
)
def test_file_that_is_not_a_statement_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(InvalidStatement) as caught:
        read_csv(data)
    assert caught.value.code == code


@given(st.binary(max_size=400), st.sampled_from([b"data;valor;memo\n", b"Data,Valor\n", b""]))
def test_any_statement_is_read_or_refused_by_name(content: bytes, heading: bytes) -> None:
    try:
        [statement] = read_csv(heading + content)
    except InvalidStatement:
        return
    numbers = [row.number for row in (*statement.rows, *statement.aside, *statement.balances)]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
