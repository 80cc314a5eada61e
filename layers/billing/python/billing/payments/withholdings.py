"""Taxes that the customer withholds from what it pays (retenções, PAY-07): a table with validity dates, never constants.

    IRRF                1.5 % (1 % for some services): RIR/2018 (Decreto 9.580), arts. 714 and 716; waived at <= 10.00: Lei
                        9.430/1996, art. 67
    PIS, COFINS, CSLL   0.65 + 3.00 + 1.00 %, rounded as one and split by largest remainder in that order; waived at
                        <= 10.00: Lei 10.833/2003, arts. 30 and 31, § 3 (Lei 13.137/2015)
    from 2027-01-01     by payment date, only CSLL 1 % remains (LC 214/2025)
    INSS                11 %: Lei 8.212/1991, art. 31; ISS: the municipality's rate (LC 116/2003)

A waiver is compared after rounding: 215.16 is waived, of 215.17 10.01 is withheld. Net = gross - withheld is what the
boleto asks; each tax withheld is a settlement of its own kind.

>>> withhold(Money("10000.00"), Withholding(irrf_percent="1.5", contributions=True, iss_percent="5"), paid_on=date(2026, 3, 10)).net
Money('8885.00')
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationInfo, field_validator

from billing.core.entity import Entity
from billing.core.money import ZERO, Money, Percent
from billing.rating.exact import to_cents

Rate = Annotated[Percent, Field(ge=0, le=100)]


class Contribution(StrEnum):
    """In the order in which the split's cents are kept."""

    PIS = "pis"
    COFINS = "cofins"
    CSLL = "csll"


class ContributionRate(Entity):
    """A row of the table: a contribution's rate for payments in [valid_from, valid_until)."""

    contribution: Contribution
    percent: Rate
    valid_from: date
    valid_until: Annotated[date | None, Field(validate_default=True)] = None

    @field_validator("valid_until")
    @classmethod
    def _ends_after_start(cls, end: date | None, info: ValidationInfo) -> date | None:
        start = info.data.get("valid_from")
        if end is not None and start is not None and end <= start:
            raise ValueError("o fim da vigência é anterior ao início")
        return end

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_until is None or day < self.valid_until)


class WithholdingTable(Entity):
    """Tabela de retenção: a company's own, begun with `FEDERAL`."""

    contributions: tuple[ContributionRate, ...]
    irrf_waived_up_to: Money = Money("10.00")
    contributions_waived_up_to: Money = Money("10.00")


class Withholding(Entity):
    """What one customer withholds for one service; an absent rate is not withheld."""

    irrf_percent: Rate | None = None
    contributions: bool = False
    """PIS, COFINS and CSLL, at the rates of the payment's date."""
    iss_percent: Rate | None = None
    inss_percent: Rate | None = None


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
        return self.pis + self.cofins + self.csll

    @property
    def total(self) -> Money:
        return self.irrf + self.contributions + self.iss + self.inss


_SINCE = date(2015, 6, 22)  # Lei 13.137/2015: waiver at 10.00
_REFORM = date(2027, 1, 1)  # LC 214/2025

FEDERAL = WithholdingTable(
    contributions=(
        ContributionRate(
            contribution=Contribution.PIS, percent=Decimal("0.65"), valid_from=_SINCE, valid_until=_REFORM
        ),
        ContributionRate(
            contribution=Contribution.COFINS, percent=Decimal(3), valid_from=_SINCE, valid_until=_REFORM
        ),
        ContributionRate(contribution=Contribution.CSLL, percent=Decimal(1), valid_from=_SINCE),
    )
)


def withhold(
    base: Money, asked: Withholding, *, paid_on: date, table: WithholdingTable = FEDERAL
) -> Withheld:
    """Each tax withheld from a gross amount paid on a day, and the net."""
    irrf = _waived(_part(base, asked.irrf_percent), table.irrf_waived_up_to)
    shares = _contributions(base, paid_on, table) if asked.contributions else {}
    pis, cofins, csll = (shares.get(each, ZERO) for each in Contribution)
    iss, inss = _part(base, asked.iss_percent), _part(base, asked.inss_percent)
    return Withheld(irrf, pis, cofins, csll, iss, inss, base - irrf - pis - cofins - csll - iss - inss)


def _contributions(base: Money, paid_on: date, table: WithholdingTable) -> dict[Contribution, Money]:
    """Rounded as one and split; nothing where the sum is waived or no rate holds."""
    rates: Sequence[ContributionRate] = sorted(
        (rate for rate in table.contributions if rate.holds_on(paid_on)),
        key=lambda rate: list(Contribution).index(rate.contribution),
    )
    whole = sum((rate.percent for rate in rates), Decimal(0))
    withheld = _waived(_part(base, whole), table.contributions_waived_up_to)
    if not rates or withheld == ZERO:
        return {}
    parts = withheld.allocate([rate.percent for rate in rates])
    return {rate.contribution: part for rate, part in zip(rates, parts, strict=True)}


def _part(base: Money, percent: Decimal | None) -> Money:
    return ZERO if percent is None else to_cents(base.decimal * percent / 100)


def _waived(withheld: Money, up_to: Money) -> Money:
    """Nothing is withheld up to the threshold, compared after rounding."""
    return ZERO if withheld <= up_to else withheld
