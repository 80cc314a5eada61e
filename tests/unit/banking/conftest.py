"""Accounts, titles and instructions that the banking tests share."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from hypothesis import strategies as st

from billing.banking.instructions import Discount, Instruction, Movement, Payer, Title
from billing.banking.remittance import write_remittance
from billing.banking.terms import BankTerms
from billing.core.money import Money

CREATED_AT = datetime(2026, 3, 2, 13, 30, tzinfo=UTC)


@pytest.fixture(scope="session")
def created_at():
    return CREATED_AT


@pytest.fixture(scope="session")
def write():
    def write(terms, *instructions):
        """The lines of a remittance, without their ends."""
        content = write_remittance(terms, instructions, sequence=7, created_at=CREATED_AT)
        return content.decode("ascii").split("\r\n")[:-1]

    return write


def terms(**account):
    return BankTerms(
        beneficiary_name="Provedor Exemplo Ltda",
        beneficiary_document="11222333000181",
        fine_percent=Decimal(2),
        interest_percent_month=Decimal(1),
        **account,
    )


@pytest.fixture(scope="session")
def itau():
    return terms(
        bank="341",
        agencia="0057",
        conta="12345",
        conta_digit="7",
        carteira="109",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def itau_240(itau):
    return itau.evolve(layout="cnab240")


@pytest.fixture(scope="session")
def sicoob():
    return terms(
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
    )


@pytest.fixture(scope="session")
def banrisul():
    return terms(
        bank="041",
        agencia="1102",
        conta="3512345678",
        convenio="9000150",
        convenio_digit="46",
        carteira="1",
        layout="cnab400",
        especie="DM",
    )


@pytest.fixture(scope="session")
def banrisul_240(banrisul):
    return banrisul.evolve(layout="cnab240", conta="350123456", conta_digit="3")


@pytest.fixture(scope="session")
def unicred():
    return terms(
        bank="136",
        agencia="1234",
        agencia_digit="3",
        conta="12345",
        conta_digit="1",
        convenio="1234567890",
        carteira="21",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def unicred_240(unicred):
    return unicred.evolve(layout="cnab240")


@pytest.fixture(scope="session")
def bradesco():
    return terms(
        bank="237",
        agencia="1172",
        agencia_digit="P",
        conta="403005",
        conta_digit="2",
        convenio="4587123",
        carteira="09",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def bradesco_240(bradesco):
    return bradesco.evolve(layout="cnab240")


@pytest.fixture(scope="session")
def banco_do_brasil():
    return terms(
        bank="001",
        agencia="1234",
        agencia_digit="3",
        conta="654321",
        conta_digit="9",
        convenio="3128557",
        carteira="17",
        variacao="019",
        layout="cnab240",
    )


@pytest.fixture(scope="session")
def banco_do_brasil_400(banco_do_brasil):
    return banco_do_brasil.evolve(layout="cnab400")


@pytest.fixture(scope="session")
def caixa():
    return terms(
        bank="104",
        agencia="1234",
        agencia_digit="3",
        conta="1",
        convenio="123456",
        carteira="14",
        layout="cnab240",
        write_off_days=60,
    )


@pytest.fixture(scope="session")
def ailos():
    return terms(
        bank="085",
        agencia="0101",
        agencia_digit="5",
        conta="220665",
        conta_digit="8",
        convenio="101004",
        carteira="1",
        layout="cnab240",
    )


@pytest.fixture(scope="session")
def c6():
    return terms(
        bank="336",
        agencia="0001",
        conta="1234567",
        convenio="123456789012",
        carteira="20",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def inter():
    return terms(
        bank="077",
        agencia="0001",
        conta="100000000",
        operacao="1234567",
        carteira="112",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def sicredi_240(sicredi_400):
    return sicredi_400.evolve(conta="623", conta_digit="8", layout="cnab240")


@pytest.fixture(scope="session")
def sicredi_400():
    return terms(
        bank="748",
        agencia="0165",
        conta="6233",
        operacao="02",
        convenio="00623",
        carteira="1",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def safra():
    return terms(
        bank="422",
        agencia="1234",
        agencia_digit="5",
        conta="123456",
        conta_digit="7",
        convenio="12345001234567",
        carteira="1",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def santander_240():
    return terms(
        bank="033",
        agencia="3163",
        agencia_digit="8",
        conta="13002862",
        conta_digit="5",
        convenio="7401949",
        carteira="101",
        operacao="316300007401949",
        layout="cnab240",
    )


@pytest.fixture(scope="session")
def santander():
    """The account of H7800, note 2: movement account 000654321-0, collection account 001234567-8."""
    return terms(
        bank="033",
        agencia="2050",
        conta="1234567",
        conta_digit="8",
        convenio="1234567",
        carteira="101",
        operacao="20500006543200123456",
        layout="cnab400",
    )


@pytest.fixture(scope="session")
def caixa_400(caixa):
    return caixa.evolve(layout="cnab400")


@pytest.fixture(scope="session")
def cresol():
    return terms(
        bank="133",
        agencia="1000",
        conta="10000",
        conta_digit="8",
        carteira="09",
        layout="cnab400",
    )


PAYER = Payer(
    document="52998224725",
    name="José da Conceição",
    street="Rua das Flores, 100",
    district="Centro",
    postcode="01310100",
    city="São Paulo",
    state="SP",
)


def title(number=1, **changes):
    given = {
        "nosso_numero": number,
        "our_reference": f"inv_{number:08d}",
        "document_number": f"{number:08d}",
        "issued_on": date(2026, 3, 1),
        "due_on": date(2026, 3, 20),
        "amount": Money("129.90"),
        "payer": PAYER,
    }
    return Title(**given | changes)


def register(number=1, **changes):
    return Instruction(Movement.REGISTER, title(number, **changes))


@pytest.fixture(scope="session")
def make_title():
    return title


@pytest.fixture(scope="session")
def make_register():
    return register


words = st.text("ABCDEFGHIJ áéíçãõ&.-,0123456789", min_size=1, max_size=30).map(str.strip).filter(bool)
days = st.dates(date(2026, 1, 1), date(2030, 12, 31))
cents = st.integers(1, 10**9).map(Money.from_cents)

payers = st.builds(
    Payer,
    document=st.sampled_from(["52998224725", "11222333000181", "12ABC34501DE35"]),
    name=words,
    street=words,
    district=words.map(lambda w: w[:12].strip() or "X"),
    postcode=st.integers(0, 99999999).map("{:08d}".format),
    city=words.map(lambda w: w[:15].strip() or "X"),
    state=st.sampled_from(["SP", "MG", "DF"]),
)

titles = st.builds(
    Title,
    nosso_numero=st.integers(0, 99_999),
    our_reference=st.integers(0, 10**9).map("inv_{}".format),
    document_number=st.integers(0, 10**9).map(str),
    issued_on=days,
    due_on=days,
    amount=cents,
    payer=payers,
    discount=st.none() | st.builds(Discount, amount=cents, until=days),
    rebate=st.just(Money("0.00")) | cents,
)


@pytest.fixture(scope="session")
def any_title():
    return titles
