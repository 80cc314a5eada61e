"""Whatever a profile contains, for any bank: a barcode of 44 digits and a linha digitável of 47, or a refusal that
names the field."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.banking.boleto import barcode
from billing.banking.boleto.bank import MODULES, of
from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.profile_checks import validate_terms
from billing.banking.terms import BankTerms
from billing.core.errors import Refused
from billing.core.money import Money
from tests.golden.published_boletos import terms_of

VECTORS = json.loads(
    (Path(__file__).parents[2] / "golden" / "banking" / "boleto_vectors.json").read_text(encoding="utf-8")
)
PUBLISHED: dict[str, list[BankTerms]] = {}
for vector in VECTORS:
    if vector["agencia"]:
        PUBLISHED.setdefault(vector["bank"], []).append(terms_of(vector).account)

digits = st.text("0123456789", max_size=9)
check_digits = st.text("0123456789XP", max_size=2)
codes = st.text("0123456789AZX", max_size=4)
FREE: dict[str, st.SearchStrategy[str]] = {
    "agencia": st.text("0123456789", min_size=1, max_size=5),
    "agencia_digit": check_digits,
    "conta": st.text("0123456789", min_size=1, max_size=13),
    "conta_digit": check_digits,
    "convenio": digits,
    "convenio_digit": check_digits,
    "variacao": codes,
    "operacao": codes | st.text("0123456789", max_size=8),
    "beneficiary_document": st.sampled_from(["52998224725", "11222333000181", "12ABC34501DE35"]),
}
NAMED = {*FREE, "carteira", "document_number", "issued_on", "nosso_numero"}


def issued(account: BankTerms, number: int = 1, document: str = "1") -> Boleto:
    terms = BoletoTerms(account, number, date(2026, 8, 15), Money("127.50"), date(2026, 8, 1), document)
    return issue_boleto(terms)


def bases(bank: str) -> list[BankTerms]:
    """Published accounts of the bank, or an empty one."""
    return PUBLISHED.get(bank) or [
        BankTerms(
            bank=bank,
            agencia="1",
            conta="1",
            carteira="1",
            beneficiary_name="Beneficiário",
            beneficiary_document="11222333000181",
        )
    ]


@st.composite
def accounts(draw: st.DrawFn, bank: str) -> BankTerms:
    changed = draw(st.sets(st.sampled_from(sorted(FREE)), max_size=4))
    given: dict[str, Any] = {name: draw(FREE[name]) for name in sorted(changed)}
    wallet = draw(st.sampled_from(sorted(of(bank).carteiras)) | st.text("0123456789", min_size=1, max_size=3))
    return draw(st.sampled_from(bases(bank))).evolve(carteira=wallet, **given)


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("bank", MODULES)
@given(data=st.data())
def test_a_profile_gives_a_whole_boleto_or_a_refusal_that_names_the_field(bank: str, data: st.DataObject):
    account = data.draw(accounts(bank))
    number = data.draw(st.integers(0, 10**18))
    document = data.draw(st.sampled_from(["1", "12345678", "FAT-1", "١"]))
    try:
        boleto = issued(account, number, document)
    except Refused as refused:
        fields = {reason.field for reason in refused.reasons} or {refused.code}
    else:
        fields = set()
        assert (len(boleto.barcode), len(boleto.linha_digitavel)) == (44, 47)
        assert (boleto.barcode + boleto.linha_digitavel).isdecimal()
    assert fields <= NAMED


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize("bank", MODULES)
@given(data=st.data())
def test_accepted_profile_issues_boletos(bank: str, data: st.DataObject):
    account = data.draw(accounts(bank))
    if not validate_terms(account):
        assert len(issued(account).barcode) == 44


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize(
    ("bank", "changes", "field"),
    [
        ("021", {"variacao": ""}, "variacao"),
        ("021", {"variacao": "04"}, "variacao"),
        ("748", {"variacao": "01"}, "variacao"),
        ("748", {"variacao": "A"}, "variacao"),
        ("748", {"operacao": "0A"}, "operacao"),
        ("070", {"operacao": "A1"}, "operacao"),
        ("745", {"operacao": "P"}, "operacao"),
        *(
            (bank, {"conta_digit": digit}, "conta_digit")
            for bank in ("004", "021", "085", "136", "422")
            for digit in "XP"
        ),
        *((bank, {"conta_digit": "12"}, "conta_digit") for bank in ("004", "021", "085", "136", "422")),
        ("422", {"agencia_digit": "X"}, "agencia_digit"),
        ("756", {"convenio_digit": "X"}, "convenio_digit"),
        ("104", {"convenio_digit": "X"}, "convenio_digit"),
        ("104", {"convenio": "1000001", "convenio_digit": ""}, "convenio"),
        ("001", {"operacao": "21", "convenio": "1234", "carteira": "18"}, "convenio"),
        ("001", {"operacao": "21", "convenio": "1234567", "carteira": "18"}, "convenio"),
    ],
)
def test_a_code_that_the_barcode_cannot_carry_is_refused_at_the_profile_and_at_the_boleto(
    bank, changes, field
):
    account = bases(bank)[0].evolve(**changes)
    assert field in {refusal.field for refusal in validate_terms(account)}
    if bank != "104" or "convenio" not in changes:
        with pytest.raises(Refused) as caught:
            issued(account)
        assert [reason.field for reason in caught.value.reasons] == [field]


DEFAULTS = {
    ("001", "operacao"),  # the kind of service, 21 or none
    ("033", "variacao"),  # numbers of 13 digits, or of 12
    ("085", "conta_digit"),  # calculated
    ("104", "convenio_digit"),  # calculated
    ("133", "convenio"),  # the account, where there is no code
    ("341", "conta_digit"),  # calculated
    ("422", "agencia_digit"),  # zero
    ("748", "variacao"),  # 2
    ("756", "convenio_digit"),  # the code may end with it
    ("756", "variacao"),  # 01
}
"""What a bank may leave out, although its barcode carries it."""


@pytest.mark.req("BNK-01")
@pytest.mark.parametrize("bank", MODULES)
def test_blank_that_would_be_zeros_in_the_barcode_is_refused(bank):
    for account in bases(bank):
        for field in ("agencia_digit", "conta_digit", "convenio", "convenio_digit", "variacao", "operacao"):
            if (bank, field) in DEFAULTS or not _carries(account, field):
                continue
            refused = {refusal.field for refusal in validate_terms(account.evolve(**{field: ""}))}
            assert field in refused, (account, field)


def _carries(account: BankTerms, field: str) -> bool:
    """Whether the barcode changes with the field."""
    barcodes = set()
    for value in ("1", "2", "123456" if field == "convenio" else "4"):
        try:
            barcodes.add(issued(account.evolve(**{field: value})).campo_livre)
        except Refused:
            continue
    return len(barcodes) > 1


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize("campo_livre", ["1" * 24, "1" * 26, "1" * 24 + "X", "1" * 24 + "١", ""])
def test_no_barcode_has_another_campo_livre_than_25_digits(campo_livre):
    with pytest.raises(Refused, match=r"boleto\.campo_livre"):
        barcode.encode("341", date(2026, 8, 15), Money("127.50"), campo_livre)


@pytest.mark.req("BNK-02")
@pytest.mark.parametrize(
    ("convenio", "free", "printed"),
    [
        ("1100001", "1100001000100040000000404", "1234/1100001-5"),
        ("999999", None, "1234/999999-0"),
    ],
)
def test_caixa_s_codes_from_1100000_on_take_seven_columns(convenio, free, printed):
    """67.119 v010, note 3 (p. 24-25) and 4.2.3.2 (p. 19)."""
    account = bases("104")[0].evolve(agencia="1234", convenio=convenio, convenio_digit="", carteira="14")
    assert validate_terms(account) == []
    boleto = issued(account, 40)
    assert boleto.campo_livre == (free or boleto.campo_livre)
    assert boleto.campo_livre.startswith(convenio)
    assert of("104").beneficiary(account) == printed
