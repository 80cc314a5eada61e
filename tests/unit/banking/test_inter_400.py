"""Inter, CNAB 400: what comes back, and why nothing is written."""

from datetime import date

import pytest

from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.inter import cnab400 as records
from billing.banking.layouts.registry import kind_of, record_of
from billing.banking.occurrences import OccurrenceKind
from billing.banking.profile_checks import validate_terms
from billing.banking.returns import read_return
from billing.core.errors import Refused
from billing.core.money import ZERO, Money

TITLE = {
    "carteira": "112",
    "agencia": "0001",
    "conta": "0100000000",
    "uso_empresa": "inv_00000001",
    "nosso_numero": "0012345678",
    "nosso_numero_digito": "9",
    "ocorrencia": "02",
    "data_ocorrencia": "061221",
    "numero_documento": "00000001",
    "vencimento": "071221",
    "valor_titulo": 1000,
}


def a_return(*titles, **trailer):
    header = records.RETURN_HEADER.write_named(
        {"nome_empresa": "EXEMPLO", "data_geracao": "061221", "sequencial": 1}
    )
    lines = [
        records.RETURN_TITLE.write_named(TITLE | title | {"sequencial": number})
        for number, title in enumerate(titles, 2)
    ]
    totals = {"quantidade_detalhes": len(titles), **trailer, "sequencial": len(titles) + 2}
    end = records.RETURN_TRAILER.write_named(totals)
    return "".join(f"{line}\r\n" for line in [header, *lines, end]).encode()


@pytest.mark.req("BNK-04")
def test_remittance_is_refused_because_the_bank_assigns_the_number(inter, write, make_register):
    assert validate_terms(inter) == []
    with pytest.raises(Refused, match=r"o boleto emitido aqui levaria outro") as caught:
        write(inter, make_register())
    assert caught.value.code == "remittance.bank_numbers"


@pytest.mark.req("BNK-05")
def test_title_has_the_number_that_the_bank_assigned(inter):
    header, [occurrence] = read_return(a_return({}, quantidade_02=1))
    assert (occurrence.kind, occurrence.movement_text) == (OccurrenceKind.REGISTERED, "Em aberto")
    assert (occurrence.nosso_numero, occurrence.carteira) == ("0012345678", "112")
    assert (occurrence.our_reference, occurrence.document_number) == ("inv_00000001", "00000001")
    assert (occurrence.due_on, occurrence.occurred_on) == (date(2021, 12, 7), date(2021, 12, 6))
    assert (occurrence.title_amount, occurrence.paid_amount) == (Money("10.00"), ZERO)
    assert (header.sequence, header.created_on) == (0, date(2021, 12, 6))


@pytest.mark.req("BNK-05")
def test_first_title_identifies_the_beneficiary(inter):
    """The header has no account (p. 12)."""
    header, _ = read_return(a_return({}, {}))
    assert inter.agencia in header.agreement
    assert inter.conta in header.agreement


@pytest.mark.req("BNK-05")
def test_paid_amount_is_read_back():
    content = a_return({"ocorrencia": "06", "valor_pago": 1100, "data_credito": "081221"}, quantidade_06=1)
    _, [occurrence] = read_return(content)
    assert (occurrence.kind, occurrence.paid_amount, occurrence.net_credited) == (
        OccurrenceKind.SETTLED,
        Money("11.00"),
        Money("11.00"),
    )
    assert occurrence.credited_on == date(2021, 12, 8)


@pytest.mark.req("BNK-05")
def test_rejection_has_its_reason_in_words():
    _, occurrences = read_return(
        a_return({"ocorrencia": "03", "motivo": "CEP INVALIDO"}, {"ocorrencia": "07"})
    )
    rejected, written_off = occurrences
    assert (rejected.kind, [reason.text for reason in rejected.reasons]) == (
        OccurrenceKind.REJECTED,
        ["CEP INVALIDO"],
    )
    assert (written_off.kind, written_off.reasons) == (OccurrenceKind.WRITTEN_OFF, ())


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("trailer", "field"),
    [
        ({"quantidade_detalhes": 3}, "quantidade_detalhes"),
        ({"quantidade_02": 1}, "quantidade_02"),
        ({"quantidade_03": 1}, "quantidade_03"),
        ({"quantidade_06": 2}, "quantidade_06"),
    ],
)
def test_a_trailer_that_counts_otherwise_is_refused(trailer, field):
    with pytest.raises(InvalidReturn) as caught:
        read_return(a_return({}, {}, **trailer))
    assert (caught.value.code, caught.value.field) == ("return.count", field)


@pytest.mark.parametrize(("mark", "name"), [("1", "detalhe"), ("2", "mensagens e descontos")])
def test_a_remittance_of_others_is_described(mark, name):
    kind = kind_of("01REMESSA01COBRANCA".ljust(76) + "077INTER".ljust(324))
    assert record_of(kind, mark.ljust(400)).name == name
