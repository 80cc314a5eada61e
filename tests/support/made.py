"""Things of the domain, ready to be stored: what a workflow test starts from."""

from datetime import date
from decimal import Decimal
from typing import Any

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.banking import store as banking
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.check_digits import mod10
from billing.banking.model import PaymentProfile
from billing.banking.terms import BankTerms, Layout
from billing.core.money import Money
from billing.customers import store as customers
from billing.customers.model import Address, Customer, PersonKind
from billing.invoicing import numbering
from billing.invoicing import store as invoicing
from billing.invoicing.invoice import Invoice
from billing.payments import store as payments
from billing.payments.model import AccountKind, CashAccount

CPFS = ("52998224725", "11144477735", "12345678909", "98765432100", "15350946056", "86288366757")

ITAU = BankTerms(
    bank="341",
    agencia="0057",
    conta="12345",
    conta_digit="7",
    carteira="109",
    layout=Layout.CNAB400,
    beneficiary_name="Alfa Telecom Ltda",
    beneficiary_document="11222333000181",
)

BANCO_DO_BRASIL_400 = BankTerms(
    bank="001",
    agencia="1234",
    agencia_digit="3",
    conta="654321",
    conta_digit="9",
    convenio="3128557",
    carteira="17",
    variacao="019",
    layout=Layout.CNAB400,
    beneficiary_name="Alfa Telecom Ltda",
    beneficiary_document="11222333000181",
    interest_percent_month=Decimal(1),
)

SICREDI_400 = BankTerms(
    bank="748",
    agencia="0165",
    conta="6233",
    operacao="02",
    convenio="00623",
    carteira="1",
    layout=Layout.CNAB400,
    beneficiary_name="Alfa Telecom Ltda",
    beneficiary_document="11222333000181",
)


def itau_terms(conta: str) -> BankTerms:
    """Another account of the same branch; its digit is modulo 10 over branch and account (Itaú, note 22)."""
    return ITAU.evolve(conta=conta, conta_digit=str(mod10(f"{ITAU.agencia}{conta}")))


def profile(terms: BankTerms = ITAU, **changes: Any) -> PaymentProfile:
    made = PaymentProfile(
        id=f"pro_{terms.bank}0001",
        company_id="com_alfa",
        name=terms.bank,
        terms=terms,
        last_nosso_numero=99999999,
    )
    return made.evolve(**changes)


def customer(n: int, **changes: Any) -> Customer:
    """The n-th customer, from 0, with a valid CPF and an address."""
    made = Customer(
        id=f"cus_{n:04d}",
        code=n + 1,
        registered_on=date(2026, 1, 5),
        kind=PersonKind.INDIVIDUAL,
        name=f"Joana Conceição {n}",
        document=CPFS[n % len(CPFS)],
        emails=(f"joana{n}@cliente.example",),
        phones=("+5548999990000",),
        addresses=(
            Address(
                street="Rua das Acácias",
                number="10",
                district="Centro",
                city="Florianópolis",
                uf="SC",
                cep="88010000",
            ),
        ),
    )
    return made.evolve(**changes)


def keep(call: Call, *rows: Any) -> None:
    """Put rows as they are, in one transaction each."""
    for row in rows:
        changes = Changes(call)
        changes.include(row)
        changes.commit()


def keep_invoices(call: Call, owner: PaymentProfile, count: int, *, first: int = 1) -> list[Invoice]:
    """`count` open invoices of 100.00 + n, each for a customer of its own, with numbers, boletos and look-up; and the
    owner's cash account."""
    keep(call, banking.profile_row(call.tenant_id, owner))
    if owner.cash_account_id is not None:
        account = CashAccount(
            id=owner.cash_account_id, company_id=owner.company_id, name="Itaú", kind=AccountKind.BANK
        )
        payments.account_row(call.tenant_id, account.evolve(version=1)).save()  # profiles may share it
    made = []
    for n in range(count):
        number = first + n
        boleto = issue_boleto(
            BoletoTerms(
                owner.terms,
                number,
                date(2026, 3, 20),
                Money.from_cents(10000 + n),
                date(2026, 3, 10),
                str(number),
            )
        )
        made.append(
            Invoice(
                id=f"inv_{number:04d}",
                number=number,
                company_id=owner.company_id,
                customer_id=f"cus_{number - 1:04d}",
                description="Mensalidade",
                amount=Money.from_cents(10000 + n),
                due_on=date(2026, 3, 20),
                issued_on=date(2026, 3, 10),
                charge_ids=(f"chg_{number:04d}",),
                payment_profile_id=owner.id,
                title_number=number,
                nosso_numero=boleto.nosso_numero,
                barcode=boleto.barcode,
            )
        )
        keep(
            call,
            customers.customer_row(call.tenant_id, customer(number - 1)),
            invoicing.invoice_row(call.tenant_id, made[-1]),
        )
    first_boleto = made[0].nosso_numero
    assert first_boleto is not None
    titles = numbering.Titles(
        profile_id=owner.id, start=0, count=count, first_number=first, first_nosso_numero=first_boleto
    )
    block = numbering.NumberBlock(
        owner=f"test{owner.id}",
        chunk=0,
        round=0,
        company_id=owner.company_id,
        series="1",
        first=first,
        invoices=tuple(f"{i.customer_id}/{i.id}" for i in made),
        titles=(titles,),
    )
    numbers = numbering.series_counter(call.tenant_id, owner.company_id, "1")
    counter = numbering.titles_counter(call.tenant_id, owner.id, first)
    opened = numbering.OpenBlock(key=block.key, issued_on=date(2026, 3, 10), groups=())
    numbering.take(call, block, numbers, [(titles, counter)], opened)
    numbering.close(call, owner.company_id, block.key)
    return made
