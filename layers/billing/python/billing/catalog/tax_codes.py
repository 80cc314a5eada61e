"""Tax codes (códigos tributários, CHG-03) and their rates by validity date: the tax added to a taxable line.

The rate of a day is the latest whose start of validity is not after it, as with prices (CAT-01). What the customer
withholds from its payments is another table (`fiscal/withholdings.py`, PAY-07).
"""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import Field

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.catalog.actions import TaxCodeAction
from billing.catalog.store import CatalogTable
from billing.core.entity import Entity
from billing.core.errors import NotFound, Refusal, Refused
from billing.core.money import Percent
from billing.core.period import Day
from billing.core.table import Aggregate, entity_row, find, require_version, rows_in
from billing.core.text import Line


class TaxRate(Entity):
    """Percentual de uma linha, para serviços a partir de um dia."""

    valid_from: Day
    """Início da vigência."""
    percent: Annotated[Percent, Field(ge=0, le=100, examples=["5"])]
    """Alíquota, em %."""


class NewTaxCode(TaxRate):
    code: str = Field(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,39}$", examples=["iss-17.05"])
    """Como itens e definições de encargos o citam; maiúsculas e minúsculas são diferentes."""
    description: Line = Field(min_length=1, max_length=120, examples=["ISS Campinas, item 17.05"])


class TaxCode(Aggregate):
    """Código tributário. `rates` é o histórico, do mais antigo ao mais novo, com no máximo uma alíquota por dia; de
    um código excluído, nenhuma."""

    code: str
    description: str
    rates: tuple[TaxRate, ...]

    @property
    def history(self) -> list[tuple[date, Decimal]]:
        return [(rate.valid_from, rate.percent) for rate in self.rates]

    def rated(self, rate: TaxRate) -> "TaxCode":
        """With this rate from its day on; it replaces another rate of the same day."""
        others = [dated for dated in self.rates if dated.valid_from != rate.valid_from]
        return self.evolve(rates=tuple(sorted([*others, rate], key=lambda dated: dated.valid_from)))

    def without_rate(self, day: date) -> "TaxCode":
        """Without the rate that starts on `day`; may leave no rate. Raises Refused if there is no such rate."""
        left = tuple(rate for rate in self.rates if rate.valid_from != day)
        if len(left) == len(self.rates):
            message = f"Não há alíquota com início de vigência em {day:%d/%m/%Y}."
            raise Refused.because([Refusal("tax_code.no_such_rate", message)])
        return self.evolve(rates=left)


def tax_codes(tenant_id: str) -> list[TaxCode]:
    return [code for code in rows_in(CatalogTable, _partition(tenant_id), "tax#", TaxCode) if code.rates]


def get(tenant_id: str, code: str) -> TaxCode:
    """Raises NotFound."""
    code_kept = _kept(tenant_id, code)
    if code_kept is None or not code_kept.rates:
        raise NotFound("tax_code.missing", "O código tributário não existe.")
    return code_kept


def add(call: Call, new: NewTaxCode) -> TaxCode:
    """A removed code continues from its last version, so that it has a single history. Raises Refused for a code that
    exists."""
    kept = _kept(call.tenant_id, new.code)
    if kept is not None and kept.rates:
        message = f"O código tributário {new.code} já existe: inclua a alíquota nele."
        raise Refused.because([Refusal("tax_code.exists", message, field="code")])
    rate = TaxRate(valid_from=new.valid_from, percent=new.percent)
    made = TaxCode(
        code=new.code,
        description=new.description,
        rates=(rate,),
        version=0 if kept is None else kept.version,
    )
    changes = Changes(call)
    changes.put(tax_code_row(call.tenant_id, made), TaxCodeAction.ADDED)
    return changes.commit_answering(made)


InUse = Callable[[Call, str], list[Refusal]]
"""Why this caller may not change a code; passed in, because contracts are a layer above."""


def set_rate(call: Call, code: str, version: int, new: TaxRate, in_use_by_others: InUse) -> TaxCode:
    """Frozen closings keep the rate that they were computed with. Raises NotFound, PreconditionFailed, Refused."""
    before = require_version(get(call.tenant_id, code), version)
    _require_none(in_use_by_others(call, code))
    after = before.rated(new)
    changes = Changes(call)
    changes.put(tax_code_row(call.tenant_id, after), TaxCodeAction.RATED, before=before, after=after)
    return changes.commit_answering(after)


def remove_rate(
    call: Call, code: str, version: int, day: date, in_use_by_others: InUse, in_use: InUse
) -> TaxCode:
    """Remove the rate, and with its last rate the code. Raises NotFound, PreconditionFailed, Refused."""
    before = require_version(get(call.tenant_id, code), version)
    after = before.without_rate(day)
    _require_none(in_use_by_others(call, code) if after.rates else in_use(call, code))
    changes = Changes(call)
    action = TaxCodeAction.RATE_REMOVED if after.rates else TaxCodeAction.REMOVED
    changes.put(tax_code_row(call.tenant_id, after), action, before=before, after=after)
    return changes.commit_answering(after)


def tax_code_row(tenant_id: str, made: TaxCode) -> CatalogTable:
    return entity_row(CatalogTable, _partition(tenant_id), f"tax#{made.code}", made)


def _require_none(reasons: list[Refusal]) -> None:
    if reasons:
        raise Refused.because(reasons)


def _kept(tenant_id: str, code: str) -> TaxCode | None:
    """Includes removed codes."""
    return find(CatalogTable, _partition(tenant_id), f"tax#{code}", TaxCode)


def _partition(tenant_id: str) -> str:
    return f"{tenant_id}#tax_codes"
