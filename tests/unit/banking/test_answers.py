"""Which instruction an occurrence answers: what each bank confirms matches what was requested, and nothing else."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, rejected, respond
from billing.banking.answers import answered_by, of_text
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.occurrences import REJECTIONS, OccurrenceKind
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.money import ZERO, Money

BANKS = (
    "ailos",
    "banco_do_brasil",
    "banco_do_brasil_400",
    "banrisul",
    "banrisul_240",
    "bradesco",
    "bradesco_240",
    "c6",
    "caixa",
    "caixa_400",
    "cresol",
    "itau",
    "itau_240",
    "nordeste",
    "safra",
    "santander",
    "santander_240",
    "sicoob",
    "sicredi_240",
    "sicredi_400",
    "unicred",
    "unicred_240",
)
CHANGED = {Movement.CHANGE_DATA, Movement.GRANT_DISCOUNT}
SHARED = {
    "bradesco_240": {Movement.STOP_PROTEST, Movement.WITHDRAW_FROM_BUREAU},
    "itau": CHANGED,
    "itau_240": CHANGED,
}
"""What the bank confirms with one code."""

UNTOLD = {"banrisul"}
"""Banks whose manual has no occurrence for a rejected instruction."""


@pytest.fixture(scope="module", params=BANKS)
def bank(request):
    return request.param


@pytest.fixture(scope="module")
def answers(bank, request, make_register, created_at):
    """Movement -> the occurrences with which the bank confirms and rejects it."""
    terms = request.getfixturevalue(bank)
    movements = sorted(movements_of(terms) - {Movement.REGISTER})
    rebate = {Movement.GRANT_REBATE: Money("5.00"), Movement.CANCEL_REBATE: Money("5.00")}
    discount = {Movement.GRANT_DISCOUNT: Discount(Money("5.00"), date(2026, 3, 20))}
    titles = [
        make_register(number, rebate=rebate.get(movement, ZERO), discount=discount.get(movement)).title
        for number, movement in enumerate(movements, 1)
    ]
    sent = [Instruction(movement, title) for movement, title in zip(movements, titles, strict=True)]
    data = write_remittance(terms, sent, sequence=1, created_at=created_at)
    by_number = {}
    for outcome in (confirmed(), rejected()):
        answer = respond(data, lambda _, outcome=outcome: [outcome], sequence=1, on=date(2026, 3, 18))
        for occurrence in read_return(answer)[1]:
            by_number.setdefault(int(occurrence.nosso_numero[-5:]), []).append(occurrence)
    return dict(zip(movements, by_number.values(), strict=True))


@pytest.mark.req("BNK-05")
def test_confirmation_identifies_its_instruction_and_a_rejection_may(bank, answers):
    for movement, (confirmation, *_, rejection) in answers.items():
        shared = SHARED.get(bank, set())
        expected = shared if movement in shared else {movement}
        assert answered_by(confirmation) == expected, confirmation.movement_text
        assert (rejection.kind in REJECTIONS) == (bank not in UNTOLD)
        assert movement in answered_by(rejection) or bank in UNTOLD, rejection.movement_text


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    "text",
    [
        "Confirmação de envio de e-mail/SMS",
        "Confirma recebimento de instrução de não protestar",
        "Instrução para protesto para fins falimentares confirmada",
        "Confirmação de protesto imediato por falência",
        "Confirmação da instrução de baixa de título negativado sem protesto",
        "Confirmação da alteração dos dados do rateio de crédito",
        "Confirma exclusão de entrada em negativação expressa por liquidação / tarifa",
        "Prazo de protesto alterado",
    ],
)
def test_unknown_text_answers_no_instruction(text):
    assert of_text(OccurrenceKind.INSTRUCTION_ACCEPTED, text) == frozenset()
