"""Who issues a fiscal document and who receives it, as the tax authority knows them.

What may be missing on the register is optional here: `billing.fiscal.nfcom.faults` tells it, naming the field.
"""

from enum import StrEnum

from pydantic import Field

from billing.core.br import cnpj, cpf
from billing.core.br.cnpj import Cnpj
from billing.core.entity import Entity
from billing.core.text import Line
from billing.customers.model import Address


class TaxRegime(StrEnum):
    """Código de regime tributário do emitente (CRT)."""

    SIMPLES = "1"
    SIMPLES_ABOVE_LIMIT = "2"
    """Simples Nacional, excesso do sublimite de receita."""
    NORMAL = "3"


class IcmsStanding(StrEnum):
    """O cliente perante o ICMS (indIEDest)."""

    TAXPAYER = "1"
    EXEMPT = "2"
    """Contribuinte dispensado de inscrição: a nota diz ISENTO."""
    NOT_TAXPAYER = "9"


class Place(Entity):
    """Endereço com o código do município."""

    address: Address
    municipality_code: str | None = Field(default=None, pattern=r"^[1-5][0-9]{6}$")
    """Código do município no IBGE."""


class Issuer(Entity):
    """Emitente."""

    cnpj: Cnpj
    legal_name: Line
    trade_name: Line | None = None
    regime: TaxRegime
    state_registration: str | None = None
    """Inscrição estadual (IE), só algarismos."""
    municipal_registration: str | None = None
    """Inscrição municipal, para a NFS-e; obrigatória ou proibida conforme o cadastro da cidade (E0116, E0120)."""
    place: Place


class Recipient(Entity):
    """Cliente: tomador do serviço. De outro país ainda não."""

    name: Line
    document: str | None = None
    """CPF ou CNPJ."""
    standing: IcmsStanding = IcmsStanding.NOT_TAXPAYER
    state_registration: str | None = None
    place: Place

    @property
    def is_person(self) -> bool:
        return self.document is not None and len(self.document) == 11

    @property
    def has_valid_document(self) -> bool:
        if self.document is None:
            return False
        return cpf.is_valid(self.document) if self.is_person else cnpj.is_valid(self.document)
