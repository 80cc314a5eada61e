"""What is written is read back, for every bank, layout and movement."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.adapters.sandbox_bank.bank import titles_of
from billing.banking.instructions import Discount, Instruction, Movement
from billing.banking.layouts.registry import kind_of, record_of
from billing.banking.remittance import movements_of, write_remittance
from billing.core.br.text import plain_text
from billing.core.money import ZERO, Money
from tests.support.bank_accounts import ACCOUNTS, CREATED_AT, READ_ALONE, as_taken, bank_number


def told_of(remittance):
    """The fields of the one title in a file, from all its lines."""
    lines = remittance.decode("ascii").split("\r\n")[:-1]
    kind = kind_of(lines[0])
    around = "0159" if kind.length == 240 else "09"
    titles = [line for line in lines if line[7 if kind.length == 240 else 0] not in around]
    facts = {}
    for line in titles:
        read = record_of(kind, line).read(line)
        facts |= {name: value for name, value in read.items() if value or name not in facts}
    return facts


def expected_of(movement, title):
    """What a movement is about, under the names that layouts give it."""
    registered = {
        "valor_titulo": title.amount,
        "vencimento": title.due_on,
        "emissao": title.issued_on,
        "desconto": title.discount.amount if title.discount else ZERO,
        "desconto_data": title.discount.until if title.discount else None,
    }
    data = {"pagador_nome": plain_text(title.payer.name)[0].upper().strip()}
    return {
        Movement.REGISTER: registered | data,
        Movement.GRANT_REBATE: {"abatimento": title.rebate},
        Movement.GRANT_DISCOUNT: {name: registered[name] for name in ("desconto", "desconto_data")},
        Movement.CHANGE_DUE_DATE: {"vencimento": title.due_on},
        Movement.CHANGE_DATA: data,
    }.get(movement, {})


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize("bank", sorted(set(ACCOUNTS) - READ_ALONE))
@settings(max_examples=settings.default.max_examples // 10)  # of each bank
@given(data=st.data())
def test_every_movement_is_read_back_as_written(bank, any_title, data):
    """parse(write(x)) == x, for every bank, layout and movement."""
    terms = ACCOUNTS[bank]
    drawn = as_taken(terms, data.draw(any_title))
    for movement in sorted(movements_of(terms)):
        title = drawn
        if movement in {Movement.GRANT_REBATE, Movement.CANCEL_REBATE}:
            title = drawn._replace(rebate=Money.from_cents(data.draw(st.integers(1, 10**9))))
        if movement is Movement.GRANT_DISCOUNT:
            title = drawn._replace(
                discount=Discount(Money.from_cents(data.draw(st.integers(1, 10**9))), drawn.due_on)
            )
        content = write_remittance(terms, [Instruction(movement, title)], sequence=1, created_at=CREATED_AT)
        facts, expected = told_of(content), expected_of(movement, title)
        assert {name: facts[name] for name in expected} == expected, movement
        seen = titles_of(content)
        assert {int(one.nosso_numero) for one in seen} == {int(bank_number(terms, title))}
