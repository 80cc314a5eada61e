"""Unicred: what the company requests, the same in both layouts. Pages are those of the remittance's manual in
`cnab400`."""

from collections.abc import Iterator, Mapping

from billing.banking.boleto.bank import refusal
from billing.banking.boleto.banks import unicred
from billing.banking.instructions import Instruction, Movement
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal

MOVEMENTS: Mapping[Movement, str] = {  # p. 12
    Movement.REGISTER: "01",
    Movement.WRITE_OFF: "02",
    Movement.GRANT_REBATE: "04",
    Movement.CANCEL_REBATE: "05",
    Movement.CHANGE_DUE_DATE: "06",
    Movement.PROTEST: "09",
    Movement.STOP_PROTEST: "11",
    Movement.CHANGE_DATA: "23",
}
WALLET = "21"  # p. 11
FINE_RATE, NO_FINE = "2", "3"  # p. 11
MONTHLY_RATE, NO_INTEREST = "2", "5"  # p. 11
PROTEST, NO_PROTEST = "1", "3"  # p. 13


def refusals(terms: BankTerms) -> Iterator[Refusal]:
    """Why no file can be written for the account."""
    yield from unicred.account(terms)
    if terms.carteira != WALLET:
        message = f"O Unicred registra por arquivo a carteira {WALLET}, e não a {terms.carteira}."
        yield refusal("remittance.wallet_not_registered", message, "carteira")
    if not terms.convenio:
        message = "Informe o código do beneficiário (convênio) que o Unicred deu: o arquivo o leva."
        yield refusal("remittance.convenio", message, "convenio")
    if not terms.agencia_digit:
        message = "Informe o dígito da agência: o arquivo do Unicred o leva."
        yield refusal("remittance.agency_digit", message, "agencia_digit")
    if terms.accepted:
        message = "O Unicred registra por arquivo só títulos sem aceite: desmarque o aceite."
        yield refusal("remittance.accepted", message, "accepted")
    if terms.registers_pix:
        message = "O manual do Unicred não mostra o boleto híbrido por arquivo: registre-o pela API do banco."
        yield refusal("remittance.pix_unknown", message, "registers_pix")
    if terms.bureau_days:
        message = "O Unicred não recebe prazo de negativação por arquivo."
        yield refusal("remittance.bureau_days", message, "bureau_days")
    if terms.write_off_days:
        message = "O Unicred não recebe prazo de baixa por arquivo; combine-o com a cooperativa."
        yield refusal("remittance.write_off_days", message, "write_off_days")


def refused(instruction: Instruction) -> list[Refusal]:
    """P. 15: a rebate goes only in the instruction that grants it."""
    if instruction.movement is Movement.REGISTER and instruction.title.rebate.cents:
        message = "O Unicred não recebe abatimento no registro: registre o título sem ele e peça depois a concessão."
        return [refusal("remittance.rebate", message, "rebate")]
    return []
