"""People and companies on the register (CUS-01, CUS-02)."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from billing.core.br import cnpj, cpf
from billing.core.br.cep import Cep
from billing.core.br.phones import Phone, is_mobile
from billing.core.emails import Email
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.fields import checked_by
from billing.core.ids import ID_PATTERN
from billing.core.table import Aggregate
from billing.core.text import Line, Text

T = TypeVar("T")


class PersonKind(StrEnum):
    """Tipo de pessoa."""

    INDIVIDUAL = "individual"
    COMPANY = "company"
    LEAD = "lead"

    @property
    def label(self) -> str:
        return _KIND_LABELS[self]


_KIND_LABELS = {
    PersonKind.INDIVIDUAL: "Pessoa Física",
    PersonKind.COMPANY: "Pessoa Jurídica",
    PersonKind.LEAD: "Pré-Cadastro",
}


class Classification(StrEnum):
    """Classificação de pessoa (CUS-02): o que a pessoa cadastrada é para a empresa."""

    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    EMPLOYEE = "employee"
    CUSTOMER_SUPPLIER = "customer_supplier"
    SUPPLIER_EMPLOYEE = "supplier_employee"
    CARRIER = "carrier"
    CUSTOMER_EMPLOYEE = "customer_employee"
    LEAD = "lead"

    @property
    def label(self) -> str:
        return _CLASSIFICATION_LABELS[self]


_CLASSIFICATION_LABELS = {
    Classification.CUSTOMER: "Cliente",
    Classification.SUPPLIER: "Fornecedor",
    Classification.EMPLOYEE: "Funcionário",
    Classification.CUSTOMER_SUPPLIER: "Cliente + Fornecedor",
    Classification.SUPPLIER_EMPLOYEE: "Fornecedor + Funcionário",
    Classification.CARRIER: "Transportadora",
    Classification.CUSTOMER_EMPLOYEE: "Cliente + Funcionário",
    Classification.LEAD: "Pré-Cadastro",
}

Uf = Literal[
    "AC", "AL", "AM", "AP", "BA", "CE", "DF", "ES", "GO", "MA", "MG", "MS", "MT", "PA",
    "PB", "PE", "PI", "PR", "RJ", "RN", "RO", "RR", "RS", "SC", "SE", "SP", "TO",
]  # fmt: skip


class Channel(StrEnum):
    """Como as mensagens chegam à pessoa."""

    EMAIL = "email"
    SMS = "sms"
    WHATSAPP = "whatsapp"


def _upper(text: object) -> object:
    return text.strip().upper() if isinstance(text, str) else text


class Address(Entity):
    street: Line = Field(min_length=1, max_length=120, examples=["Rua das Laranjeiras"])
    """Logradouro."""
    number: Line = Field(default="S/N", min_length=1, max_length=10, examples=["210"])
    """Número; S/N quando não há."""
    complement: Line | None = Field(default=None, max_length=60, examples=["Sala 3"])
    district: Line = Field(min_length=1, max_length=60, examples=["Laranjeiras"])
    """Bairro."""
    city: Line = Field(min_length=1, max_length=60, examples=["Rio de Janeiro"])
    uf: Annotated[Uf, BeforeValidator(_upper)] = Field(examples=["RJ"])
    cep: Cep


def _read_document(text: str) -> str:
    return cpf.validate(text) if len(cpf.compact(text)) == 11 else cnpj.validate(text)


def _once(things: tuple[T, ...]) -> tuple[T, ...]:
    """Without duplicates, in the given order, so that nobody gets the same message twice."""
    return tuple(dict.fromkeys(things))


class CustomerData(Entity):
    """O que se sabe de uma pessoa: o que é cadastrado e depois corrigido."""

    kind: PersonKind
    name: Line = Field(min_length=1, max_length=120, examples=["Joana d'Ávila Gonçalves"])
    """Nome, ou razão social da pessoa jurídica."""
    trade_name: Line | None = Field(default=None, max_length=120, examples=["Padaria Pão Quente"])
    """Nome fantasia."""
    document: Annotated[str, checked_by(_read_document)] | None = Field(
        default=None, validate_default=True, examples=["529.982.247-25"]
    )
    """CPF da pessoa física ou CNPJ da pessoa jurídica; dispensado no pré-cadastro."""
    classification: Classification = Classification.CUSTOMER
    emails: Annotated[tuple[Email, ...], AfterValidator(_once)] = Field(default=(), max_length=10)
    """E-mails; o primeiro é o principal."""
    phones: Annotated[tuple[Phone, ...], AfterValidator(_once)] = Field(default=(), max_length=10)
    """Telefones; o primeiro é o principal."""
    addresses: tuple[Address, ...] = Field(default=(), max_length=10)
    """Endereços; o primeiro é o de cobrança."""
    channels: Annotated[tuple[Channel, ...], Field(max_length=5), AfterValidator(_once)] = (Channel.EMAIL,)
    """Canais pelos quais a pessoa aceita mensagens, o preferido primeiro."""
    fiscal_notes: tuple[Annotated[Text, Field(max_length=250)], ...] = Field(default=(), max_length=2)
    """Observações 1 e 2, impressas nos documentos fiscais."""
    state_registration: str | None = Field(
        default=None, pattern=r"^([0-9]{2,14}|ISENTO)$", examples=["110042490114"]
    )
    """Inscrição estadual (IE), só algarismos, do contribuinte de ICMS; ISENTO, do dispensado dela; ausente, de quem não é."""
    protest_status: Line | None = Field(default=None, max_length=40, examples=["Serasa"])
    """Status de protesto, um dos configurados."""

    @field_validator("document")
    @classmethod
    def _document_is_of_the_kind(cls, document: str | None, info: ValidationInfo) -> str | None:
        kind = info.data.get("kind")
        if kind is PersonKind.INDIVIDUAL and (document is None or len(document) != 11):
            raise PydanticCustomError("customer.cpf_missing", "Informe o CPF da pessoa física.")
        if kind is PersonKind.COMPANY and (document is None or len(document) != 14):
            raise PydanticCustomError("customer.cnpj_missing", "Informe o CNPJ da pessoa jurídica.")
        return document


class Customer(CustomerData, Aggregate):
    """Pessoa cadastrada. O documento é único entre os cadastros ativos."""

    id: str = Field(pattern=ID_PATTERN, examples=["cus_7m3k9x2p4q8r1s5t6v0w"])
    code: int = Field(ge=1, examples=[1042])
    """Código do cadastro, sequencial."""
    registered_on: date
    is_active: bool = True

    @property
    def billing_address(self) -> Address | None:
        return self.addresses[0] if self.addresses else None

    @property
    def formatted_document(self) -> str | None:
        """As people write it, for printed documents and messages."""
        if self.document is None:
            return None
        return cpf.format(self.document) if len(self.document) == 11 else cnpj.format(self.document)

    def contacts(self, channel: Channel) -> tuple[str, ...]:
        """Where a message by `channel` goes; empty if the person does not accept the channel or has no such contact.

        An e-mail goes to every address, a text message to the first mobile telephone.
        """
        if channel not in self.channels:
            return ()
        if channel is Channel.EMAIL:
            return self.emails
        return tuple(phone for phone in self.phones if is_mobile(phone))[:1]

    def correct(self, **changes: Any) -> "Customer":
        """With other data; `correct(**dict(data))` takes a whole `CustomerData`. Raises Refused.

        A completed registration does not become a pre-registration again: documents may have been issued to it.
        """
        unknown = changes.keys() - CustomerData.model_fields.keys()
        if unknown:
            raise TypeError(f"not for a clerk to correct: {', '.join(sorted(unknown))}")
        corrected = self.evolve(**changes)
        if corrected.kind is PersonKind.LEAD and self.kind is not PersonKind.LEAD:
            raise Refused.because(
                [
                    Refusal(
                        "customer.not_a_lead",
                        "Um cadastro completo não volta a ser pré-cadastro. Se não for mais usado, inative-o.",
                        field="kind",
                    )
                ]
            )
        return corrected

    def deactivate(self) -> "Customer":
        """Raises Refused if it is already inactive."""
        if not self.is_active:
            raise Refused.because([Refusal("customer.inactive", "O cadastro já está inativo.")])
        return self.evolve(is_active=False)

    def reactivate(self) -> "Customer":
        """Raises Refused if it is already active; the store ensures that no other active one has its document."""
        if self.is_active:
            raise Refused.because([Refusal("customer.active", "O cadastro já está ativo.")])
        return self.evolve(is_active=True)
