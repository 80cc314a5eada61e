"""A declaration of service (DPS) before it is issued: everything but its number. The Sefin Nacional makes the NFS-e from it.

Layout 1.01, one service in each declaration. Built: services in the country, provider as issuer, no deductions, no intermediary,
no works, events or exports of goods. Rules by their code (Anexo I of the national manual).
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AwareDatetime, Field, model_validator
from pydantic_core import PydanticCustomError

from billing.core.entity import Entity
from billing.core.money import ZERO, Money, Percent
from billing.core.text import Line, Text
from billing.fiscal.environment import Environment
from billing.fiscal.federal import ContributionRegime, Contributions, IbsCbsClass, contributions_on
from billing.fiscal.nfse.identifiers import OWN_SERIES, dps_id
from billing.fiscal.parties import Issuer, Recipient
from billing.fiscal.states import ZONES
from billing.fiscal.withholdings import Withheld
from billing.rating.exact import NotNegative, to_cents

Rate = Annotated[Percent, Field(ge=0, le=100, decimal_places=2)]


class SimplesStanding(StrEnum):
    """Situação do prestador no Simples Nacional (opSimpNac)."""

    NOT = "1"
    MEI = "2"
    ME_EPP = "3"


class SimplesAssessment(StrEnum):
    """Regime de apuração de quem é ME ou EPP (regApTribSN)."""

    ALL_IN_SIMPLES = "1"
    FEDERAL_IN_SIMPLES = "2"
    """O ISS por fora."""
    ALL_OUTSIDE = "3"


class NfseRegime(Entity):
    """Regime do prestador: a apuração é dos ME e EPP, e só deles (E0162, E0166)."""

    standing: SimplesStanding
    assessment: SimplesAssessment | None = None

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        if (self.standing is SimplesStanding.ME_EPP) == (self.assessment is None):
            raise PydanticCustomError(
                "nfse_regime.assessment", "o regime de apuração é de ME e EPP, e só deles"
            )
        return self

    @property
    def pays_iss_as_not_in_simples(self) -> bool:
        return self.standing is SimplesStanding.NOT or self.assessment in {
            SimplesAssessment.FEDERAL_IN_SIMPLES,
            SimplesAssessment.ALL_OUTSIDE,
        }


class IssTreatment(StrEnum):
    """Tributação do ISS (tribISSQN)."""

    TAXABLE = "1"
    IMMUNE = "2"
    EXPORT = "3"
    NOT_LEVIED = "4"


class IssWithheldBy(StrEnum):
    """Quem retém o ISS (tpRetISSQN); o intermediário ainda não."""

    NOBODY = "1"
    TAKER = "2"


class Iss(Entity):
    """ISS do serviço. A alíquota é a dos parâmetros do município; se ela vai na declaração, as regras dizem."""

    treatment: IssTreatment = IssTreatment.TAXABLE
    withheld_by: IssWithheldBy = IssWithheldBy.NOBODY
    percent: Annotated[Rate, Field(le=5)] | None = None
    """Até 5 % (E0595); para reter é preciso conhecê-la."""
    city_has_agreement: bool = True
    """Convênio ativo do município de incidência: então ele próprio tem a alíquota (E0617, E0619)."""


class NfseService(Entity):
    """O serviço prestado."""

    national_code: str | None = None
    """cTribNac, seis algarismos."""
    municipal_code: str | None = None
    nbs: str | None = None
    """Código NBS, nove algarismos; obrigatório com IBS e CBS (E0322)."""
    description: Text
    place_code: str | None = None
    """Município da prestação (IBGE)."""


class NfseIbsCbs(IbsCbsClass):
    """IBS e CBS declarados: quem calcula é a Sefin."""

    operation_code: str = Field(pattern=r"^[0-9]{6}$", examples=["100301"])
    """cIndOp: onde a operação se considera ocorrida."""
    is_final: bool = False
    """Consumo pessoal do tomador."""


class ApproximateTaxes(Entity):
    """Carga tributária aproximada (Lei 12.741/2012), em % de cada ente; do Simples, um só percentual."""

    federal: Rate = Decimal(0)
    state: Rate = Decimal(0)
    municipal: Rate = Decimal(0)
    simples: Rate | None = None


class NfseWithheld(Entity):
    """Retenções federais na declaração; as três contribuições vão somadas em vRetCSLL (NT 007)."""

    irrf: NotNegative = ZERO
    inss: NotNegative = ZERO
    contributions: NotNegative = ZERO
    contributions_kind: str = Field(default="0", pattern=r"^[0-9]$")
    """tpRetPisCofins."""

    @classmethod
    def of(cls, withheld: Withheld) -> Self:
        return cls(
            irrf=withheld.irrf,
            inss=withheld.inss,
            contributions=withheld.contributions,
            contributions_kind=withheld.nfse_kind,
        )

    @property
    def total(self) -> Money:
        return self.irrf + self.inss + self.contributions


class NfseSubstitution(Entity):
    """A NFS-e que esta declaração substitui; a Sefin cancela a outra."""

    key: str
    reason: str = Field(pattern=r"^(0[1-5]|99)$")
    description: Line | None = None


class Dps(Entity):
    """Declaração de prestação de serviço, antes de numerada."""

    environment: Environment
    issuer: Issuer
    regime: NfseRegime
    recipient: Recipient | None
    """Tomador; sem retenção pode faltar."""
    service: NfseService
    rendered_on: date
    """Competência (dCompet)."""
    amount: NotNegative
    unconditional_discount: NotNegative = ZERO
    conditional_discount: NotNegative = ZERO
    iss: Iss
    contributions_cst: str | None = Field(default=None, pattern=r"^0[0-9]$|^49$")
    contribution_regime: ContributionRegime | None = None
    withheld: NfseWithheld = NfseWithheld()
    approximate_taxes: ApproximateTaxes
    ibs_cbs: NfseIbsCbs | None = None
    observations: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    substitution: NfseSubstitution | None = None

    @property
    def iss_base(self) -> Money:
        return self.amount - self.unconditional_discount

    @property
    def iss_withheld(self) -> Money:
        if self.iss.withheld_by is IssWithheldBy.NOBODY or self.iss.percent is None:
            return ZERO
        return to_cents(self.iss_base.decimal * self.iss.percent / 100)

    @property
    def net(self) -> Money:
        """vLiq: what is charged."""
        discounts = self.unconditional_discount + self.conditional_discount
        return self.amount - discounts - self.withheld.total - self.iss_withheld

    @property
    def informs_iss_rate(self) -> bool:
        """pAliq: E0600, E0617, E0619, E0621, E0625, E0635 and E0640."""
        if self.iss.treatment is not IssTreatment.TAXABLE or self.regime.standing is SimplesStanding.MEI:
            return False
        if self.regime.pays_iss_as_not_in_simples:
            return not self.iss.city_has_agreement
        return self.iss.withheld_by is not IssWithheldBy.NOBODY

    @property
    def own_contributions(self) -> Contributions | None:
        """The provider's own PIS and COFINS, never the withheld ones; a MEI has none (E0676), and nobody from 2027."""
        if self.contributions_cst is None or self.regime.standing is SimplesStanding.MEI:
            return None
        return contributions_on(
            self.iss_base, self.contributions_cst, self.contribution_regime, self.rendered_on
        )


class DpsNumber(Entity):
    """O que identifica uma declaração. Uma recusada é enviada de novo com o mesmo número; de destino incerto, nunca com outro."""

    series: int = Field(ge=OWN_SERIES.start, le=OWN_SERIES.stop - 1)
    number: int = Field(ge=1, le=999_999_999_999_999)
    issued_at: AwareDatetime

    def local(self, uf: str) -> str:
        """On the issuer's clock, to the second."""
        return self.issued_at.astimezone(ZONES[uf]).replace(microsecond=0).isoformat()


def id_of(dps: Dps, number: DpsNumber) -> str:
    city = dps.issuer.place.municipality_code or ""
    return dps_id(city, dps.issuer.cnpj, series=number.series, number=number.number)
