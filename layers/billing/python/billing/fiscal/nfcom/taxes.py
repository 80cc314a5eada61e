"""Taxes of one line of an NFCom, to the cent.

    vProd            quantity * unit price - discount + other expenses
    ICMS, FCP        on vProd less the base's reduction
    PIS, COFINS      on vProd less ICMS and FCP: STF Tema 69, Lei 14.592/2023
    FUST, FUNTTEL    on that less PIS and COFINS too: Lei 9.998/2000 art. 6 IV, Lei 10.052/2000 art. 4 III [accountant to confirm]
    IBS, CBS         on the same base: LC 214/2025 art. 12 § 2 (FUST and FUNTTEL stay in [accountant to confirm])

Each value is rounded half up to the cent; the authority accepts 0.05 on vProd and 0.10 on each tax (MOC NFCom 1.00a, rules
G86, 435, 443 to 446 and 476). Rates of federal law are data with dates.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field

from billing.core.entity import Entity
from billing.core.money import ZERO, Money
from billing.fiscal.federal import (
    Contributions,
    IbsCbsClass,
    Tax,
    TaxPercent,
    contributions_on,
    rates_on,
    tax_on,
)
from billing.fiscal.nfcom.taxation import IcmsSituation, Taxation
from billing.rating.exact import NotNegative, exactly, to_cents

Quantity = Annotated[Decimal, Field(gt=0, max_digits=15, decimal_places=4)]
"""qFaturada: up to 4 decimals."""

UnitPrice = Annotated[Decimal, Field(ge=0, max_digits=21, decimal_places=8)]
"""vItem: up to 8 decimals."""


class LineValue(Entity):
    """Quanto custa a linha, antes dos impostos; o desconto incondicional e as outras despesas estão dentro do valor."""

    quantity: Quantity = Decimal(1)
    unit_price: UnitPrice
    discount: NotNegative = ZERO
    other: NotNegative = ZERO

    @property
    def amount(self) -> Money:
        """vProd."""
        return _amount(self.quantity, self.unit_price, self.discount.decimal, self.other.decimal)


class Icms(Entity):
    """ICMS da linha; sem base, a situação não tem valores."""

    situation: IcmsSituation
    tax: Tax | None = None
    base_reduction_percent: TaxPercent | None = None
    fcp: Tax | None = None


class ReducedRate(Entity):
    """Alíquota reduzida do IBS ou da CBS: a redução e a alíquota que fica."""

    reduction_percent: TaxPercent
    effective_percent: TaxPercent


class RatedTax(Entity):
    """Uma parte do IBS, ou a CBS; sem alíquota fixada em lei, sem valor."""

    percent: TaxPercent | None
    reduced: ReducedRate | None = None
    amount: Money | None


class IbsCbs(Entity):
    """IBS e CBS da linha; sem base, a situação não tem valores."""

    cst: str
    class_code: str
    base: Money | None = None
    ibs_state: RatedTax | None = None
    ibs_municipality: RatedTax | None = None
    cbs: RatedTax | None = None

    @property
    def ibs(self) -> Money | None:
        """Of state and municipality."""
        parts = [part.amount for part in (self.ibs_state, self.ibs_municipality) if part is not None]
        return (
            Money.sum(amount for amount in parts if amount is not None)
            if parts and None not in parts
            else None
        )


class LineTaxes(Entity):
    """Valor e tributos de uma linha."""

    amount: Money
    """vProd."""
    icms: Icms
    contributions: Contributions | None
    """Ausente a partir de 2027."""
    fust: Tax | None
    funttel: Tax | None
    ibs_cbs: IbsCbs | None


@exactly
def tax_line(value: LineValue, taxation: Taxation, day: date) -> LineTaxes:
    """Value and taxes of a line issued on a day. Raises Refused for an amount with too many digits, or a day that no table of rates covers."""
    rates = rates_on(day)
    amount = value.amount
    icms = _icms(amount, taxation)
    without_icms = amount - _amount_of(icms.tax) - _amount_of(icms.fcp)
    base = amount if taxation.icms_in_contributions_base else without_icms
    contributions = contributions_on(base, taxation.contributions_cst, taxation.contribution_regime, day)
    left = without_icms
    if contributions is not None:
        left = left - contributions.pis.amount - contributions.cofins.amount
    return LineTaxes(
        amount=amount,
        icms=icms,
        contributions=contributions,
        fust=tax_on(left, rates["fust"]) if taxation.pays_funds else None,
        funttel=tax_on(left, rates["funttel"]) if taxation.pays_funds else None,
        ibs_cbs=_ibs_cbs(left, taxation.ibs_cbs, rates["ibs_cbs"]),
    )


@exactly
def _amount(quantity: Decimal, unit_price: Decimal, discount: Decimal, other: Decimal) -> Money:
    return to_cents(quantity * unit_price - discount + other)


def _icms(amount: Money, taxation: Taxation) -> Icms:
    if taxation.icms_percent is None:
        return Icms(situation=taxation.icms)
    reduction = taxation.icms_base_reduction_percent
    base = amount if reduction is None else to_cents(amount.decimal * (100 - reduction) / 100)
    return Icms(
        situation=taxation.icms,
        tax=tax_on(base, taxation.icms_percent),
        base_reduction_percent=reduction,
        fcp=None if taxation.fcp_percent is None else tax_on(base, taxation.fcp_percent),
    )


def _ibs_cbs(base: Money, item: IbsCbsClass | None, rates: Mapping[str, Any] | None) -> IbsCbs | None:
    if item is None or rates is None:
        return None
    if not item.has_values:
        return IbsCbs(cst=item.cst, class_code=item.class_code)
    return IbsCbs(
        cst=item.cst,
        class_code=item.class_code,
        base=base,
        ibs_state=_rated(base, rates["ibs_state"], item.reduction_percent),
        ibs_municipality=_rated(base, rates["ibs_municipality"], item.reduction_percent),
        cbs=_rated(base, rates["cbs"], item.reduction_percent),
    )


def _rated(base: Money, percent: str | None, reduction: Decimal | None) -> RatedTax:
    """At the law's rate, which is shown in full; a reduction lowers the rate applied."""
    if percent is None:
        return RatedTax(percent=None, amount=None)
    rate = Decimal(percent)
    if reduction is None:
        return RatedTax(percent=rate, amount=to_cents(base.decimal * rate / 100))
    effective = (rate * (100 - reduction) / 100).quantize(Decimal("0.0001"))
    return RatedTax(
        percent=rate,
        reduced=ReducedRate(reduction_percent=reduction, effective_percent=effective),
        amount=to_cents(base.decimal * effective / 100),
    )


def _amount_of(tax: Tax | None) -> Money:
    return ZERO if tax is None else tax.amount
