"""A company's fiscal settings: its identity for the tax authority, its series, and the composition of each charge
(FIS-06).

A composition says which document a charge needs, with which taxes. Rules choose the composition of a contract's
charge by plan and definition (the first match counts); a manually inserted charge names its own.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, NamedTuple, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from billing.core.entity import Entity
from billing.core.table import Aggregate
from billing.core.text import Line, Text
from billing.fiscal.document import FiscalModel
from billing.fiscal.environment import Environment
from billing.fiscal.federal import ContributionRegime
from billing.fiscal.nfcom.note import ServiceKind, Unit
from billing.fiscal.nfcom.taxation import Taxation
from billing.fiscal.nfse.dps import ApproximateTaxes, Iss, NfseIbsCbs, NfseRegime, SimplesStanding
from billing.fiscal.nfse.identifiers import OWN_SERIES
from billing.fiscal.parties import TaxRegime

CompositionCode = Annotated[str, Field(pattern=r"^[0-9A-Za-z_.-]{1,30}$", examples=["SCM"])]


class IssueMoment(StrEnum):
    """Quando o documento é emitido."""

    BILLING = "billing"
    """Com a fatura gerada."""
    SETTLEMENT = "settlement"
    """Com a fatura liquidada."""


class NfcomComposition(Entity):
    """Como uma conta entra na NFCom."""

    class_code: str = Field(pattern=r"^[0-9]{7}$", examples=["0400401"])
    """Classificação do item (cClass)."""
    cfop: str | None = Field(default=None, pattern=r"^[0-9]{4}$", examples=["5307"])
    """De dentro do estado; para cliente de outro, vai o mesmo com 6. Ausente fora do ICMS."""
    unit: Unit = Unit.UNIT
    service: ServiceKind = ServiceKind.INTERNET
    taxation: Taxation


class ServicePlace(StrEnum):
    """Onde o serviço é prestado."""

    PROVIDER = "provider"
    TAKER = "taker"
    """No endereço do cliente."""


class NfseComposition(Entity):
    """Como uma conta entra na NFS-e nacional."""

    national_code: str = Field(pattern=r"^[0-9]{6}$", examples=["010701"])
    """Código de tributação nacional (cTribNac)."""
    municipal_code: str | None = Field(default=None, pattern=r"^[0-9]{3}$", examples=["001"])
    """Código do município (cTribMun), onde ele pede."""
    nbs: str | None = Field(default=None, pattern=r"^[0-9]{9}$", examples=["115022000"])
    """Código NBS, obrigatório com IBS e CBS."""
    place: ServicePlace = ServicePlace.PROVIDER
    iss: Iss = Iss()
    """Só pessoa jurídica retém: de outro cliente vai sem retenção. O boleto ainda cobra o valor sem descontar o retido."""
    contributions_cst: str | None = Field(default=None, pattern=r"^0[0-9]$|^49$", examples=["01"])
    """CST de PIS e COFINS; ausente, não são informados."""
    contribution_regime: ContributionRegime | None = None
    """Dos CST 01 e 02, e só deles."""
    approximate_taxes: ApproximateTaxes = ApproximateTaxes()
    ibs_cbs: NfseIbsCbs | None = None


class FiscalComposition(Entity):
    """Composição fiscal: o documento e os tributos de uma conta. Sem NFCom nem NFS-e, a conta não tem documento: locação, por exemplo."""

    code: CompositionCode
    name: Line = Field(min_length=1, max_length=60, examples=["Internet por fibra (SCM)"])
    nfcom: NfcomComposition | None = None
    nfse: NfseComposition | None = None
    """De uma conta com NFCom não há NFS-e."""

    @model_validator(mode="after")
    def _is_of_one_document(self) -> Self:
        if self.nfcom is not None and self.nfse is not None:
            raise PydanticCustomError(
                "fiscal.composition_documents",
                "a composição {code} tem NFCom e NFS-e: uma conta vai em um documento só",
                {"code": self.code},
            )
        return self

    @property
    def model(self) -> FiscalModel | None:
        """None for a charge without a document."""
        if self.nfse is not None:
            return FiscalModel.NFSE
        return None if self.nfcom is None else FiscalModel.NFCOM


class CompositionRule(Entity):
    """De que composição é a conta de um contrato; vale a primeira regra que serve."""

    plan: Line | None = Field(default=None, max_length=120, examples=["Fibra 500 Mega"])
    """Descrição do contrato; ausente, qualquer plano."""
    definition_id: Line | None = Field(default=None, max_length=60, examples=["plano"])
    """Definição de encargo; ausente, qualquer uma."""
    composition: CompositionCode

    def fits(self, plan: str, definition_id: str | None) -> bool:
        is_of_plan = self.plan is None or self.plan.casefold() == plan.casefold()
        return is_of_plan and self.definition_id in {None, definition_id}


class NfseSettings(Entity):
    """A empresa perante a Sefin Nacional."""

    series: int = Field(default=1, ge=OWN_SERIES.start, le=OWN_SERIES.stop - 1)
    first_number: int = Field(default=1, ge=1, le=999_999_999_999_999)
    """Primeiro número de declaração (DPS) da série aqui; os anteriores foram usados em outro sistema."""
    municipal_registration: str | None = Field(
        default=None, pattern=r"^[0-9A-Za-z./-]{1,15}$", examples=["31000"]
    )
    """Inscrição municipal; obrigatória ou proibida conforme o cadastro da cidade (E0116, E0120)."""
    regime: NfseRegime = NfseRegime(standing=SimplesStanding.NOT)


class SeriesStart(NamedTuple):
    """The series in which a model is numbered, and its first number here."""

    series: int
    first: int


class FiscalSettingsData(Entity):
    """O que o administrador configura."""

    environment: Environment = Environment.TEST
    regime: TaxRegime
    state_registration: str | None = Field(default=None, pattern=r"^[0-9]{2,14}$", examples=["110042490114"])
    """Inscrição estadual (IE), só algarismos."""
    nfcom_series: int = Field(default=1, ge=0, le=999)
    nfcom_first_number: int = Field(default=1, ge=1, le=999_999_999)
    """Primeiro número da série aqui; os anteriores foram usados em outro sistema."""
    nfse: NfseSettings | None = None
    """Ausente, a empresa não emite NFS-e."""
    issue_on: IssueMoment = IssueMoment.BILLING
    is_automatic: bool = False
    """Emite todo dia o que estiver pendente; senão, só quando alguém pede."""
    compositions: tuple[FiscalComposition, ...] = Field(default=(), max_length=60)
    rules: tuple[CompositionRule, ...] = Field(default=(), max_length=200)

    @model_validator(mode="after")
    def _agrees(self) -> Self:
        codes = [composition.code for composition in self.compositions]
        repeated = {code for code in codes if codes.count(code) > 1}
        unknown = {rule.composition for rule in self.rules} - set(codes)
        if repeated:
            raise PydanticCustomError(
                "fiscal.composition_twice", "há duas composições {codes}", {"codes": _listed(repeated)}
            )
        if unknown:
            raise PydanticCustomError(
                "fiscal.composition_unknown",
                "as regras citam composições que não existem: {codes}",
                {"codes": _listed(unknown)},
            )
        return self

    def composition(self, code: str) -> FiscalComposition | None:
        return next((composition for composition in self.compositions if composition.code == code), None)

    def composition_of_contract(self, plan: str, definition_id: str | None) -> FiscalComposition | None:
        """The composition of the first rule that matches."""
        for rule in self.rules:
            if rule.fits(plan, definition_id):
                return self.composition(rule.composition)
        return None


class FiscalSettings(FiscalSettingsData, Aggregate):
    """Configuração fiscal de uma empresa."""

    company_id: str


class FiscalMonth(Aggregate):
    """Competência de uma empresa: fechada, não recebe documentos novos."""

    company_id: str
    month: str
    is_open: bool = True
    observation: Text | None = Field(default=None, max_length=250)
    """Impressa em todos os documentos da competência."""


def _listed(codes: Iterable[str]) -> str:
    return ", ".join(sorted(codes))
