"""Itaú's return files: read only if they check out completely, and then exact to the cent."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.itau.cnab400 import RETURN_HEADER, RETURN_PIX, RETURN_TITLE, RETURN_TRAILER
from billing.banking.layouts.pictures import Picture, ddmmyy
from billing.banking.occurrences import OccurrenceKind, OccurrenceReason
from billing.banking.pix import static_code
from billing.banking.returns import check_return, read_return
from billing.core.money import Money

EMV = static_code(key="11222333000181", name="Empresa", city="Brasilia", amount=Money("48.75"))


def line(record, **given):
    """A line with the fields given; the others are zeros and blanks."""
    values = []
    for field in record.inputs:
        empty = "" if field.picture in {Picture.TEXT, Picture.EXACT} else 0
        value = given.pop(field.name, empty)
        if field.picture in {Picture.CODE, Picture.DATE6}:
            value = str(value).zfill(field.width)
        values.append(value)
    assert not given, given
    return record.write(tuple(values), [], "")


def header(**changes):
    return line(
        RETURN_HEADER,
        **{"agencia": "0057", "conta": "12345", "sequencial_arquivo": 9, "data_geracao": "020326"} | changes,
    )


def paid(number=1, **changes):
    given = {
        "agencia": "0057",
        "conta": "12345",
        "carteira": "109",
        "nosso_numero": f"{number:08d}",
        "carteira_codigo": "I",
        "uso_empresa": f"inv_{number:08d}",
        "ocorrencia": "06",
        "data_ocorrencia": "180326",
        "data_credito": "190326",
        "valor_titulo": 4875,
        "tarifa": 210,
        "juros_multa": 102,
        "valor_principal": 4767,
        "codigo_liquidacao": "B2",
    }
    return line(RETURN_TITLE, **given | changes)


def pix(**changes):
    return line(RETURN_PIX, **changes)


def file(*middle, titles=None, cents=None, ending="\r\n"):
    """A whole file, with correct sequence numbers, count and sum unless other values are given."""
    details = [text for text in middle if text[0] == "1"]
    total = sum(int(text[152:165]) for text in details) if cents is None else cents
    count = len(details) if titles is None else titles
    lines = [header(), *middle, line(RETURN_TRAILER, quantidade_detalhes=count, valor_total=total)]
    return ending.join(f"{text[:394]}{n:06d}" for n, text in enumerate(lines, 1)).encode("latin-1")


def occurrences(content):
    return list(read_return(content)[1])


def refused(content):
    with pytest.raises(InvalidReturn) as caught:
        read_return(content)
    return caught.value


@pytest.mark.req("BNK-05")
def test_a_settlement_is_read_with_every_amount_apart():
    [occurrence] = occurrences(file(paid()))
    assert (occurrence.kind, occurrence.movement, occurrence.movement_text) == (
        OccurrenceKind.SETTLED,
        "06",
        "Liquidação normal",
    )
    assert (occurrence.bank, occurrence.agreement, occurrence.carteira, occurrence.nosso_numero) == (
        "341",
        "005712345",
        "109",
        "00000001",
    )
    assert (occurrence.our_reference, occurrence.payment_channel) == ("inv_00000001", "B2")
    assert (occurrence.occurred_on, occurrence.credited_on) == (date(2026, 3, 18), date(2026, 3, 19))
    assert occurrence.title_amount == Money("48.75")
    assert occurrence.interest == Money("1.02")
    assert occurrence.tariff == Money("2.10")
    assert occurrence.net_credited == Money("47.67")
    assert (occurrence.line_number, len(occurrence.raw)) == (2, 1)


@pytest.mark.req("BNK-05")
def test_the_amount_received_leaves_the_tariff_out_and_what_was_paid_does_not():
    [occurrence] = occurrences(file(paid()))
    assert occurrence.paid_amount == Money("49.77")
    assert occurrence.paid_amount - occurrence.tariff == occurrence.net_credited


@pytest.mark.req("BNK-05")
def test_header_identifies_the_file():
    head = check_return(file(paid(1), paid(2)))
    assert (head.bank, head.layout, head.agreement, head.sequence) == ("341", "cnab400", "005712345", 9)
    assert (head.created_on, head.titles, head.amount) == (date(2026, 3, 2), 2, Money("97.50"))


@pytest.mark.req("BNK-05")
def test_a_rejection_brings_all_its_reasons_in_portuguese():
    """Other programs read them from the wrong columns, or lost all but the first."""
    [occurrence] = occurrences(
        file(paid(ocorrencia="03", erros="0308", valor_principal=0, juros_multa=0, tarifa=0))
    )
    assert occurrence.kind is OccurrenceKind.REJECTED
    assert occurrence.reasons == (
        ("03", "Não foi possível atribuir a agência pelo CEP ou CEP inválido"),
        ("08", "Nome do pagador não informado ou deslocado"),
    )


@pytest.mark.req("BNK-05")
def test_reason_is_read_by_the_table_of_its_occurrence():
    entry, instruction = occurrences(
        file(paid(1, ocorrencia="03", erros="14"), paid(2, ocorrencia="16", erros="14"))
    )
    assert entry.reasons[0].text == "Nosso número já registrado no cadastro do banco ou fora da faixa"
    assert instruction.reasons[0].text == "Registro em duplicidade"


@pytest.mark.req("BNK-05")
def test_a_claim_of_the_payer_is_read_from_its_own_columns():
    [occurrence] = occurrences(file(paid(ocorrencia="25", instrucao_cancelada="1339")))
    assert occurrence.reasons == (("1339", "Não recebeu a mercadoria"),)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("02", OccurrenceKind.REGISTERED),
        ("03", OccurrenceKind.REJECTED),
        ("06", OccurrenceKind.SETTLED),
        ("07", OccurrenceKind.PARTIALLY_SETTLED),
        ("08", OccurrenceKind.SETTLED),
        ("09", OccurrenceKind.WRITTEN_OFF),
        ("10", OccurrenceKind.PAID_OUTSIDE),
        ("12", OccurrenceKind.REBATE_GRANTED),
        ("14", OccurrenceKind.DUE_DATE_CHANGED),
        ("16", OccurrenceKind.INSTRUCTION_REJECTED),
        ("19", OccurrenceKind.INSTRUCTION_ACCEPTED),
        ("23", OccurrenceKind.PROTESTED),
        ("28", OccurrenceKind.TARIFF),
        ("99", OccurrenceKind.OTHER),
    ],
)
def test_occurrences_have_a_kind(code, kind):
    [occurrence] = occurrences(file(paid(ocorrencia=code)))
    assert occurrence.kind is kind
    assert occurrence.movement_text


@pytest.mark.req("BNK-05")
def test_only_a_settlement_brings_money():
    """A published write-off has the tariff in the column of the amount paid."""
    [occurrence] = occurrences(file(paid(ocorrencia="09", valor_principal=210)))
    assert (occurrence.paid_amount, occurrence.net_credited, occurrence.tariff) == (
        Money("0.00"),
        Money("0.00"),
        Money("2.10"),
    )


@pytest.mark.req("BNK-05", "BNK-06")
def test_a_pix_record_belongs_to_its_title_and_is_not_a_title():
    content = file(paid(1, ocorrencia="71"), pix(emv=EMV), paid(2))
    first, second = occurrences(content)
    assert (first.kind, first.pix_emv, len(first.raw)) == (OccurrenceKind.REGISTERED, EMV, 2)
    assert (second.nosso_numero, second.pix_emv) == ("00000002", "")


@pytest.mark.req("BNK-05", "BNK-06")
def test_why_there_is_no_pix_is_a_reason():
    [occurrence] = occurrences(file(paid(ocorrencia="02"), pix(erro_pix="004")))
    assert occurrence.reasons == (("Pix 004", "Chave Pix sem cadastro no DICT"),)


@pytest.mark.req("BNK-05", "BNK-06")
@pytest.mark.parametrize(
    ("emv", "said"),
    [
        (EMV[:-1] + "X", "dígito de controle não confere"),
        (EMV[:40], "dígito de controle não confere"),
        (
            static_code(key="11222333000181", name="E", city="B", amount=Money("48.76")),
            "R$ 48,76, e o título de R$ 48,75",
        ),
    ],
)
def test_a_pix_code_of_the_bank_is_proven_before_it_is_printed(emv, said):
    [occurrence] = occurrences(file(paid(ocorrencia="02"), pix(emv=emv)))
    assert (occurrence.kind, occurrence.pix_emv) == (OccurrenceKind.REGISTERED, "")
    assert said in occurrence.reasons[0].text


@pytest.mark.req("BNK-05", "BNK-06")
def test_a_pix_code_without_amount_is_taken():
    emv = static_code(key="11222333000181", name="E", city="B")
    assert occurrences(file(paid(ocorrencia="02"), pix(emv=emv)))[0].pix_emv == emv


@pytest.mark.req("BNK-05")
def test_unknown_records_are_kept_raw_and_reported():
    strange = "7" + "X" * 399
    head, titles = read_return(file(paid(1), strange, paid(2)))
    assert [(number, raw[0]) for number, raw in head.unread] == [(3, "7")]
    assert [o.nosso_numero for o in titles] == ["00000001", "00000002"]


@pytest.mark.req("BNK-05")
def test_an_occurrence_is_the_same_in_whatever_file_it_comes():
    [alone] = occurrences(file(paid(7)))
    *_, among = occurrences(file(paid(1), paid(2), paid(7)))
    assert alone.identity == among.identity


@pytest.mark.req("BNK-05")
def test_two_payments_of_one_title_on_one_day_are_two():
    first, second = occurrences(file(paid(), paid()))
    assert first.identity != second.identity
    assert [o.identity for o in occurrences(file(paid(), paid()))] == [first.identity, second.identity]


@pytest.mark.req("BNK-05")
def test_later_fields_of_a_payment_are_not_part_of_its_identity():
    [bare] = occurrences(file(paid()))
    completed = bare._replace(
        credited_on=date(2026, 3, 23),
        tariff=Money("1.50"),
        net_credited=Money("1.00"),
        interest=Money("0.10"),
        payment_channel="lotérica",
        reasons=(OccurrenceReason("04", "lotérica"),),
    )
    assert completed.identity == bare.identity
    assert completed.former_identity != bare.former_identity


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    "other",
    [
        {"bank": "237"},
        {"agreement": "005754321"},
        {"carteira": "175"},
        {"nosso_numero": "00000099"},
        {"movement": "08"},
        {"occurred_on": date(2026, 3, 22)},
        {"paid_amount": Money("0.01")},
        {"document_number": "2"},
        {"repeat": 1},
    ],
)
def test_identity_of_a_payment_distinguishes_it_from_others(other):
    [one] = occurrences(file(paid()))
    assert one._replace(**other).identity != one.identity


@pytest.mark.req("BNK-05")
def test_each_part_of_an_occurrence_that_is_no_payment_names_it():
    """Two tariffs or two rejections on the same day are two, because of their amount and reasons."""
    [one] = occurrences(file(paid()))
    tariff = one._replace(kind=OccurrenceKind.TARIFF)
    assert tariff._replace(tariff=Money("9.99")).name != tariff.name
    assert tariff._replace(reasons=(OccurrenceReason("99", "outra"),)).name != tariff.name
    assert tariff._replace(credited_on=date(2026, 3, 24)).name == tariff.name


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("ending", ["\r\n", "\n"])
@pytest.mark.parametrize("tail", [b"", b"\r\n", b"\r\n\x1a", b"\n\n"])
def test_line_ends_and_end_of_file_marks_are_tolerated(ending, tail):
    assert len(occurrences(file(paid(), ending=ending) + tail)) == 1


@pytest.mark.req("BNK-05")
def test_a_name_in_latin_1_is_read_as_it_is():
    [occurrence] = occurrences(file(paid()).replace(b"inv_00000001", "Conceição 01".encode("latin-1")))
    assert occurrence.our_reference == "Conceição 01"


@pytest.mark.req("BNK-05")
def test_a_file_cut_in_a_line_says_line_column_and_how_long_it_is():
    error = refused(file(paid(1), paid(2))[: 402 * 2 + 152])
    assert (error.code, error.line, error.column) == ("return.line_length", 3, 153)
    assert "152 colunas" in error.title
    assert "foi cortada" in error.title


@pytest.mark.req("BNK-05")
def test_a_file_cut_between_lines_is_found_by_its_missing_end():
    error = refused(file(paid(1), paid(2))[: 402 * 2])
    assert (error.code, error.line) == ("return.no_trailer", 2)


@pytest.mark.req("BNK-05")
def test_a_line_gone_from_the_middle_is_found_by_the_sequence():
    lines = file(paid(1), paid(2), paid(3)).split(b"\r\n")
    error = refused(b"\r\n".join(lines[:2] + lines[3:]))
    assert (error.code, error.line, error.column, error.value) == ("return.sequence", 3, 395, "000004")


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("changes", "code", "field"),
    [({"titles": 3}, "return.count", "quantidade_detalhes"), ({"cents": 1}, "return.sum", "valor_total")],
)
def test_the_trailer_is_reconciled_to_the_cent(changes, code, field):
    error = refused(file(paid(1), paid(2), **changes))
    assert (error.code, error.field, error.line) == (code, field, 4)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("column", "wrong", "field", "expected"),
    [
        (153, b"00000000X4875", "valor_titulo", "um valor em centavos de 13 posições"),
        (111, b"310226", "data_ocorrencia", "uma data DDMMAA de 6 posições"),
        (147, b"991399", "vencimento", "uma data DDMMAA de 6 posições"),
        (176, b"-000000000210", "tarifa", "um valor em centavos de 13 posições"),
    ],
)
def test_unreadable_field_is_named_with_line_column_and_value(column, wrong, field, expected):
    content = bytearray(file(paid()))
    content[402 + column - 1 : 402 + column - 1 + len(wrong)] = wrong
    error = refused(bytes(content))
    assert (error.code, error.line, error.column, error.field) == ("return.field", 2, column, field)
    assert error.value == wrong.decode()
    for part in ("linha 2", f"coluna {column}", field, error.value, expected):
        assert part in error.title


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "return.empty"),
        (b"   \r\n", "return.empty"),
        (b"nome;valor\nJose;10,00\n", "return.not_cnab"),
        (b"%PDF-1.7\n" + bytes(range(256)), "return.not_cnab"),
        (b"\x00" * 5000, "return.not_cnab"),
        (b"9" * 400, "return.not_cnab"),
        (b"01REMESSA01COBRANCA".ljust(400), "return.is_remittance"),
        (b"02RETORNO01COBRANCA".ljust(76) + b"999".ljust(324), "return.bank_unknown"),
    ],
)
def test_file_that_is_not_a_return_is_refused_plainly(content, code):
    error = refused(content)
    assert error.code == code
    assert error.title.isprintable()


@pytest.mark.req("BNK-05")
def test_a_second_header_records_after_the_end_and_blank_lines_are_refused():
    assert refused(file(paid(), header(), paid())).code == "return.second_header"
    assert refused(file(paid()) + b"\r\n" + file(paid())).code in {"return.sequence", "return.after_trailer"}
    content = file(paid(1), paid(2)).split(b"\r\n")
    assert refused(b"\r\n".join([content[0], b"", *content[1:]])).code == "return.blank_line"


@pytest.mark.req("BNK-05")
@given(st.integers(0, 1210), st.binary(max_size=6))
def test_file_cut_or_damaged_anywhere_is_refused_or_read_and_never_crashes(position, junk):
    content = file(paid(1), paid(2))
    for spoilt in (
        content[:position],
        content[:position] + junk + content[position + len(junk) :],
        junk + content,
    ):
        with suppress(InvalidReturn):
            header, titles = read_return(spoilt)
            assert header.titles == len(list(titles))


@pytest.mark.req("BNK-05")
@given(st.binary(max_size=2000))
def test_bytes_at_random_are_refused(content):
    assert refused(content).code.startswith("return.")


@pytest.mark.req("BNK-05")
@given(
    st.lists(
        st.builds(
            dict,
            nosso_numero=st.integers(0, 10**8 - 1).map("{:08d}".format),
            ocorrencia=st.sampled_from(["02", "06", "09", "28"]),
            valor_titulo=st.integers(0, 10**10),
            valor_principal=st.integers(0, 10**10),
            tarifa=st.integers(0, 10**5),
            juros_multa=st.integers(0, 10**6),
            data_ocorrencia=st.dates(date(2020, 1, 1), date(2050, 1, 1)).map(ddmmyy),
        ),
        max_size=8,
    )
)
def test_what_the_bank_writes_is_what_is_read(given_titles):
    titles = occurrences(file(*(paid(**given) for given in given_titles)))
    assert [
        (
            o.nosso_numero,
            o.movement,
            o.title_amount.cents,
            o.tariff.cents,
            o.interest.cents,
            ddmmyy(o.occurred_on),
        )
        for o in titles
    ] == [
        (
            g["nosso_numero"],
            g["ocorrencia"],
            g["valor_titulo"],
            g["tarifa"],
            g["juros_multa"],
            g["data_ocorrencia"],
        )
        for g in given_titles
    ]
    for o, g in zip(titles, given_titles, strict=True):
        assert o.net_credited.cents == (g["valor_principal"] if g["ocorrencia"] == "06" else 0)


@pytest.mark.req("BNK-05")
def test_a_control_character_in_an_unused_column_is_a_fault_too():
    content = bytearray(file(paid()))
    content[402 + 305] = 0
    error = refused(bytes(content))
    assert (error.code, error.line, error.column, error.field) == ("return.character", 2, 306, "brancos_306")


@pytest.mark.req("BNK-05")
def test_a_large_file_is_read_again_rather_than_kept(monkeypatch):
    content = file(*(paid(number) for number in range(1, 8)))
    whole = occurrences(content)
    monkeypatch.setattr("billing.banking.returns._KEPT", 3)
    assert occurrences(content) == whole
    with pytest.raises(InvalidReturn):
        read_return(content[:-400])


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("wrong", ["+000000000210", "0000000_00210", " 000000000210", "0000000002 10"])
def test_signs_underscores_and_blanks_inside_a_number_are_not_digits(wrong):
    content = bytearray(file(paid()))
    content[402 + 175 : 402 + 188] = wrong.encode()
    assert refused(bytes(content)).field == "tarifa"
