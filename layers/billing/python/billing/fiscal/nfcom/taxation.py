"""Fiscal composition of an NFCom item (composição fiscal, FIS-06): its taxes, their situation, and the state's rates.

Federal rates are data with dates (`data/federal_rates.json`). Groups and codes: NFCom schemas NT 2026.002.
"""

from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from billing.core.entity import Entity
from billing.core.money import Percent
from billing.fiscal.federal import ContributionRegime, IbsCbsClass, Rate

IcmsRate = Annotated[Percent, Field(ge=0, le=100, decimal_places=2)]
"""Two decimals in the layout here, four elsewhere."""


class IcmsSituation(StrEnum):
    """Situação do item no ICMS: o grupo do leiaute e o CST."""

    TAXED = "00"
    REDUCED = "20"
    EXEMPT = "40"
    NOT_TAXED = "41"
    DEFERRED = "51"
    OTHER = "90"
    SIMPLES = "SN"
    """Emitente do Simples Nacional: grupo ICMSSN, sem valores."""
    OUTSIDE = "none"
    """Item fora do ICMS: indSemCST, e então sem CFOP (regra 541)."""

    @property
    def has_cst(self) -> bool:
        return self is not IcmsSituation.OUTSIDE


class Taxation(Entity):
    """Composição fiscal de um item da NFCom."""

    icms: IcmsSituation
    icms_percent: IcmsRate | None = None
    """Alíquota do ICMS na UF: de 00 e 20 sempre, de 90 quando há valores."""
    icms_base_reduction_percent: Annotated[IcmsRate, Field(gt=0)] | None = None
    """Redução da base, só de 20."""
    fcp_percent: Rate | None = None
    """Fundo de combate à pobreza, sobre a base do ICMS."""
    contributions_cst: Literal["01", "02", "06", "07", "08", "09", "49"]
    """CST de PIS e COFINS; a partir de 2027 não se usa."""
    contribution_regime: ContributionRegime | None = None
    """Dos CST 01 e 02."""
    icms_in_contributions_base: bool = False
    """O ICMS fica na base de PIS e COFINS? Não, pelo Tema 69 do STF e pela Lei 14.592/2023; a contabilidade confirma."""
    pays_funds: bool = False
    """FUST e FUNTTEL: receita de telecomunicação, de emitente fora do Simples."""
    ibs_cbs: IbsCbsClass | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        taxed = self.icms in {IcmsSituation.TAXED, IcmsSituation.REDUCED}
        if taxed and self.icms_percent is None:
            raise PydanticCustomError("taxation.icms_rate", "informe a alíquota do ICMS")
        if self.icms_percent is not None and not taxed and self.icms is not IcmsSituation.OTHER:
            raise PydanticCustomError("taxation.icms_rate", "nesta situação não há alíquota de ICMS")
        if (self.icms is IcmsSituation.REDUCED) == (self.icms_base_reduction_percent is None):
            raise PydanticCustomError(
                "taxation.icms_reduction", "a redução da base é da situação 20, e só dela"
            )
        if self.fcp_percent is not None and self.icms_percent is None:
            raise PydanticCustomError("taxation.fcp", "o FCP é cobrado sobre a base de um ICMS com alíquota")
        if (self.contributions_cst in {"01", "02"}) == (self.contribution_regime is None):
            raise PydanticCustomError(
                "taxation.contributions", "o regime de PIS e COFINS é dos CST 01 e 02, e só deles"
            )
        return self
