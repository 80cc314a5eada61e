"""Which instruction an occurrence answers: what each bank confirms is known for what was asked of it, and nothing else."""

from datetime import date

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, rejected, respond
from billing.banking.answers import answered_by
from billing.banking.instructions import Instruction, Movement
from billing.banking.occurrences import Kind
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return

BANKS = ("itau", "sicoob", "bradesco", "banco_do_brasil", "caixa")


@pytest.fixture(params=BANKS)
def terms(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def answers(terms, make_register, created_at):
    """Movement -> the occurrences with which the bank confirms and rejects it."""
    asked = sorted(movements_of(terms) - {Movement.REGISTER})
    titles = [make_register(number).title for number in range(1, len(asked) + 1)]
    sent = [Instruction(movement, title) for movement, title in zip(asked, titles, strict=True)]
    data = write_remittance(terms, sent, sequence=1, created_at=created_at)
    answer = respond(data, lambda _: [confirmed(), rejected()], sequence=1, on=date(2026, 3, 18))
    found = list(read_return(answer)[1])
    return dict(zip(asked, zip(found[::2], found[1::2], strict=True), strict=True))


@pytest.mark.req("BNK-05")
def test_confirmation_is_known_for_what_was_asked(answers):
    told = {movement: answered_by(confirmation) for movement, (confirmation, _) in answers.items()}

    assert told == {movement: {movement} for movement in answers}


@pytest.mark.req("BNK-05")
def test_rejection_may_be_of_what_was_asked(answers):
    for movement, (_, rejection) in answers.items():
        assert rejection.kind is Kind.INSTRUCTION_REJECTED
        assert movement in answered_by(rejection)


@pytest.mark.req("BNK-05")
def test_code_that_answers_nothing_of_ours_answers_nothing(answers):
    confirmation = next(iter(answers.values()))[0]
    notice = confirmation._replace(
        kind=Kind.INSTRUCTION_ACCEPTED, movement="36", movement_text="Confirmação de envio de e-mail/SMS"
    )
    assert answered_by(notice) == frozenset()
