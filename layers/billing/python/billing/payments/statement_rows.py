"""Which rows of a bank statement are received Pix, and what their text contains: ids, the payer's document, title
numbers. Pure."""

import re
from typing import NamedTuple

from billing.banking.model import PaymentProfile
from billing.banking.statements.model import Row, Statement
from billing.banking.terms import BankTerms
from billing.core.br import cnpj, cpf
from billing.core.br.text import search_key
from billing.core.money import ZERO

_END_TO_END = re.compile(r"(?<![A-Za-z0-9])E[0-9]{20}[A-Za-z0-9]{11}(?![A-Za-z0-9])")
_TXID = re.compile(r"\btx\s?id\W{0,3}([A-Za-z0-9]{1,35})\b", re.IGNORECASE)
_ANY_TXID = re.compile(r"[A-Za-z0-9]{1,35}")
_DOCUMENT = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{3}\.?[0-9]{3}\.?[0-9]{3}-?[0-9]{2}"
    r"|[0-9A-Z]{2}\.?[0-9A-Z]{3}\.?[0-9A-Z]{3}/?[0-9A-Z]{4}-?[0-9]{2})(?![0-9A-Za-z])"
)
_NUMBER = re.compile(r"(?<![0-9A-Za-z])[0-9]{3,17}(?![0-9A-Za-z])")
_MOST_NUMBERS = 5
_WIDEST = 14
"""Width of the account number, with leading zeros, in an ACCTID that begins with the branch."""
_PIX = re.compile(r"\bpix\b")
_GIVEN_BACK = re.compile(r"\b(devol\w*|estorn\w*|reembols\w*)")


class PixRow(NamedTuple):
    """A received Pix, as a row has it."""

    row: Row
    end_to_end_id: str | None
    txid: str | None
    payer_document: str | None
    numbers: tuple[str, ...]
    """Numbers in the text that may be title numbers."""


def pix_in(row: Row) -> PixRow | str:
    """The row's Pix, or why it is not one to be received here."""
    text = f"{row.memo} {row.fitid} {row.document}"
    end_to_end_id = (
        row.end_to_end_id if _END_TO_END.fullmatch(row.end_to_end_id) else _first(_END_TO_END, text)
    )
    said = search_key(row.memo)
    if not (end_to_end_id or row.txid or row.kind == "PIX" or _PIX.search(said)):
        return "não é Pix"
    if row.amount <= ZERO:
        return "não é recebimento"
    if _GIVEN_BACK.search(said):
        return "é devolução de um Pix: confira manualmente"
    if row.findings:
        return f"{row.findings[0]}: confira manualmente"
    labelled = _TXID.search(row.memo)
    txid = row.txid if _ANY_TXID.fullmatch(row.txid) else labelled[1] if labelled else None
    documents = [document for document in map(_document, _DOCUMENT.findall(row.memo.upper())) if document]
    numbers = [n for n in _NUMBER.findall(f"{row.memo} {row.document}") if n not in documents]
    return PixRow(
        row,
        end_to_end_id,
        txid,
        documents[0] if documents else None,
        tuple(dict.fromkeys(numbers))[:_MOST_NUMBERS],
    )


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[0] if match else None


def _document(text: str) -> str | None:
    compact = re.sub(r"[./-]", "", text)
    valid = cpf.is_valid(compact) if len(compact) == 11 else cnpj.is_valid(compact)
    return compact if valid else None


def why_foreign(statement: Statement, profile: PaymentProfile) -> str | None:
    """Why the statement is not from the profile's account; None if it is, or if it names no account.

    BANKID may have a leading zero; ACCTID may include the branch, and check digits as the bank prints them.
    """
    if statement.is_card:
        return "é de um cartão, e não de uma conta"
    if statement.currency not in {"", "BRL"}:
        return f"está em {statement.currency[:10]}, e não em reais"
    return _other_account(statement, profile.terms) if statement.account else None


def _other_account(statement: Statement, terms: BankTerms) -> str | None:
    if statement.bank and _bare(statement.bank) != _bare(terms.bank):
        return f"é do banco {statement.bank[:10]}, e a conta do profile é do {terms.bank}"
    in_account, _, account = statement.account.rpartition("/")
    branch = in_account or statement.branch
    branches, accounts = (
        _with_digit(terms.agencia, terms.agencia_digit),
        _with_digit(terms.conta, terms.conta_digit),
    )
    if branch and _bare(branch) not in map(_bare, branches):
        return f"é da agência {branch[:20]}, e a conta do profile é da {terms.agencia}"
    together = {
        _bare(a + c.zfill(width)) for a in branches for c in accounts for width in range(len(c), _WIDEST)
    }
    if _bare(account) not in {*map(_bare, accounts), *together}:
        return f"é da conta {account[:30]}, e a do profile é {terms.conta}-{terms.conta_digit}"
    return None


def _with_digit(code: str, digit: str) -> tuple[str, str]:
    return code, code + digit


def _bare(text: str) -> str:
    """Digits (and a check digit X or P) without leading zeros."""
    return "".join(c for c in text.upper() if c.isascii() and (c.isdigit() or c in "XP")).lstrip("0")
