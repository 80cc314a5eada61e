"""What a bank account was contracted for: the part of a payment profile that boletos and bank files need.

Codes are as the bank wrote them (agência, conta, convênio, carteira): texts that keep their leading zeros.
"""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from billing.core.entity import Entity
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
"""The number of columns in a line."""

MOST_INSTRUCTIONS = 6
"""How many lines of the company's own fit on a boleto, besides those for discount, fine, interest and protest."""


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
    bureau_days: Annotated[int, Field(ge=1, le=99)] | None = None
    write_off_days: Annotated[int, Field(ge=1, le=999)] | None = None
    instructions: tuple[Annotated[Line, StringConstraints(max_length=90)], ...] = Field(
        default=(), max_length=20
    )
    """Linhas de instrução impressas no boleto."""
    registers_pix: bool = False
    """Boleto híbrido: o banco cria o QR Code Pix no registro do boleto."""
    pix_key: Annotated[Line, StringConstraints(max_length=77)] | None = None
    """Chave Pix; em branco, o banco usa o CNPJ da conta."""
