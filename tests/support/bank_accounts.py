"""Accounts of every bank and layout that has files here, and a title: shared by the tests of bank files, the benchmark
and the fuzzer."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.instructions import Instruction, Movement, Payer, Title
from billing.banking.terms import BankTerms
from billing.core.money import ZERO, Money

CREATED_AT = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)


def _terms(**account: Any) -> BankTerms:
    return BankTerms.model_validate(
        {
            "beneficiary_name": "Provedor Exemplo Ltda",
            "beneficiary_document": "11222333000181",
            "fine_percent": Decimal(2),
            "interest_percent_month": Decimal(1),
            **account,
        }
    )


ACCOUNTS: dict[str, BankTerms] = {  # by the name that tests know them by
    "itau": _terms(
        bank="341",
        agencia="0057",
        conta="12345",
        conta_digit="7",
        carteira="109",
        layout="cnab400",
    ),
    "sicoob": _terms(
        bank="756",
        agencia="4277",
        agencia_digit="3",
        conta="6498",
        conta_digit="0",
        convenio="17227",
        convenio_digit="8",
        carteira="1",
        variacao="01",
        layout="cnab240",
    ),
    "banrisul": _terms(
        bank="041",
        agencia="1102",
        conta="3512345678",
        convenio="9000150",
        convenio_digit="46",
        carteira="1",
        layout="cnab400",
        especie="DM",
    ),
    "unicred": _terms(
        bank="136",
        agencia="1234",
        agencia_digit="3",
        conta="12345",
        conta_digit="1",
        convenio="1234567890",
        carteira="21",
        layout="cnab400",
    ),
    "bradesco": _terms(
        bank="237",
        agencia="1172",
        agencia_digit="P",
        conta="403005",
        conta_digit="2",
        convenio="4587123",
        carteira="09",
        layout="cnab400",
    ),
    "banco_do_brasil": _terms(
        bank="001",
        agencia="1234",
        agencia_digit="3",
        conta="654321",
        conta_digit="9",
        convenio="3128557",
        carteira="17",
        variacao="019",
        layout="cnab240",
    ),
    "caixa": _terms(
        bank="104",
        agencia="1234",
        agencia_digit="3",
        conta="1",
        convenio="123456",
        carteira="14",
        layout="cnab240",
        write_off_days=60,
    ),
    "ailos": _terms(
        bank="085",
        agencia="0101",
        agencia_digit="5",
        conta="220665",
        conta_digit="8",
        convenio="101004",
        carteira="1",
        layout="cnab240",
    ),
    "c6": _terms(
        bank="336",
        agencia="0001",
        conta="1234567",
        convenio="123456789012",
        carteira="20",
        layout="cnab400",
    ),
    "inter": _terms(
        bank="077",
        agencia="0001",
        conta="100000000",
        operacao="1234567",
        carteira="112",
        layout="cnab400",
    ),
    "sicredi_400": _terms(
        bank="748",
        agencia="0165",
        conta="6233",
        operacao="02",
        convenio="00623",
        carteira="1",
        layout="cnab400",
    ),
    "safra": _terms(
        bank="422",
        agencia="1234",
        agencia_digit="5",
        conta="123456",
        conta_digit="7",
        convenio="12345001234567",
        carteira="1",
        layout="cnab400",
    ),
    "santander_240": _terms(
        bank="033",
        agencia="3163",
        agencia_digit="8",
        conta="13002862",
        conta_digit="5",
        convenio="7401949",
        carteira="101",
        operacao="316300007401949",
        layout="cnab240",
    ),
    # The account of H7800, note 2: movement account 000654321-0, collection account 001234567-8.
    "santander": _terms(
        bank="033",
        agencia="2050",
        conta="1234567",
        conta_digit="8",
        convenio="1234567",
        carteira="101",
        operacao="20500006543200123456",
        layout="cnab400",
    ),
    "cresol": _terms(
        bank="133",
        agencia="1000",
        conta="10000",
        conta_digit="8",
        carteira="09",
        operacao="90100000100008",
        layout="cnab400",
    ),
}
ACCOUNTS["nordeste"] = _terms(
    bank="004",
    agencia="0016",
    conta="1193",
    conta_digit="2",
    carteira="21",
    operacao="123",
    layout="cnab400",
)
ACCOUNTS["itau_240"] = ACCOUNTS["itau"].evolve(layout="cnab240")
ACCOUNTS["banrisul_240"] = ACCOUNTS["banrisul"].evolve(layout="cnab240", conta="350123456", conta_digit="3")
ACCOUNTS["unicred_240"] = ACCOUNTS["unicred"].evolve(layout="cnab240")
ACCOUNTS["bradesco_240"] = ACCOUNTS["bradesco"].evolve(layout="cnab240")
ACCOUNTS["banco_do_brasil_400"] = ACCOUNTS["banco_do_brasil"].evolve(layout="cnab400")
ACCOUNTS["sicredi_240"] = ACCOUNTS["sicredi_400"].evolve(conta="623", conta_digit="8", layout="cnab240")
ACCOUNTS["caixa_400"] = ACCOUNTS["caixa"].evolve(layout="cnab400")
ACCOUNTS["caixa_seven"] = ACCOUNTS["caixa"].evolve(convenio="1100001")
ACCOUNTS["caixa_seven_400"] = ACCOUNTS["caixa_seven"].evolve(layout="cnab400")

READ_ALONE = frozenset({"inter"})
"""Banks for which no files are written."""

PAYER = Payer(
    document="52998224725",
    name="José da Conceição",
    street="Rua das Flores, 100",
    district="Centro",
    postcode="01310100",
    city="São Paulo",
    state="SP",
)


def title(number: int = 1, **changes: Any) -> Title:
    given: dict[str, Any] = {
        "nosso_numero": number,
        "our_reference": f"inv_{number:08d}",
        "document_number": f"{number:08d}",
        "issued_on": date(2026, 3, 1),
        "due_on": date(2026, 3, 20),
        "amount": Money("129.90"),
        "payer": PAYER,
    }
    return Title(**given | changes)


def register(number: int = 1, **changes: Any) -> Instruction:
    return Instruction(Movement.REGISTER, title(number, **changes))


def as_taken(terms: BankTerms, title: Title) -> Title:
    """The title in a form that its bank accepts.

    Ailos refuses a discount that ends before the due date, and the company as payer; C6, a due date on the day of
    issue, and texts that do not begin with a letter or digit; Unicred, a rebate; Safra, a rebate together with a fine.
    """
    if terms.bank == "336":
        payer = title.payer
        begun = {name: f"A{getattr(payer, name)}" for name in ("name", "street", "city")}
        return title._replace(issued_on=title.due_on - timedelta(days=1), payer=payer._replace(**begun))
    if terms.bank in {"136", "422"}:
        return title._replace(rebate=ZERO)
    if terms.bank != "085":
        return title
    discount = title.discount and title.discount._replace(until=title.due_on)
    return title._replace(discount=discount, payer=title.payer._replace(document="52998224725"))


def bank_number(terms: BankTerms, title: Title) -> str:
    return issue_boleto(
        BoletoTerms(terms, title.nosso_numero, title.due_on, title.amount, title.issued_on)
    ).nosso_numero
