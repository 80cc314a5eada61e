"""Published boletos, bank by bank: what other programs and the banks themselves state (tests/golden/banking, with
sources)."""

import json
from pathlib import Path

import pytest

from billing.banking.boleto.bank import MODULES, of
from billing.banking.boleto.issue import issue_boleto
from billing.core.errors import Refused
from tests.golden.published_boletos import same_number, terms_of

GOLDEN = Path(__file__).parents[2] / "golden" / "banking"
VECTORS = json.loads((GOLDEN / "boleto_vectors.json").read_text(encoding="utf-8"))


@pytest.mark.req("BNK-02", "BNK-03")
@pytest.mark.parametrize("bank", sorted({vector["bank"] for vector in VECTORS}))
def test_published_boletos(bank):
    for vector in (vector for vector in VECTORS if vector["bank"] == bank):
        boleto = issue_boleto(terms_of(vector))
        issued = (boleto.campo_livre, boleto.barcode, boleto.linha_digitavel)
        assert issued == (vector["campo_livre"], vector["barcode"], vector["linha"]), vector
        assert same_number(boleto, vector), vector


def test_every_bank_says_where_its_wallets_come_from():
    for code in MODULES:
        bank = of(code)
        assert bank.code == code
        assert all(bank.carteiras.values())


def test_btg_s_own_specimen():
    """The bank's one-page specimen: 208-1, agency 0050, nosso número 001/6380-4."""
    vector = {
        "bank": "208",
        "carteira": "1",
        "agencia": "0050",
        "conta": "0388685",
        "nosso_numero_in": "6380",
    }
    boleto = issue_boleto(terms_of(vector | {"due_date": "2021-12-11", "amount": "200.00", "source": ""}))
    assert boleto.linha_digitavel == "20890050091000000063780038868503588310000020000"
    assert boleto.nosso_numero_formatted == "001/6380-4"


@pytest.mark.parametrize(
    ("bank", "changes", "code"),
    [
        ("001", {"convenio": "12345"}, "profile.convenio"),
        ("748", {"operacao": "05", "convenio": "85305"}, "boleto.issued_on"),
        ("104", {"convenio": "12345678", "carteira": "14"}, "profile.field_too_long"),
    ],
)
def test_what_a_bank_cannot_number_is_refused(bank, changes, code):
    vector = {
        "bank": bank,
        "carteira": "18" if bank == "001" else "1",
        "agencia": "1",
        "conta": "1",
        "nosso_numero_in": "1",
    }
    terms = terms_of(vector | {"due_date": "2026-03-20", "amount": "1.00", "source": ""} | changes)
    account = terms.account.evolve(**{"operacao": "", **changes})
    with pytest.raises(Refused, match=code.replace(".", r"\.")):
        issue_boleto(type(terms)(account, 1, terms.due_on, terms.amount))
