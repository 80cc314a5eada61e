"""What the company tells the bank about its titles: registrations and later instructions, whatever the bank and layout."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from billing.banking.terms import DocumentKind
from billing.core.money import ZERO, Money


class Movement(StrEnum):
    """An instruction, as people call it; each bank's table has its code."""

    REGISTER = "register"
    WRITE_OFF = "write_off"
    GRANT_REBATE = "grant_rebate"
    CANCEL_REBATE = "cancel_rebate"
    GRANT_DISCOUNT = "grant_discount"
    CANCEL_DISCOUNT = "cancel_discount"
    CHANGE_DUE_DATE = "change_due_date"
    PROTEST = "protest"
    STOP_PROTEST = "stop_protest"
    REPORT_TO_BUREAU = "report_to_bureau"
    WITHDRAW_FROM_BUREAU = "withdraw_from_bureau"
    CHANGE_DATA = "change_data"


MOVEMENT_NAMES: Mapping[Movement, str] = {
    Movement.REGISTER: "registro do boleto",
    Movement.WRITE_OFF: "baixa",
    Movement.GRANT_REBATE: "concessão de abatimento",
    Movement.CANCEL_REBATE: "cancelamento de abatimento",
    Movement.GRANT_DISCOUNT: "concessão de desconto",
    Movement.CANCEL_DISCOUNT: "cancelamento de desconto",
    Movement.CHANGE_DUE_DATE: "alteração de vencimento",
    Movement.PROTEST: "protesto",
    Movement.STOP_PROTEST: "sustação de protesto",
    Movement.REPORT_TO_BUREAU: "negativação",
    Movement.WITHDRAW_FROM_BUREAU: "exclusão de negativação",
    Movement.CHANGE_DATA: "alteração de dados",
}


class Payer(NamedTuple):
    """Who is charged. The document is a CPF or CNPJ (alphanumeric too), its characters only; the postcode has 8 digits."""

    document: str
    name: str
    street: str
    district: str
    postcode: str
    city: str
    state: str
    email: str = ""


class Discount(NamedTuple):
    amount: Money
    until: date


MOST_CONCEDED = 90
"""The most that discount and rebate may be together, in percent of the title (Itaú, note 13); other banks require
less than the title."""


def takes_concession(amount: Money, conceded: Money) -> bool:
    """Whether a title of `amount` can be registered with this discount and rebate."""
    return conceded.cents * 100 <= amount.cents * MOST_CONCEDED


class Title(NamedTuple):
    nosso_numero: int
    """The title's own number in the profile's range."""
    our_reference: str
    """Our id; the bank sends it back in its returns (up to 25 characters)."""
    document_number: str
    """Seu número: what the payer reads, 10 characters in CNAB 400, 15 in CNAB 240."""
    issued_on: date
    due_on: date
    amount: Money
    payer: Payer
    discount: Discount | None = None
    rebate: Money = ZERO
    fine_percent: Decimal | None = None
    """None: the profile's."""
    interest_percent_month: Decimal | None = None
    especie: DocumentKind | None = None


class Instruction(NamedTuple):
    movement: Movement
    title: Title
    """As registered; for a change, with the new due date, rebate, discount or data."""
