"""How fast boletos are issued and drawn, remittances written and returns read: per second and core.

`python -m tests.bench.bench_banking` prints the table; `make bench` collects `measure()`. CPU time, not wall time,
medians of repeated runs. Titles differ in number, amount, payer and due date, with the accents that real names have; a
return is first checked completely and then read, and both are counted; a record of a return is one line of a title (one
in CNAB 400, T and U in CNAB 240). Each run reads a return of 10,000 titles with 10,000 amounts that no earlier run has
read, so none of them is cached.
"""

import gc
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from statistics import median
from typing import Any

from billing.adapters.sandbox_bank.bank import paid, respond
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.boleto_booklet import render_booklet
from billing.banking.boleto_document import BoletoDocument, DocumentLine
from billing.banking.boleto_pdf import render_boletos
from billing.banking.instructions import Instruction, Movement, Payer, Title
from billing.banking.pix import static_code
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import BankTerms, Layout
from billing.core.money import Money

TITLES = 10_000
PAGES = 100
REPEATS = 5
CREATED_AT = datetime(2026, 3, 2, 12, tzinfo=UTC)
STREETS = (
    "Rua das Flores, 100",
    "Av. São João, 1578, conj. 405",
    "Praça da Sé, s/n",
    "Travessa José Bonifácio, 7",
)
CITIES = (("São Paulo", "SP"), ("Belo Horizonte", "MG"), ("Goiânia", "GO"), ("Recife", "PE"))
GIVEN, FAMILY = (
    ("José", "Maria", "Antônio", "Ana", "João"),
    ("da Silva", "Conceição", "Souza", "Araújo", "Lima"),
)


def itau() -> BankTerms:
    return BankTerms(
        bank="341",
        agencia="0057",
        conta="12345",
        conta_digit="7",
        carteira="109",
        layout=Layout.CNAB400,
        beneficiary_name="Provedor Exemplo Ltda",
        beneficiary_document="11222333000181",
        interest_percent_month=Decimal(1),
    )


def sicoob() -> BankTerms:
    return itau().evolve(
        bank="756",
        agencia="4277",
        agencia_digit="3",
        conta="6498",
        conta_digit="0",
        convenio="17227",
        convenio_digit="8",
        carteira="1",
        variacao="01",
        layout=Layout.CNAB240,
        fine_percent=Decimal(2),
    )


def title(number: int) -> Title:
    city, state = CITIES[number % 4]
    payer = Payer(
        document=f"{number * 7919 % 10**11:011d}",
        name=f"{GIVEN[number % 5]} {FAMILY[number // 5 % 5]} {number}",
        street=STREETS[number % 4],
        district="Centro",
        postcode=f"{1_000_000 + number % 9_000_000:08d}",
        city=city,
        state=state,
    )
    return Title(
        nosso_numero=number,
        our_reference=f"inv_{number:020d}",
        document_number=f"{number:010d}",
        issued_on=date(2026, 3, 1),
        due_on=date(2026, 3, 5) + timedelta(days=number % 25),
        amount=Money.from_cents(5_000 + number * 37 % 100_000),
        payer=payer,
    )


def document(number: int) -> BoletoDocument:
    account, billed = itau(), title(number)
    return BoletoDocument(
        account=account,
        boleto=issue_boleto(BoletoTerms(account, number, billed.due_on, billed.amount)),
        payer=billed.payer,
        amount=billed.amount,
        issued_on=billed.issued_on,
        due_on=billed.due_on,
        document_number=billed.document_number,
        title=f"Fatura 2026/{number:06d}",
        lines=(
            DocumentLine("Internet 500 mega", billed.amount, ("de 01/03/2026 a 31/03/2026, 1 mês inteiro",)),
        ),
        pix_emv=static_code(
            key="11222333000181",
            name="Provedor Exemplo",
            city="Sao Paulo",
            amount=billed.amount,
            txid=f"inv{number:022d}",
        ),
    )


def per_second(count: int, *works: Callable[[], Any]) -> dict[str, Any]:
    """The median of the runs, in things per second of CPU; one piece of work is repeated. The bench's own data are
    hidden from the collector."""
    gc.collect()
    gc.freeze()
    seconds = []
    for work in works if len(works) > 1 else works * REPEATS:
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return {"median": round(count / median(seconds)), "unit": "per second and core"}


def returned(terms: BankTerms, instructions: list[Instruction]) -> bytes:
    remittance = write_remittance(terms, instructions, sequence=1, created_at=CREATED_AT)
    return respond(remittance, lambda seen: [paid(seen.amount)], sequence=1, on=date(2026, 3, 20))


def unlike(titles: list[Title], run: int) -> list[Instruction]:
    """The titles with amounts that occur only in that run."""
    added = Money.from_cents(run * 100_003)
    return [Instruction(Movement.REGISTER, one._replace(amount=one.amount + added)) for one in titles]


def reads(terms: BankTerms, titles: list[Title]) -> list[Callable[[], int]]:
    """One reading of a return per run; an additional first one pays for the imports."""
    contents = [returned(terms, unlike(titles, run)) for run in range(REPEATS + 1)]
    read_all(contents.pop())
    return [partial(read_all, content) for content in contents]


def read_all(content: bytes) -> int:
    _, occurrences = read_return(content)
    return sum(1 for _ in occurrences)


def measure() -> dict[str, dict[str, Any]]:
    four, two = itau(), sicoob()
    titles = [title(number) for number in range(1, TITLES + 1)]
    instructions = [Instruction(Movement.REGISTER, one) for one in titles]
    boletos = [BoletoTerms(four, one.nosso_numero, one.due_on, one.amount) for one in titles]
    documents = [document(number) for number in range(1, PAGES + 1)]
    return {
        "boletos_per_s": per_second(TITLES, lambda: [issue_boleto(terms) for terms in boletos]),
        "boleto_pdf_per_s": per_second(PAGES, lambda: render_boletos(documents)),
        "booklet_boletos_per_s": per_second(PAGES, lambda: render_booklet(documents)),
        "remittance400_titles_per_s": per_second(
            TITLES, lambda: write_remittance(four, instructions, sequence=1, created_at=CREATED_AT)
        ),
        "remittance240_titles_per_s": per_second(
            TITLES, lambda: write_remittance(two, instructions, sequence=1, created_at=CREATED_AT)
        ),
        "return400_records_per_s": per_second(TITLES, *reads(four, titles)),
        "return240_records_per_s": per_second(2 * TITLES, *reads(two, titles)),
    }


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:32} {figure['median']:>10,} {figure['unit']}")
