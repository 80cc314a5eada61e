"""Taxes that the customer withholds from what it pays (retenções, PAY-07): a table with validity dates and its law, never constants.

Chosen by the service's natures (an attribute of the catalogue's item), by who withholds, by the supplier's regime and by
the day of payment or of issue. A waiver is compared after rounding (215.16 is waived, of 215.17 10.01 is withheld). Net =
gross - withheld is what the boleto asks; a payment short by just what was withheld pays in full.

>>> service = WithholdingTerms(natures=[WithholdingNature.CONTRIBUTIONS], withholder=Withholder.COMPANY)
>>> withhold(Money("215.17"), service, issued_on=date(2026, 11, 30), paid_on=date(2026, 11, 30)).net
Money('205.16')
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from typing import Annotated, NamedTuple, Self

from pydantic import Field, ValidationInfo, field_validator

from billing.core.entity import Entity
from billing.core.money import ZERO, Money, Percent
from billing.fiscal.dated import content
from billing.rating.exact import NotNegative, to_cents

Rate = Annotated[Percent, Field(ge=0, le=100)]


class WithheldTax(StrEnum):
    """Tributo retido; PIS, COFINS e CSLL na ordem em que ficam os centavos da divisão."""

    PIS = "pis"
    COFINS = "cofins"
    CSLL = "csll"
    IRRF = "irrf"
    ISS = "iss"
    INSS = "inss"


class WithholdingNature(StrEnum):
    """Natureza do serviço para a retenção; comunicação (SCM) não tem nenhuma destas."""

    PROFESSIONAL = "professional"
    """Lista do RIR/2018, art. 714 (IRRF de 1,5 %)."""
    LABOUR = "labour"
    """Limpeza, conservação, segurança e locação de mão de obra: RIR/2018, art. 716 (IRRF de 1 %)."""
    CONTRIBUTIONS = "contributions"
    """Lista da Lei 10.833/2003, art. 30 (PIS, COFINS e CSLL)."""
    LABOUR_ASSIGNMENT = "labour_assignment"
    """Cessão de mão de obra: Lei 8.212/1991, art. 31 (INSS)."""


class Withholder(StrEnum):
    """Quem retém: o tipo de tomador."""

    INDIVIDUAL = "individual"
    COMPANY = "company"
    SIMPLES_COMPANY = "simples_company"
    """Do Simples: retém IRRF e não as contribuições."""
    FEDERAL_BODY = "federal_body"
    STATE_OR_MUNICIPAL_BODY = "state_or_municipal_body"


class SupplierRegime(StrEnum):
    """Regime de quem presta o serviço."""

    NORMAL = "normal"
    SIMPLES = "simples"
    SIMPLES_ANNEX_IV = "simples_annex_iv"
    MEI = "mei"


class RuleDay(StrEnum):
    """O dia cuja regra vale: o do pagamento, o da emissão, ou o primeiro dos dois."""

    PAYMENT = "payment"
    ISSUE = "issue"
    FIRST = "first"


class ThresholdReading(StrEnum):
    """Como se lê "dispensada até R$ 10,00": do valor arredondado, ou de base vezes alíquota sem arredondar."""

    ROUNDED = "rounded"
    UNROUNDED = "unrounded"


class ContributionRounding(StrEnum):
    """Como PIS, COFINS e CSLL são arredondados: cada um, ou os 4,65 % de uma vez e depois divididos (Lei 10.833, art. 31)."""

    EACH = "each"
    WHOLE = "whole"


class WithholdingSettings(Entity):
    """As duas leituras que a contabilidade da empresa escolhe."""

    threshold: ThresholdReading = ThresholdReading.ROUNDED
    contributions: ContributionRounding = ContributionRounding.EACH


class WithholdingRule(Entity):
    """Uma linha da tabela de retenção."""

    code: str
    natures: tuple[WithholdingNature, ...] | None = None
    """Ausente, qualquer serviço."""
    withholders: tuple[Withholder, ...]
    suppliers: tuple[SupplierRegime, ...]
    parts: Mapping[WithheldTax, Rate] = Field(default_factory=dict)
    is_municipal: bool = False
    """ISS: a alíquota é do município e vem com o serviço."""
    waived_up_to: NotNegative | None = None
    day: RuleDay
    valid_from: date
    valid_until: Annotated[date | None, Field(validate_default=True)] = None
    """Primeiro dia sem a regra."""
    law: str
    doubt: str | None = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if end is not None and start is not None and end <= start:
            raise ValueError("o fim da vigência é anterior ao início")
        return end

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)

    def holds_for(self, service: "WithholdingTerms") -> bool:
        natures = self.natures is None or bool(set(self.natures) & set(service.natures))
        return natures and service.withholder in self.withholders and service.supplier in self.suppliers


class WithholdingTerms(Entity):
    """O que decide a retenção de um serviço."""

    natures: tuple[WithholdingNature, ...] = ()
    withholder: Withholder
    supplier: SupplierRegime = SupplierRegime.NORMAL
    iss_percent: Rate | None = None
    """Alíquota do município, quando ele manda reter."""
    materials: NotNegative = ZERO
    """Materiais e equipamentos, fora da base do INSS."""


class Withheld(NamedTuple):
    irrf: Money
    pis: Money
    cofins: Money
    csll: Money
    iss: Money
    inss: Money
    net: Money
    """What the boleto asks."""

    @property
    def contributions(self) -> Money:
        """What the NFS-e calls vRetCSLL: the sum of the three (NT 007)."""
        return self.pis + self.cofins + self.csll

    @property
    def total(self) -> Money:
        return self.irrf + self.contributions + self.iss + self.inss

    @property
    def nfse_kind(self) -> str:
        """tpRetPisCofins of the NFS-e, by which of PIS, COFINS and CSLL are withheld."""
        return _NFSE_KINDS[bool(self.pis), bool(self.cofins), bool(self.csll)]

    @classmethod
    def of(cls, base: Money, amounts: Mapping[WithheldTax, Money]) -> Self:
        total = Money.sum(amounts.values())
        return cls(net=base - total, **{tax.value: amounts.get(tax, ZERO) for tax in WithheldTax})


_NFSE_KINDS = {
    (False, False, False): "0",
    (True, True, True): "3",
    (True, True, False): "4",
    (True, False, False): "5",
    (False, True, False): "6",
    (False, True, True): "7",
    (False, False, True): "8",
    (True, False, True): "9",
}
"""Schemas of layout 1.01, TSTipoRetPISCofins; 1 and 2 say less than 4 and 0 and are not written."""


def withhold(
    base: Money,
    service: WithholdingTerms,
    *,
    issued_on: date,
    paid_on: date,
    settings: WithholdingSettings | None = None,
    table: Iterable[WithholdingRule] | None = None,
) -> Withheld:
    """Each tax withheld from a gross amount, and the net; a tenant may have a table of its own."""
    days = {
        RuleDay.PAYMENT: paid_on,
        RuleDay.ISSUE: issued_on,
        RuleDay.FIRST: min(issued_on, paid_on),
    }
    amounts: dict[WithheldTax, Money] = {}
    for rule in federal_rules() if table is None else table:
        if rule.holds_on(days[rule.day]) and rule.holds_for(service):
            for tax, amount in _of_rule(base, rule, service, settings or WithholdingSettings()):
                amounts[tax] = amounts.get(tax, ZERO) + amount
    return Withheld.of(base, amounts)


@cache
def federal_rules() -> tuple[WithholdingRule, ...]:
    return tuple(WithholdingRule.model_validate(row) for row in content("withholdings")["rules"])


def _of_rule(
    base: Money, rule: WithholdingRule, service: WithholdingTerms, settings: WithholdingSettings
) -> Iterator[tuple[WithheldTax, Money]]:
    """The amounts of a rule; none where the law waives their sum."""
    rates = {tax: rule.parts[tax] for tax in WithheldTax if tax in rule.parts}
    if rule.is_municipal and service.iss_percent is not None:
        rates[WithheldTax.ISS] = service.iss_percent
    of_service = base - service.materials if WithheldTax.INSS in rates else base
    exact = of_service.decimal * sum(rates.values(), Decimal(0)) / 100
    if settings.contributions is ContributionRounding.WHOLE and rates:
        parts = to_cents(exact).allocate(rates.values())
    else:
        parts = [to_cents(of_service.decimal * percent / 100) for percent in rates.values()]
    total = Money.sum(parts).decimal if settings.threshold is ThresholdReading.ROUNDED else exact
    if rule.waived_up_to is None or total > rule.waived_up_to.decimal:
        yield from zip(rates, parts, strict=True)
