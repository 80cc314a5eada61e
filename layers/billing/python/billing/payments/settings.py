"""The basic configuration of a company's receivables: ledger accounts and the text of receipts (INV-08, INV-10)."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.core.table import Aggregate, entity_row, find, require_version
from billing.core.text import Line, Text
from billing.customers.company_store import get_company
from billing.payments.actions import SettingsAction
from billing.payments.store import PaymentsTable

WILDCARDS = (
    "cliente", "documento", "valor", "extenso", "fatura", "descricao", "vencimento", "data", "forma", "empresa", "cnpj_empresa",
)  # fmt: skip
_WILDCARD = re.compile(r"#(\w+)#")


def _known_wildcards(text: str) -> str:
    unknown = sorted(set(_WILDCARD.findall(text)) - set(WILDCARDS))
    if unknown:
        names, known = (
            ", ".join(f"#{name}#" for name in unknown),
            ", ".join(f"#{name}#" for name in WILDCARDS),
        )
        raise PydanticCustomError("receipt.wildcard", f"Não existe {names} em recibos. Use {known}.")
    return text


MOST_TOLERATED = Money("9.99")


def _of_cents(tolerance: Money) -> Money:
    if not ZERO <= tolerance <= MOST_TOLERATED:
        message = f"A tolerância vai de zero a {MOST_TOLERATED.format_br()}."
        raise PydanticCustomError("settings.tolerance", message)
    return tolerance


class SettingsData(Entity):
    discount_ledger_account: Line | None = Field(default=None, max_length=30, examples=["3.1.09"])
    """Conta do plano de contas do desconto dado na liquidação."""
    surcharge_ledger_account: Line | None = Field(default=None, max_length=30, examples=["3.1.10"])
    """Conta do plano de contas do acréscimo recebido na liquidação."""
    settlement_tolerance: Annotated[Money, AfterValidator(_of_cents)] = ZERO
    """Diferença, a menor ou a maior, que não se cobra nem se retém: vira desconto ou acréscimo e a fatura fica liquidada."""
    replaces_booklet: bool = True
    """Apagar Fatura Carnê ao Mudar de Vencimento: as faturas em aberto do carnê são substituídas na troca de vencimento;
    false as deixa como estão, e só mudam as contas ainda não faturadas."""
    moves_promotional_discount: bool = True
    """Altera Automaticamente Data Desconto Promocional: o prazo do desconto anda com o vencimento."""
    prorates_due_change: bool = False
    """Na troca de vencimento, cobra (ou devolve) os dias a mais (ou a menos) da primeira conta que muda."""
    receipt_template: Annotated[Text, AfterValidator(_known_wildcards)] | None = Field(
        default=None,
        max_length=2000,
        examples=[
            "Recebemos de #cliente#, #documento#, a quantia de #valor# (#extenso#), da fatura #fatura#."
        ],
    )
    """Texto do recibo."""


class Settings(SettingsData, Aggregate):
    """Configuração básica de uma empresa."""

    company_id: str


def get(call: Call, company_id: str) -> Settings:
    """Empty until first saved. Raises Forbidden, NotFound."""
    call.require_company(company_id)
    get_company(call.tenant_id, company_id)
    return of_company(call.tenant_id, company_id)


def of_company(tenant_id: str, company_id: str) -> Settings:
    """Empty until first saved."""
    settings = find(PaymentsTable, f"{tenant_id}#settings", f"settings#{company_id}", Settings)
    return settings or Settings(company_id=company_id)


def change(call: Call, company_id: str, version: int, data: SettingsData) -> Settings:
    """Raises PreconditionFailed; version 0 means settings that were never saved."""
    before = require_version(get(call, company_id), version)
    after = before.evolve(**dict(data))
    changes = Changes(call)
    row = entity_row(PaymentsTable, f"{call.tenant_id}#settings", f"settings#{company_id}", after)
    changes.put(row, SettingsAction.CHANGED, before=before, after=after)
    return changes.commit_answering(after)


def filled(template: str, values: dict[str, str]) -> str:
    """The text with each wildcard's value."""
    return _WILDCARD.sub(lambda match: values[match[1]], template)
