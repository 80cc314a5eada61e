"""What federal law sets for every fiscal document: PIS and COFINS, IBS and CBS, with rates as data with dates.

`data/federal_rates.json` has each version's law. CST and class of IBS and CBS: LC 214/2025 and IT 2025.002.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Self

from pydantic import Field, PlainSerializer, model_validator
from pydantic_core import PydanticCustomError

from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.core.money import ZERO, Money, Percent
from billing.fiscal.dated import content, version_on
from billing.rating.exact import to_cents

Rate = Annotated[Percent, Field(ge=0, le=100, decimal_places=4)]


TaxPercent = Annotated[
    Decimal, PlainSerializer(lambda percent: f"{percent:f}", return_type=str, when_used="json")
]
"""A rate as it was applied: from a table or a composition that checked it, five with every line."""


class ContributionRegime(StrEnum):
    """Regime de PIS e COFINS da receita; a de telecomunicações fica no cumulativo (Lei 10.833/2003, art. 10, VIII)."""

    CUMULATIVE = "cumulative"
    NON_CUMULATIVE = "non_cumulative"


class IbsCbsClass(Entity):
    """Classificação do item no IBS e na CBS."""

    cst: str = Field(pattern=r"^[0-9]{3}$", examples=["000"])
    class_code: str = Field(pattern=r"^[0-9]{6}$", examples=["000001"])
    """cClassTrib: os três primeiros algarismos são o CST."""
    reduction_percent: Rate | None = None
    """Redução da alíquota, só do CST 200."""

    @property
    def has_values(self) -> bool:
        return bool(_situations()[self.cst]["has_values"])

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        situation = _situations().get(self.cst)
        if situation is None:
            raise PydanticCustomError(
                "ibs_cbs.situation", "o CST {cst} do IBS e da CBS não é emitido", {"cst": self.cst}
            )
        if self.class_code[:3] != self.cst:
            raise PydanticCustomError(
                "ibs_cbs.class", "o cClassTrib começa com o CST, e {code} não", {"code": self.class_code}
            )
        if situation["is_reduced"] == (self.reduction_percent is None):
            raise PydanticCustomError("ibs_cbs.reduction", "a redução é do CST 200, e só dele")
        return self


class Tax(Entity):
    """Base, alíquota e valor de um tributo."""

    base: Money
    percent: TaxPercent
    amount: Money


class Contributions(Entity):
    """PIS e COFINS da linha."""

    cst: str
    pis: Tax
    cofins: Tax


def rates_on(day: date) -> Mapping[str, Any]:
    """The version of the table in force. Raises Refused for a day before the first."""
    return version_on("federal_rates", day)


def contributions_on(
    base: Money, cst: str, regime: ContributionRegime | None, day: date
) -> Contributions | None:
    """PIS and COFINS on a base; none from the day on which the law ended them, zeros in a situation without regime."""
    rates = rates_on(day)
    if rates["contributions"] is None:
        return None
    if regime is None:
        nothing = Tax(base=ZERO, percent=Decimal(0), amount=ZERO)
        return Contributions(cst=cst, pis=nothing, cofins=nothing)
    of_regime = rates["contributions"][regime]
    pis, cofins = tax_on(base, of_regime["pis"]), tax_on(base, of_regime["cofins"])
    return Contributions(cst=cst, pis=pis, cofins=cofins)


def tax_on(base: Money, percent: str | Decimal) -> Tax:
    rate = Decimal(percent)
    return Tax(base=base, percent=rate, amount=to_cents(base.decimal * rate / 100))


def shows_ibs_cbs(crt: str, day: date) -> bool:
    """Whether issuers of a regime (CRT) inform IBS and CBS on a day. Raises Refused for a day without table."""
    rates = rates_on(day)["ibs_cbs"]
    return rates is not None and crt in rates["shown_by"]


def require_rates(day: date) -> None:
    """Raises Refused while the law has not fixed a rate that a document of that day shows."""
    rates = rates_on(day)["ibs_cbs"]
    if rates is not None and None in (rates["ibs_state"], rates["ibs_municipality"], rates["cbs"]):
        raise Refused(
            "fiscal.rate_not_fixed",
            f"As alíquotas do IBS e da CBS para {day:%d/%m/%Y} ainda não foram fixadas: atualize a tabela antes de emitir.",
        )


def _situations() -> dict[str, dict[str, bool]]:
    situations: dict[str, dict[str, bool]] = content("ibs_cbs_situations")["situations"]
    return situations
