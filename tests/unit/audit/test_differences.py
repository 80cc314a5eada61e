"""What changed, as it is stored and as people read it (INV-07, REP-03)."""

import inspect
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from pydantic import BaseModel

from billing.access.model import Profile
from billing.audit.differences import MAX_CHANGES_BYTES, as_read, differences, ids_in
from billing.audit.history import Recorded
from billing.audit.model import AuditEntry
from billing.banking.model import PaymentProfile
from billing.catalog.model import BillingItem
from billing.catalog.tax_codes import TaxCode
from billing.closings.model import Closing
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.field_labels import FIELDS
from billing.core.money import Money
from billing.core.period import Month, Period
from billing.customers.company import Company
from billing.customers.model import Address, Classification, Customer, PersonKind
from billing.dispatch.templates import Template
from billing.fiscal.document import FiscalDocument
from billing.fiscal.settings import FiscalMonth, FiscalSettings
from billing.invoicing.actions import InvoiceAction
from billing.invoicing.charge import Charge, OnTimeDiscount
from billing.invoicing.invoice import Invoice
from billing.invoicing.states import LockKind
from billing.members.model import Member
from billing.payments.model import CashAccount

HISTORIES: tuple[type[Entity], ...] = (
    BillingItem, Charge, Closing, Company, Contract, Customer, FiscalDocument, FiscalMonth, FiscalSettings, Invoice, Member, CashAccount, PaymentProfile, TaxCode, Template,
)  # fmt: skip
FOR_PROGRAMS = {
    "action", "replaces", "tenant_id",
    "advice", "barcode", "bill", "carry_over", "cause", "charges_left", "computed_at", "content_hash", "contract_title", "field", "energy", "entry_hash", "estimated_usage",
    "id", "last_seen_on", "mends", "opening_pages", "pages", "pix_payload", "source_code", "title_number",
    "beneficiary_document", "random_code",
}  # fmt: skip
HOME = Address(street="Rua A", number="10", district="Centro", city="Niterói", uf="RJ", cep="24020000")
JOANA = Customer(
    id="cus_joana", code=1, kind=PersonKind.INDIVIDUAL, name="Joana", document="52998224725",
    registered_on=date(2026, 1, 5), addresses=(HOME,),
)  # fmt: skip
MONTHLY = Charge(
    id="chg_0001", customer_id="cus_joana", company_id="com_alfa", description="Fibra", amount=Money("99.90"),
    due_on=date(2026, 4, 10), reference=Period.of_month(Month("2026-03")), payment_profile_id="pro_0001",
)  # fmt: skip
INVOICE = Invoice(
    id="inv_0001", number=7, company_id="com_alfa", customer_id="cus_joana", description="Fibra",
    amount=Money("99.90"), due_on=date(2026, 4, 10), issued_on=date(2026, 4, 1), charge_ids=("chg_0001",),
)  # fmt: skip


def read(before: Entity, after: Entity, **names: str) -> dict[str, tuple[str | None, str | None]]:
    changes = as_read(type(before), differences(before, after), names)
    return {change.label: (change.before, change.after) for change in changes}


@pytest.mark.req("INV-07")
def test_each_value_reads_as_people_write_it() -> None:
    after = MONTHLY.evolve(
        amount=Money("1099.90"),
        due_on=date(2026, 5, 10),
        reference=Period.of_month(Month("2026-04")),
        instalment=(1, 3),
        discount=OnTimeDiscount(amount=Money("10.00"), until=date(2026, 5, 5)),
    )
    assert read(MONTHLY, after) == {
        "Valor": ("R$ 99,90", "R$ 1.099,90"),
        "Vencimento": ("10/04/2026", "10/05/2026"),
        "Período de referência": ("01/03/2026 a 31/03/2026", "01/04/2026 a 30/04/2026"),
        "Parcela": (None, "1/3"),
        "Desconto por pagamento em dia – Valor": (None, "R$ 10,00"),
        "Desconto por pagamento em dia – Até": (None, "05/05/2026"),
    }


def test_field_of_an_element_is_read_with_its_name_and_added_or_removed_elements_by_theirs() -> None:
    second = HOME.evolve(street="Rua B")
    moved = JOANA.evolve(
        addresses=(HOME.evolve(city="Maricá"), second), classification=Classification.CARRIER
    )
    assert read(JOANA, moved) == {
        "Endereços – “Rua A” – Cidade": ("Niterói", "Maricá"),
        "Endereços": (None, "Rua B"),
        "Classificação": ("Cliente", "Transportadora"),
    }
    assert read(moved, moved.evolve(addresses=())) == {"Endereços": ("Rua B", None)}
    assert read(JOANA, JOANA.evolve(is_active=False, emails=("a@b.example", "c@d.example"))) == {
        "Ativo": ("Sim", "Não"),
        "E-mails": (None, "a@b.example, c@d.example"),
    }


def test_states_locks_and_ids_are_read_in_words_and_ids_without_a_name_are_left_out() -> None:
    at = datetime(2026, 4, 2, 12, tzinfo=UTC)
    locked = INVOICE.locked(LockKind.AWAITING_RECONCILIATION, "set_0001", at).evolve(
        payment_profile_id="pro_0002"
    )
    assert read(INVOICE, locked) == {"Bloqueios": (None, "Aguardando conciliação")}
    assert list(ids_in(differences(INVOICE, locked))) == ["pro_0002"]
    assert read(INVOICE, locked, pro_0002="Itaú 109")["Profile de pagamento"] == (None, "Itaú 109")


def test_many_long_changes_stay_small() -> None:
    before, after = (
        JOANA.evolve(**dict.fromkeys(("name", "trade_name"), letter * 120), fiscal_notes=(letter * 250,))
        for letter in "ab"
    )
    kept = differences(before, after)
    assert sum(len(text or "") for pair in kept.values() for text in pair) <= MAX_CHANGES_BYTES
    assert all(text is not None and text.endswith("…") for text in kept["fiscal_notes"])
    assert read(before, after)["Observações fiscais"][0].startswith('["aaa')
    assert differences(None, after) == {}
    assert differences(JOANA, JOANA.evolve(version=3)) == {}


@pytest.mark.parametrize("kind", HISTORIES, ids=lambda kind: kind.__name__)
def test_each_field_of_what_has_a_history_has_a_label(kind: type[Entity]) -> None:
    unnamed = {
        name
        for model in _models_in(kind, set())
        for name in model.model_fields
        if name not in FIELDS and not name.endswith(("_id", "_ids", "_by", "_of"))
    }
    assert unnamed - FOR_PROGRAMS == set()


def _models_in(annotation: object, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    if inspect.isclass(annotation) and issubclass(annotation, BaseModel) and annotation not in seen:
        seen.add(annotation)
        yield annotation
        for field in annotation.model_fields.values():
            yield from _models_in(field.annotation, seen)
    for inner in get_args(annotation):
        yield from _models_in(inner, seen)


@pytest.mark.req("INV-07")
def test_history_names_the_person_and_the_run_and_marks_an_unknown_person() -> None:
    settled = INVOICE.received(Money("99.90"), date(2026, 4, 10))
    by_run = AuditEntry(
        action=InvoiceAction.SETTLED,
        subject="invoice#inv_0001",
        actor_id="usr_ana",
        run_id="run_0001",
        at=datetime(2026, 4, 11, tzinfo=UTC),
        changes=differences(INVOICE, settled),
        note="R$ 99,90 pagos em 10/04/2026",
    )
    by_stranger = by_run.evolve(actor_id="9f0c", run_id=None, changes={}, note=None)
    recorded = Recorded(Invoice, [by_run, by_stranger])
    names = {"usr_ana": "Ana Luz", "run_0001": "Retorno do banco de 11/04/2026"}

    assert set(recorded.ids()) == {"usr_ana", "run_0001", "9f0c"}
    first, second = recorded.in_words(names).items
    assert first.text == "Fatura liquidada por Ana Luz, em Retorno do banco de 11/04/2026"
    assert [(change.label, change.after) for change in first.changes] == [
        ("Situação", "Liquidada"),
        ("Pago", "R$ 99,90"),
        ("Liquidada em", "10/04/2026"),
    ]
    assert second.text == "Fatura liquidada por usuário sem acesso"


@pytest.mark.req("SEC-02", "REP-03")
def test_lists_of_ids_are_read_by_name() -> None:
    before = Member(
        user_id="usr_bia",
        tenant_id="ten_alfa",
        name="Bia",
        email="bia@example.com",
        profile_ids=(Profile.CONSULTA,),
        company_ids=("com_alfa",),
        since=datetime(2026, 1, 1, tzinfo=UTC),
    )
    after = before.evolve(company_ids=("com_alfa", "com_beta"))

    assert set(ids_in(differences(before, after))) == {"com_alfa", "com_beta"}
    changes = read(before, after, com_alfa="Alfa", com_beta="Beta")
    assert list(changes.values()) == [("Alfa", "Alfa, Beta")]
