"""Published boletos, bank by bank: what other programs and the banks themselves assert (tests/golden/banking, sources named)."""

import json
from datetime import date
from pathlib import Path

import pytest

from billing.banking.boleto.bank import MODULES
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.terms import BankTerms
from billing.core.money import Money

GOLDEN = Path(__file__).parents[2] / "golden" / "banking"
VECTORS = json.loads((GOLDEN / "boleto_vectors.json").read_text(encoding="utf-8"))
SUPPORTED = [vector for vector in VECTORS if vector["bank"] in MODULES]

LEFT_OUT = {"Trust-Code/python-boleto:tests/test_banco_itau.py": "1"}
"""An account digit that the example has only in its barcode, and that is not the calculated one."""


def terms_of(vector):
    """Our terms for a published example: those programs name the same codes in different ways."""
    extra = vector.get("extra") or {}
    convenio = vector.get("convenio") or vector.get("codigo_beneficiario") or extra.get("codigoCliente") or ""
    account = {
        "bank": vector["bank"],
        "agencia": vector["agencia"],
        "conta": vector["conta"],
        "conta_digit": vector.get("conta_dv") or LEFT_OUT.get(vector["source"], ""),
        "convenio": str(convenio),
        "convenio_digit": vector.get("codigo_beneficiario_dv") or "",
        "carteira": str(vector["carteira"]),
        "variacao": vector.get("variacao") or "",
        "beneficiary_name": "Beneficiário",
        "beneficiary_document": "11222333000181",
    }
    return BoletoTerms(
        BankTerms.model_validate(account),
        int(vector["nosso_numero_in"] or 0),
        date.fromisoformat(vector["due_date"]),
        Money(vector["amount"]),
        document_number=extra.get("seu_numero") or extra.get("numeroDocumento") or "",
    )


def bare(formatted):
    """Programs print the same nosso número with other separators."""
    return "".join(character for character in formatted if character.isalnum())


def name(vector):
    return f"{vector['bank']}-{vector['carteira']}-{vector['nosso_numero_in']}"


@pytest.mark.req("BNK-02", "BNK-03")
@pytest.mark.parametrize("vector", SUPPORTED, ids=name)
def test_published_boleto(vector):
    boleto = issue_boleto(terms_of(vector))
    assert boleto.campo_livre == vector["campo_livre"]
    assert boleto.barcode == vector["barcode"]
    assert boleto.linha_digitavel == vector["linha"]
    assert bare(boleto.nosso_numero_formatted) == bare(vector["nosso_numero_fmt"])
