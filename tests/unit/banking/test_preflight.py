"""What a bank would reject is reported before it is sent, and does not hold back the others."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.adapters.sandbox_bank.bank import confirmed, respond
from billing.banking.instructions import Discount, Instruction, Movement, Payer
from billing.banking.occurrences import OccurrenceKind
from billing.banking.preflight import preflight, refusals
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.core.money import ZERO, Money


@pytest.fixture(params=["itau", "sicoob"])
def terms(request):
    return request.getfixturevalue(request.param)


def payer(**changes):
    given = {
        "document": "52998224725",
        "name": "Ana",
        "street": "Rua A",
        "district": "",
        "postcode": "01310100",
        "city": "São Paulo",
        "state": "SP",
    }
    return Payer(**given | changes)


@pytest.mark.req("BEY-13")
def test_a_good_title_is_not_refused(terms, make_register):
    assert list(refusals(terms, make_register(1, payer=payer()))) == []


@pytest.mark.req("BEY-13")
@pytest.mark.parametrize(
    ("changes", "code", "field", "said"),
    [
        ({"payer": payer(name=" ")}, "payer_name", "payer.name", "em branco"),
        ({"payer": payer(document="123")}, "payer_document", "payer.document", "“123”"),
        ({"payer": payer(street="")}, "payer_street", "payer.street", "em branco"),
        ({"payer": payer(postcode="")}, "payer_postcode", "payer.postcode", "CEP"),
        ({"payer": payer(postcode="1310-100")}, "payer_postcode", "payer.postcode", "“1310-100”"),
        ({"payer": payer(city="")}, "payer_city", "payer.city", "em branco"),
        ({"payer": payer(state="XX")}, "payer_state", "payer.state", "“XX”"),
        ({"amount": ZERO}, "amount", "amount", "R$ 0,00"),
        ({"rebate": Money("120.00")}, "discount", "discount", "90%"),
        ({"discount": Discount(ZERO, date(2026, 3, 10))}, "discount", "discount", "zero"),
        ({"discount": Discount(Money("1.00"), date(2026, 4, 1))}, "discount_until", "discount", "01/04/2026"),
        ({"due_on": date(2026, 2, 1)}, "due_on", "due_on", "01/02/2026"),
    ],
)
def test_each_rule_names_its_field_and_value(terms, make_register, changes, code, field, said):
    [reason] = refusals(terms, make_register(1, **changes))
    assert (reason.code, reason.field) == (f"remittance.{code}", field)
    assert said in reason.message


@pytest.mark.req("BEY-13")
@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"nosso_numero": 10**9}, "nosso_numero", "1000000000"),
        ({"amount": Money("9999999999999.00")}, "valor_titulo", "não cabe"),
    ],
)
def test_what_is_wider_than_the_banks_field_is_refused(itau, make_register, changes, field, said):
    [reason] = refusals(itau, make_register(1, **changes))
    assert (reason.code, reason.field) == ("remittance.overflow", field)
    assert said in reason.message


@pytest.mark.req("BEY-13")
def test_all_reasons_come_at_once(terms, make_register):
    reasons = list(refusals(terms, make_register(1, payer=payer(name="", postcode=""), amount=ZERO)))
    assert [reason.code for reason in reasons] == [
        "remittance.payer_name",
        "remittance.payer_postcode",
        "remittance.amount",
    ]


@pytest.mark.req("BEY-13")
def test_an_instruction_is_checked_for_what_it_carries(terms, make_title):
    poor = make_title(1, payer=payer(name=""))
    assert list(refusals(terms, Instruction(Movement.WRITE_OFF, poor))) == []
    assert [r.code for r in refusals(terms, Instruction(Movement.CHANGE_DATA, poor))] == [
        "remittance.payer_name"
    ]
    assert [r.code for r in refusals(terms, Instruction(Movement.GRANT_REBATE, poor))] == [
        "remittance.rebate"
    ]


@pytest.mark.req("BEY-13")
def test_a_movement_that_the_bank_has_not_is_refused_alone(sicoob, make_title):
    [reason] = refusals(sicoob, Instruction(Movement.REPORT_TO_BUREAU, make_title()))
    assert reason.code == "remittance.movement_unknown"


@pytest.mark.req("BEY-13", "BNK-04")
def test_the_refused_are_listed_and_the_others_go(terms, make_register):
    bad, twice = make_register(2, payer=payer(state="")), make_register(1)
    result = preflight(terms, [make_register(1), bad, make_register(3), twice])
    assert [i.title.nosso_numero for i in result.fit] == [1, 3]
    assert [(i is bad, [r.code for r in reasons]) for i, reasons in result.refused] == [
        (True, ["remittance.payer_state"]),
        (False, ["remittance.duplicate"]),
    ]


@pytest.mark.req("BEY-13")
@given(data=st.data())
def test_what_passes_is_registered_by_the_bank(data, itau, sicoob, created_at, any_title):
    terms = data.draw(st.sampled_from([itau, sicoob]))
    chosen = [Instruction(Movement.REGISTER, data.draw(any_title)) for _ in range(3)]
    fit = preflight(terms, chosen).fit
    if fit:
        content = write_remittance(terms, fit, sequence=1, created_at=created_at)
        answer = respond(content, lambda _: [confirmed()], sequence=1, on=date(2026, 3, 18))
        assert {o.kind for o in read_return(answer)[1]} == {OccurrenceKind.REGISTERED}
