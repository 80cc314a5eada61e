"""How the demonstration's customers pay: most at the bank, one twice, one a cent short, one not at all, some by Pix."""

from collections.abc import Callable
from datetime import date

from billing.adapters.sandbox_bank import bank
from billing.core.money import Money
from infra.local.demo.base import SICOOB

UNKNOWN_TITLE = "09876543"
UNKNOWN_AMOUNT = Money("77.77")
BY_PIX = 3
"""The first ones of Sicoob's customers; at most half of them, so that the bank's return has payments too."""


def how_they_pay(
    code: str, titles: list[bank.TitleSeen]
) -> Callable[[bank.TitleSeen], list[bank.TitleEvent]]:
    """By the order of the payers' documents, so that every telling gives the same result: numbers follow ids, which are
    new each time. Anyone who is not among `titles` pays."""
    order = {title.nosso_numero: n for n, title in enumerate(_by_payer(titles))}
    elsewhere = {title.nosso_numero for title in pix_payers(code, titles)}

    def decide(title: bank.TitleSeen) -> list[bank.TitleEvent]:
        n = order.get(title.nosso_numero)
        if title.nosso_numero in elsewhere:
            return []
        if code == "341" and n == 0:
            return [bank.paid(title.amount), bank.paid(title.amount)]
        if code == "341" and n == 1:
            return [bank.paid(title.amount - Money("0.01"))]
        if code == "341" and n == 2:
            return [bank.paid(title.amount), bank.of_unknown_title(bank.paid(UNKNOWN_AMOUNT), UNKNOWN_TITLE)]
        if code == "341" and n == len(titles) - 1:
            return []
        return [bank.paid(title.amount)]

    return decide


def paid_at_bank(
    titles: list[bank.TitleSeen], decide: Callable[[bank.TitleSeen], list[bank.TitleEvent]]
) -> list[Money]:
    return [outcome.paid for title in titles for outcome in decide(title)]


def pix_payers(code: str, titles: list[bank.TitleSeen]) -> list[bank.TitleSeen]:
    return _by_payer(titles)[: min(BY_PIX, len(titles) // 2)] if code == "756" else []


def _by_payer(titles: list[bank.TitleSeen]) -> list[bank.TitleSeen]:
    return sorted(titles, key=lambda title: title.payer_document)


def statement_of(payers: list[bank.TitleSeen], on: date) -> bytes:
    """Sicoob's statement of the day in OFX: a balance, a tariff, and the Pix payments, each with its payer's
    document."""
    entries = [("0.00", "SALDO ANTERIOR"), ("-1.90", "TARIFA PACOTE")]
    entries += [
        (str(title.amount), f"PIX RECEBIDO {_document(title)} {title.payer_name}") for title in payers
    ]
    rows = "".join(
        f"<STMTTRN>\n<TRNTYPE>{'DEBIT' if amount.startswith('-') else 'CREDIT'}\n<DTPOSTED>{on:%Y%m%d}120000[-3:BRT]\n"
        f"<TRNAMT>{amount}\n<FITID>{on:%Y%m%d}{n:03d}\n<MEMO>{memo}\n</STMTTRN>\n"
        for n, (amount, memo) in enumerate(entries)
    )
    terms = SICOOB["terms"]
    account = (
        f"<BANKID>0{terms['bank']}\n<ACCTID>{terms['conta']}-{terms['conta_digit']}\n<ACCTTYPE>CHECKING\n"
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nENCODING:USASCII\nCHARSET:1252\n\n<OFX>\n<BANKMSGSRSV1>\n<STMTTRNRS>\n<STMTRS>\n"
        f"<CURDEF>BRL\n<BANKACCTFROM>\n{account}</BANKACCTFROM>\n<BANKTRANLIST>\n<DTSTART>{on:%Y%m%d}\n<DTEND>{on:%Y%m%d}\n"
        f"{rows}</BANKTRANLIST>\n</STMTRS>\n</STMTTRNRS>\n</BANKMSGSRSV1>\n</OFX>\n"
    ).encode("cp1252")


def _document(title: bank.TitleSeen) -> str:
    """As in the remittance, without the zeros before a CPF."""
    return (
        title.payer_document[-11:]
        if title.payer_document[:-11].strip("0") == ""
        else title.payer_document[-14:]
    )
