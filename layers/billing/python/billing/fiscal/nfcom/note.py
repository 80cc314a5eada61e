"""An NFCom before it is issued: everything but its number, which is taken once nothing is missing.

Groups of MOC NFCom 1.00a, Anexo I. Built: normal notes and substitutions of ordinary billing. Not built: adjustment
(finNFCom 4), centralised and co-billing (tpFat 1 and 2), prepaid, network lease, input notes, government purchases.
"""

from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from secrets import randbelow
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, Field

from billing.core.entity import Entity
from billing.core.text import Line, Text
from billing.fiscal.environment import Environment
from billing.fiscal.nfcom.access_key import AccessKey
from billing.fiscal.nfcom.taxation import IcmsSituation
from billing.fiscal.nfcom.totals import TotalledLine, Totals, totals
from billing.fiscal.parties import Issuer, Recipient
from billing.fiscal.states import ZONES

MAX_LINES = 990


class SubscriberKind(StrEnum):
    """Tipo de assinante."""

    COMMERCIAL = "1"
    INDUSTRIAL = "2"
    RESIDENTIAL = "3"
    RURAL = "4"
    STATE_BODY = "5"
    OPERATOR = "6"
    DIPLOMATIC = "7"
    CHURCH = "8"
    OTHER = "99"


class ServiceKind(StrEnum):
    """Tipo de serviço utilizado."""

    PHONE = "1"
    DATA = "2"
    TV = "3"
    INTERNET = "4"
    MULTIMEDIA = "5"
    OTHER = "6"
    SEVERAL = "7"


class Unit(StrEnum):
    """Unidade de medida da linha."""

    MINUTE = "1"
    MEGABYTE = "2"
    GIGABYTE = "3"
    UNIT = "4"


class SubstitutionReason(StrEnum):
    """Motivo da substituição de uma nota."""

    PRICE = "01"
    REGISTER = "02"
    COURT = "03"
    TAX = "04"
    SERVICE_STOPPED = "05"
    SPECIAL_REGIME = "06"


class Terminal(Entity):
    """Número de telefone do assinante e sua UF."""

    number: str = Field(pattern=r"^[0-9]{7,12}$")
    uf: str


class Subscriber(Entity):
    """Assinante: o contrato a que a nota se refere."""

    code: str
    kind: SubscriberKind
    service: ServiceKind
    contract_number: str | None = None
    contract_starts_on: date | None = None
    """Número e início são exigidos pela regra 537, embora o leiaute os tenha como opcionais."""
    contract_ends_on: date | None = None
    main_terminal: Terminal | None = None


class NfcomLine(TotalledLine):
    """Linha da nota (det)."""

    code: Line
    description: Line
    class_code: str | None = None
    """cClass, sete algarismos."""
    cfop: str | None = None
    """Obrigatório com CST (regra 540), proibido sem (541)."""
    unit: Unit = Unit.UNIT
    note: Line | None = None

    @property
    def has_cst(self) -> bool:
        situation: IcmsSituation = self.taxes.icms.situation
        return situation.has_cst


class Billing(Entity):
    """Grupo de faturamento (gFat): o boleto e o Pix da fatura, que existem antes da nota."""

    month: str = Field(pattern=r"^[0-9]{4}(0[1-9]|1[0-2])$", examples=["202611"])
    """Mês de faturamento (CompetFat, AAAAMM)."""
    due_on: date
    used_from: date | None = None
    used_to: date | None = None
    typed_line: str | None = None
    """Linha digitável do boleto, só algarismos."""
    pix_url: str | None = None


class Substitution(Entity):
    """Nota substituída (gSub), por sua chave; a de papel ainda não."""

    key: str
    reason: SubstitutionReason


class Contingency(Entity):
    """Emissão em contingência: desde quando e por quê."""

    since: AwareDatetime
    reason: Line = Field(min_length=15, max_length=256)


class Nfcom(Entity):
    """Nota fiscal fatura de serviços de comunicação, antes de numerada."""

    environment: Environment
    issuer: Issuer
    recipient: Recipient
    subscriber: Subscriber
    lines: tuple[NfcomLine, ...]
    billing: Billing | None
    observations: Annotated[tuple[Text, ...], Field(max_length=5)] = ()
    """As quatro observações (FIS-03), uma em cada infCpl."""
    substitution: Substitution | None = None
    contingency: Contingency | None = None

    @cached_property
    def totals(self) -> Totals:
        return totals(self.lines)

    @property
    def purpose(self) -> Literal["0", "3"]:
        """finNFCom."""
        return "0" if self.substitution is None else "3"


class NfcomNumber(Entity):
    """O que dá a uma nota a sua chave. Recusada, a nota mantém número e código aleatório e é assinada de novo."""

    series: int = Field(ge=0, le=999)
    number: int = Field(ge=1, le=999_999_999)
    random_code: str = Field(pattern=r"^[0-9]{7}$")
    """cNF: sorteado, para que ninguém componha a chave de outro; nunca o próprio número."""
    issued_at: AwareDatetime
    site: int = Field(default=0, ge=0, le=9)

    @classmethod
    def drawn(cls, series: int, number: int, issued_at: datetime) -> Self:
        """With a new random code."""
        code = number % 10_000_000
        while code == number % 10_000_000:
            code = randbelow(10_000_000)
        return cls(series=series, number=number, random_code=f"{code:07d}", issued_at=issued_at)

    def local(self, uf: str) -> datetime:
        """On the issuer's clock, to the second."""
        return self.issued_at.astimezone(ZONES[uf]).replace(microsecond=0)


def key_of(note: Nfcom, number: NfcomNumber) -> AccessKey:
    """The note's key: issuer, the month on its clock, and the number."""
    uf = note.issuer.place.address.uf
    return AccessKey(
        uf=uf,
        issued_in=f"{number.local(uf):%y%m}",
        cnpj=note.issuer.cnpj,
        series=number.series,
        number=number.number,
        emission=1 if note.contingency is None else 2,
        site=number.site,
        random_code=number.random_code,
    )
