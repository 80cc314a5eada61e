"""Layouts as data: every column is covered, nothing is silently cut."""

import pkgutil
from datetime import date
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking import layouts
from billing.banking.layouts.pictures import Picture, ddmmyyyy, to_day, to_money, yyyymmdd
from billing.banking.layouts.record import Record, blanks, code, const, day, exact, money, number, text
from billing.core.br.text import plain_text
from billing.core.errors import Refused, Severity


def record(*fields):
    return Record("exemplo", 40, "manual, p. 1", fields)


EXAMPLE = record(
    const("tipo", 1, 1, "1"),
    number("quantidade", 2, 5),
    money("valor", 6, 12),
    day("data", 13, 18),
    text("nome", 19, 28),
    exact("chave", 29, 36),
    code("agencia", 37, 40),
)


def write(*values, to=EXAMPLE):
    warnings = []
    return to.write(values, warnings, "Boleto 1"), warnings


def all_records():
    for module in pkgutil.walk_packages(layouts.__path__, "billing.banking.layouts."):
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, Record):
                yield f"{module.name}.{name}", value


def test_every_record_cites_its_source_and_covers_every_column():
    seen = 0
    for name, compiled in all_records():
        columns = [column for field in compiled.fields for column in range(field.start, field.end + 1)]
        assert columns == list(range(1, compiled.length + 1)), name
        assert compiled.length in {240, 400}, name
        assert compiled.source, name
        seen += 1
    assert seen


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ((number("a", 1, 10), number("b", 12, 40)), "column 11 is missing"),
        ((number("a", 1, 10), number("b", 10, 40)), "column 11 is twice"),
        ((number("a", 1, 39),), "covers 39 of 40"),
        ((number("a", 1, 10), number("a", 11, 40)), "two fields have one name"),
    ],
)
def test_a_layout_with_a_gap_or_an_overlap_does_not_compile(fields, wrong):
    with pytest.raises(ValueError, match=wrong):
        record(*fields)


@pytest.mark.parametrize("agencia", ["5 7", "5\xa07", "5´"])
def test_a_blank_within_a_code_is_refused_however_it_is_written(agencia):
    with pytest.raises(Refused) as caught:
        write(7, 12345, "100326", "José", "pix@Bank", agencia)
    assert caught.value.reasons[0].field == "agencia"


def test_a_code_given_as_a_number_keeps_its_zeros():
    assert write(7, 12345, "100326", "José", "pix@Bank", 57)[0].endswith("0057")


def test_values_stand_in_their_columns():
    line, warnings = write(7, 12345, "100326", "José", "pix@Bank", "57")
    assert line == "100070012345100326JOSE      pix@Bank0057"
    assert warnings == []


def test_accents_are_mapped_before_padding():
    """When they were removed after the width check, lines had 399 columns."""
    line, _ = write(1, 1, "000000", "São João", "x", "0001")
    assert len(line) == 40
    assert line[18:28] == "SAO JOAO  "


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ((10000, 0, "000000", "", "", "1"), "quantidade"),
        ((0, 10_000_000, "000000", "", "", "1"), "valor"),
        ((-1, 0, "000000", "", "", "1"), "quantidade"),
        ((0, -1, "000000", "", "", "1"), "valor"),
        ((0, 0, "000000", "", "", "12345"), "agencia"),
        ((0, 0, "000000", "", "", "1-2"), "agencia"),
    ],
)
def test_a_number_that_does_not_fit_is_an_error_that_names_the_field(values, field):
    with pytest.raises(Refused, match=rf"Boleto 1: .* {field} ") as caught:
        write(*values)
    assert caught.value.reasons[0].field == field


def test_a_text_that_is_cut_is_a_warning_that_names_the_field():
    line, [warning] = write(1, 1, "000000", "Maximiliano de Habsburgo", "x", "0001")
    assert line[18:28] == "MAXIMILIAN"
    assert (warning.code, warning.field, warning.severity) == ("remittance.truncated", "nome", Severity.WARNS)


def test_a_character_without_equal_is_a_warning_not_a_broken_line():
    line, [warning] = write(1, 1, "000000", "A☂B", "x", "0001")
    assert line[18:28] == "A B       "
    assert (warning.code, warning.field) == ("remittance.character", "nome")


def test_a_line_break_in_a_name_does_not_break_the_file():
    line, _ = write(1, 1, "000000", "A\r\nB", "x", "0001")
    assert line[18:28] == "A  B      "


def test_pix_keys_keep_their_case():
    line, _ = write(1, 1, "000000", "joão", "aB-çD", "0001")
    assert line[18:36] == "JOAO      aB-cD   "


def test_a_constant_with_a_percent_sign_is_written_as_it_is():
    line, _ = write(5, to=record(const("a", 1, 4, "100%"), number("b", 5, 10), blanks(11, 40)))
    assert line.startswith("100%000005")


def test_bound_fields_are_constants_of_one_file():
    bound = EXAMPLE.binding(agencia="57")
    assert bound.write((7, 1, "000000", "A", "x"), [], "")[36:] == "0057"
    with pytest.raises(Refused, match="agencia"):
        EXAMPLE.binding(agencia="12345")


@given(
    st.integers(0, 9999),
    st.integers(0, 9_999_999),
    st.text(min_size=0, max_size=20),
    st.text(min_size=0, max_size=20),
)
def test_every_line_has_its_width_and_reads_back(quantity, cents, name, key):
    line, warnings = write(quantity, cents, "290228", name, key, "0001")
    assert len(line) == 40
    assert line.isascii()
    assert line.isprintable()
    assert not list(EXAMPLE.faults(line))
    read = EXAMPLE.read(line)
    assert (read["quantidade"], read["valor"].cents) == (quantity, cents)
    mapped, lost = plain_text(name)
    assert read["nome"] == mapped.upper()[:10].rstrip()
    assert bool(lost) == any(w.code == "remittance.character" and w.field == "nome" for w in warnings)


@pytest.mark.parametrize(
    ("start", "wrong", "field"),
    [(1, "0x07", "quantidade"), (5, "12.4567", "valor"), (12, "310226", "data"), (12, "1 0326", "data")],
)
def test_values_too_long_for_a_field_are_named(start, wrong, field):
    line = "100070012345100326JOSE      pix@Bank0057"
    broken = line[:start] + wrong + line[start + len(wrong) :]
    assert [fault.field.name for fault in EXAMPLE.faults(broken)] == [field]


def test_blank_numbers_and_dates_are_none():
    assert to_money(" " * 13).cents == 0
    assert to_day("      ") is None
    assert to_day("00000000") is None


@pytest.mark.parametrize("write", [ddmmyyyy, yyyymmdd])
def test_a_year_before_1000_keeps_its_width(write):
    """Found by fuzzing: %Y writes no leading zeros."""
    assert len(write(date(326, 3, 20))) == 8


def test_pictures_are_named_for_people():
    assert all(picture.value for picture in Picture)
