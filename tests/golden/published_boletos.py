"""Reads published boletos: other programs name the same codes in different ways, and some leave out what the bank
requires.

`python -m tests.golden.published_boletos FILE` runs a file of that form and prints passed, failed and refused by bank
and wallet.
"""

import json
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.terms import BankTerms
from billing.core.errors import BillingError
from billing.core.money import Money

_IN_THE_BARCODE_ONLY: Mapping[str, dict[str, str]] = {
    "Trust-Code/python-boleto:tests/test_banco_itau.py": {"conta_digit": "1"},
    "Trust-Code/python-boleto:tests/test_banco_caixa.py": {"convenio": "123456"},
    "openboleto/openboleto:tests/Banco/BrbTest.php": {"conta": "0132613"},
    "kivanio/brcobranca:spec/brcobranca/boleto/banco_brasilia_spec.rb#240": {"operacao": "002"},
    "eduardocereto/pyboleto:tests/test_banco_caixa.py": {"carteira": "SICOB"},
}
"""What an example has only in its barcode, or calls by another name."""


def terms_of(vector: Mapping[str, Any]) -> BoletoTerms:
    """Our terms for a published boleto."""
    extra = vector.get("extra") or {}
    bank = vector["bank"]
    fields = {
        "bank": bank,
        "agencia": str(vector.get("agencia") or "0").split("-")[0],
        "agencia_digit": vector.get("agencia_dv") or extra.get("digito_agencia") or "",
        "conta": str(vector.get("conta") or "0").split("-")[0],
        "conta_digit": vector.get("conta_dv") or extra.get("digito_conta") or "",
        "convenio": str(
            vector.get("convenio") or vector.get("codigo_beneficiario") or extra.get("codigoCliente") or ""
        ),
        "convenio_digit": vector.get("codigo_beneficiario_dv") or "",
        "carteira": str(vector.get("carteira") or "1"),
        "variacao": str(vector.get("variacao") or extra.get("variacao") or ""),
        "operacao": vector.get("operacao")
        or extra.get("posto")
        or extra.get("portfolio")
        or extra.get("incremento")
        or "",
        "beneficiary_name": "Beneficiário",
        "beneficiary_document": extra.get("documento_cedente")
        or extra.get("cedente_documento")
        or "11222333000181",
    }
    fields |= _ADAPTATIONS.get(bank, lambda _: {})(vector) | _left_out(vector)
    number = str(vector["nosso_numero_in"])
    if bank == "001" and len(number) == 17 and len(fields["convenio"]) == 7:
        number = number.removeprefix(fields["convenio"])
    if bank == "748" and (whole := _whole_number(vector)):
        number = whole[3:]
    return BoletoTerms(
        BankTerms.model_validate(fields),
        int(number or 0),
        date.fromisoformat(vector["due_date"]),
        Money(vector["amount"]),
        issued_on=_issued_on(vector),
        document_number=extra.get("seu_numero") or extra.get("numeroDocumento") or "",
    )


def _left_out(vector: Mapping[str, Any]) -> dict[str, str]:
    source = vector["source"]
    return _IN_THE_BARCODE_ONLY.get(source) or _IN_THE_BARCODE_ONLY.get(f"{source}#{vector['agencia']}", {})


def same_number(boleto: Boleto, vector: Mapping[str, Any]) -> bool:
    """Whether the example prints our nosso número: with or without digit, zeros, separators, or the convênio before it.

    If two programs print the same boleto with different digits, either is accepted: the barcode does not carry it.
    """
    printed = [
        vector.get("nosso_numero_fmt"),
        *(number for number, _ in vector.get("nosso_numero_fmt_alt", ())),
    ]
    if printed[0] is None:
        return True
    own, digit = boleto.nosso_numero, boleto.nosso_numero_digit
    ours = {
        _bare(form)
        for form in (boleto.nosso_numero_formatted, own, own + digit, f"{vector.get('convenio')}{own}")
    }
    return any(_bare(number) in ours for number in printed)


def _bare(number: str) -> str:
    return "".join(character for character in number if character.isalnum()).lstrip("0")


def _issued_on(vector: Mapping[str, Any]) -> date | None:
    """Sicredi's numbers begin with the year of issue."""
    printed = _whole_number(vector) or vector.get("nosso_numero_fmt") or ""
    return date(2000 + int(printed[:2]), 1, 1) if vector["bank"] == "748" and printed[:2].isdigit() else None


def _brasil(vector: Mapping[str, Any]) -> dict[str, str]:
    """A free number of 17 positions belongs to a convênio of six digits (annex X)."""
    has_service = vector["carteira"] == "21" or (vector.get("extra") or {}).get("codigo_servico")
    free = has_service and len(str(vector.get("convenio") or vector.get("codigo_beneficiario") or "")) == 6
    return {"operacao": "21", "carteira": "18"} if free else {}


def _santander(vector: Mapping[str, Any]) -> dict[str, str]:
    return {"convenio": str(vector.get("codigo_beneficiario") or vector.get("convenio") or vector["conta"])}


def _banrisul(vector: Mapping[str, Any]) -> dict[str, str]:
    code = str(vector.get("codigo_beneficiario") or "")
    return {"convenio": code[4:11], "convenio_digit": code[11:]} if len(code) == 13 else {}


def _inter(vector: Mapping[str, Any]) -> dict[str, str]:
    return {"operacao": vector["codigo_transmissao"]}


def _caixa(vector: Mapping[str, Any]) -> dict[str, str]:
    given = vector.get("convenio") or vector.get("codigo_beneficiario")
    number, conta = str(vector["nosso_numero_in"]), str(vector.get("conta") or "")
    if vector.get("carteira") == "SR" and len(number) == 10 and number[0] in "89":
        operation = str(vector.get("operacao") or "")
        return {"carteira": "SICOB", "conta": operation + conta.zfill(8) if operation else conta or "0"}
    if given:
        return {"convenio": str(given)}
    return {"convenio": conta[:6], "convenio_digit": conta[6:7] if len(conta) == 7 else ""}


def _with_printed_account(vector: Mapping[str, Any]) -> dict[str, str]:
    """Account digits that an example has only where it prints the account: 0259/0008549-3, 11500 / 006276729."""
    printed = (vector.get("agencia_conta_fmt") or "").replace(" ", "")
    if "/" not in printed:
        return {}
    agencia, conta = printed.split("/")
    digits = {"conta_digit": conta[-1]}
    return digits | {"agencia_digit": agencia[4:]} if len(agencia) == 5 else digits


def _sicredi(vector: Mapping[str, Any]) -> dict[str, str]:
    """Some call the wallet's letter its variation; ours is the byte, which a whole number (18324121) has after its
    year."""
    variacao = str(vector.get("variacao") or "")
    if whole := _whole_number(vector):
        variacao = whole[2]
    extra = vector.get("extra") or {}
    posto = str(vector.get("operacao") or extra.get("posto") or "")
    return {"variacao": variacao if variacao.isdecimal() else "", "operacao": posto.zfill(2) if posto else ""}


def _whole_number(vector: Mapping[str, Any]) -> str:
    """Sicredi's number with year and byte before the five digits of its sequence, without check digit; empty if the
    sequence comes alone."""
    number = str(vector["nosso_numero_in"]).lstrip("0")
    return number if vector["bank"] == "748" and len(number) == 8 and number.isdecimal() else ""


def _hsbc(vector: Mapping[str, Any]) -> dict[str, str]:
    return {"convenio": str(vector.get("convenio") or "")}


_ADAPTATIONS = {
    "001": _brasil,
    "004": _with_printed_account,
    "021": _with_printed_account,
    "033": _santander,
    "041": _banrisul,
    "077": _inter,
    "104": _caixa,
    "136": _with_printed_account,
    "399": _hsbc,
    "422": _with_printed_account,
    "748": _sicredi,
}


def outcome(vector: Mapping[str, Any]) -> str:
    return judged(vector)[0]


def judged(vector: Mapping[str, Any]) -> tuple[str, str]:
    """Passed, failed or refused, and why; what cannot be read counts as failed."""
    try:
        boleto = issue_boleto(terms_of(vector))
        same = (boleto.barcode, boleto.linha_digitavel) == (vector["barcode"], vector["linha"])
        if same and same_number(boleto, vector):
            return "passed", ""
    except BillingError as refused:
        return "refused", refused.title
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        said = " ".join(str(error).split())
        return "failed", f"cannot be read: {type(error).__name__}: {said[:200]}"
    return "failed", f"{boleto.barcode} {boleto.nosso_numero_formatted}" + (
        "" if same else f", not {vector['barcode']}"
    )


def main(path: str) -> int:
    counts: Counter[tuple[str, str, str]] = Counter()
    for place, vector in enumerate(json.loads(Path(path).read_text(encoding="utf-8"))):
        result, why = judged(vector)
        named = vector if isinstance(vector, dict) else {}
        counts[str(named.get("bank")), str(named.get("carteira")), result] += 1
        if result != "passed":
            print(
                f"vector {place} ({named.get('bank')}, {named.get('source', 'no source')}): {result}: {why}"
            )
    for (bank, carteira, result), count in sorted(counts.items()):
        print(f"{bank}  {carteira:6} {result:8} {count:4}")
    totals = Counter(dict.fromkeys(("passed", "failed", "refused"), 0))
    for (_, _, result), count in counts.items():
        totals[result] += count
    print(", ".join(f"{count} {result}" for result, count in totals.items()))
    return 1 if totals["failed"] else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
