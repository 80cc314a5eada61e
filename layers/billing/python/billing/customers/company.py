"""The companies of a tenant: they issue the invoices, and their names are on printed documents (SEC-02)."""

from typing import Annotated

from pydantic import Field

from billing.core.br.cnpj import Cnpj
from billing.core.br.phones import Phone
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.ids import ID_PATTERN
from billing.core.table import Aggregate
from billing.core.text import Line
from billing.customers.model import Address


class CompanyData(Entity):
    """O que o administrador cadastra e depois corrige."""

    legal_name: Line = Field(min_length=1, max_length=120, examples=["Vale Fibra Telecomunicações Ltda."])
    """Razão social."""
    trade_name: Line = Field(min_length=1, max_length=120, examples=["Vale Fibra"])
    """Nome fantasia, com que a empresa se apresenta nas mensagens."""
    cnpj: Cnpj
    address: Address
    municipality_code: str = Field(pattern=r"^[1-5][0-9]{6}$", examples=["3304557"])
    """Código do município no IBGE, sete dígitos."""
    service_phone: Phone
    """Telefone de atendimento, impresso nas faturas."""
    site: Annotated[str, Field(max_length=120, pattern=r"^https?://[^\s<>\"]+$")] | None = Field(
        default=None, examples=["https://valefibra.example"]
    )
    """Central do assinante ou página da empresa."""
    sender_email: Email
    """Remetente das mensagens."""
    reply_email: Email | None = None
    """Para onde vão as respostas às mensagens; ausente, ao remetente."""
    series: str = Field(default="1", pattern=r"^[0-9A-Z]{1,3}$", examples=["1"])
    """Série em que as faturas são numeradas."""


class Company(CompanyData, Aggregate):
    """Empresa emitente."""

    id: str = Field(pattern=ID_PATTERN, examples=["com_7m3k9x2p4q8r1s5t6v0w"])
