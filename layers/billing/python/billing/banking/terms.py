"""What a bank account was contracted to do: the part of a payment profile that boletos and bank files need.

Codes are as the bank wrote them (agência, conta, convênio, carteira), texts that keep their leading zeros.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from billing.banking.boleto import bank as boleto_bank
from billing.banking.layouts.registry import module_of
from billing.banking.pix_keys import key_kind
from billing.core.br import cnpj, cpf
from billing.core.entity import Entity
from billing.core.errors import Refusal, Severity
from billing.core.money import Percent
from billing.core.text import Line

_NO_PERCENT = Decimal(0)

Digits = Annotated[str, StringConstraints(pattern=r"^[0-9]*$", max_length=20)]
Digit = Annotated[str, StringConstraints(pattern=r"^[0-9XP]{0,2}$")]


class Layout(StrEnum):
    CNAB240 = "cnab240"
    CNAB400 = "cnab400"
    API = "api"  # the bank's own API in place of files
    NONE = "none"  # no files are exchanged


LENGTHS: Mapping[Layout, int] = {Layout.CNAB240: 240, Layout.CNAB400: 400, Layout.API: 0, Layout.NONE: 0}
"""Columns of a line."""

MOST_INSTRUCTIONS = 6
"""Lines of the company's own for which a boleto has room, beside those of discount, fine, interest and protest."""


class DocumentKind(StrEnum):
    """Espécie do título; cada layout tem o seu código para ela."""

    DM = "DM"  # duplicata mercantil
    DS = "DS"  # duplicata de serviço
    NP = "NP"  # nota promissória
    RC = "RC"  # recibo
    ND = "ND"  # nota de débito
    ME = "ME"  # mensalidade escolar
    OUTROS = "OU"


class BankTerms(Entity):
    bank: Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
    """Código do banco na compensação, por exemplo 341."""
    agencia: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,5}$")]
    agencia_digit: Digit = ""
    conta: Annotated[str, StringConstraints(pattern=r"^[0-9]{1,13}$")]
    conta_digit: Digit = ""
    convenio: Digits = ""
    """Código do convênio ou do beneficiário, como o banco o chama."""
    convenio_digit: Digit = ""
    carteira: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{1,6}$")]
    variacao: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,4}$")] = ""
    """Variação da carteira (Banco do Brasil) ou modalidade (Sicoob)."""
    operacao: Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{0,20}$")] = ""
    """Operação (Caixa, Daycoval), posto (Sicredi) ou código de transmissão (Santander: 20 dígitos no CNAB 400, 15 no 240);
    na Cresol, a conta do cooperado que vai no cabeçalho da remessa; no Banco do Nordeste, o código da caixa postal EDI."""
    layout: Layout = Layout.NONE
    beneficiary_name: Annotated[Line, StringConstraints(min_length=1, max_length=100)]
    beneficiary_document: Annotated[str, StringConstraints(pattern=r"^([0-9]{11}|[A-Z0-9]{12}[0-9]{2})$")]
    """CPF ou CNPJ (também alfanumérico), só os caracteres."""
    beneficiary_address: Annotated[Line, StringConstraints(max_length=200)] = ""
    """Endereço impresso no boleto."""
    especie: DocumentKind = DocumentKind.DS
    accepted: bool = False
    """Aceite: o pagador aceitou o título."""
    fine_percent: Annotated[Percent, Field(ge=0, le=99)] = _NO_PERCENT
    """Multa, em percentual do valor, cobrada uma vez a partir do dia seguinte ao vencimento."""
    interest_percent_month: Annotated[Percent, Field(ge=0, le=99)] = _NO_PERCENT
    """Juros de mora, em percentual ao mês, cobrados por dia de atraso."""
    protest_days: Annotated[int, Field(ge=1, le=99)] | None = None
    negativation_days: Annotated[int, Field(ge=1, le=99)] | None = None
    write_off_days: Annotated[int, Field(ge=1, le=999)] | None = None
    instructions: tuple[Annotated[Line, StringConstraints(max_length=90)], ...] = Field(
        default=(), max_length=20
    )
    """Linhas de instrução impressas no boleto."""
    registers_pix: bool = False
    """Boleto híbrido: o banco cria o QR Code Pix no registro do boleto."""
    pix_key: Annotated[Line, StringConstraints(max_length=77)] | None = None
    """Chave Pix; em branco, o banco usa o CNPJ da conta."""


def validate_terms(terms: BankTerms) -> list[Refusal]:
    """Every reason why the bank would not take these terms; an empty list means that it would."""
    if terms.bank not in boleto_bank.MODULES:
        return [_refusal("profile.bank_unknown", f"O banco {terms.bank} ainda não é atendido.", "bank")]
    refusals = list(boleto_bank.of(terms.bank).refusals(terms))
    if terms.protest_days and terms.negativation_days:
        message = "Escolha protesto ou negativação: o banco não aceita os dois para o mesmo título."
        refusals.append(_refusal("profile.protest_and_negativation", message, "negativation_days"))
    return [*refusals, *_exchange(terms), *_beneficiary(terms)]


def _exchange(terms: BankTerms) -> Iterator[Refusal]:
    if terms.layout is Layout.API:
        message = f"Ainda não há integração com a API do banco {terms.bank}. Escolha um arquivo CNAB ou nenhum layout."
        yield _refusal("profile.layout_api", message, "layout")
    elif terms.layout is not Layout.NONE and module_of(terms.bank, LENGTHS[terms.layout]) is None:
        message = (
            f"Ainda não há arquivos {terms.layout} do banco {terms.bank}. Escolha outro layout ou nenhum."
        )
        yield _refusal("profile.layout_unknown", message, "layout")


def _beneficiary(terms: BankTerms) -> Iterator[Refusal]:
    if not (cpf if len(terms.beneficiary_document) == 11 else cnpj).is_valid(terms.beneficiary_document):
        message = "O CPF ou CNPJ do beneficiário não confere: verifique os dígitos."
        yield _refusal("profile.beneficiary_document", message, "beneficiary_document")
    if terms.pix_key is not None and key_kind(terms.pix_key) is None:
        message = (
            f"A chave Pix “{terms.pix_key}” não é CPF, CNPJ, celular (+5511...), e-mail nem chave aleatória."
        )
        yield _refusal("profile.pix_key", message, "pix_key")
    if len(terms.instructions) > MOST_INSTRUCTIONS:
        message = (
            f"O boleto tem lugar para {MOST_INSTRUCTIONS} linhas de instrução; há {len(terms.instructions)}."
        )
        yield _refusal("profile.instructions", message, "instructions")


def _refusal(code: str, message: str, field: str) -> Refusal:
    return Refusal(code=code, message=message, severity=Severity.BLOCKS, field=field)
