"""BTG Pactual (208).

Source: BTG Pactual, specimen of a boleto (one page): agency 0050, wallet 1, nosso número 001/6380-4 and its linha
digitável match Bradesco's campo livre and digit.
"""

from collections.abc import Iterable

from billing.banking.boleto.bank import Bank, Numbering, TitleNumber, width_refusals
from billing.banking.boleto.banks import bradesco
from billing.banking.boleto.certification import Certification
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

CARTEIRAS = dict.fromkeys(("1", "01"), "modelo de boleto do banco")


def number(terms: BankTerms, title: TitleNumber) -> Numbering:
    bradesco_number = bradesco.number(terms, title)
    return bradesco_number._replace(
        formatted=f"{terms.carteira.zfill(3)}/{int(bradesco_number.nosso_numero)}-{bradesco_number.digit}"
    )


def beneficiary(terms: BankTerms) -> str:
    return f"{terms.agencia} / {terms.conta}{terms.conta_digit}"


def account(terms: BankTerms) -> Iterable[Refusal]:
    yield from width_refusals(terms, {"agencia": 4, "conta": 7})


CERTIFICATION = Certification(
    asks=(
        "Dúvidas e implantação com a Célula de Implantação; o manual (V2.1, seção 2) não diz quantos boletos ou títulos.",
    ),
    next_steps=(
        "Combine os testes com a Célula de Implantação do banco (ImplantacaoEmpresas@btgpactual.com).",
    ),
)


BANK = Bank("208", "1", "BTG Pactual", CARTEIRAS, number, beneficiary, account, CERTIFICATION)
