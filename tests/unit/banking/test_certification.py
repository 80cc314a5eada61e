"""The certification kit, bank by bank: every digit occurs, every boleto can be decoded, and the bank accepts every
remittance."""

import json
from datetime import date
from pathlib import Path

import pytest

from billing.adapters.sandbox_bank.bank import confirmed, respond, titles_of
from billing.banking.boleto.bank import MODULES, of
from billing.banking.boleto.barcode import decode
from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.certification import NumberRange, digits_of, make_kit
from billing.banking.check_digits import double_digit
from billing.banking.occurrences import OccurrenceKind
from billing.banking.remittance import write_remittance
from billing.banking.returns import read_return
from billing.banking.terms import LENGTHS, BankTerms
from billing.core.errors import Refused
from billing.core.money import Money
from tests.golden.published_boletos import terms_of
from tests.support.bank_accounts import CREATED_AT
from tests.unit.banking.test_bank_simulator import BANKS

ON, RANGE = date(2026, 3, 2), NumberRange(1, 99_999)
VECTORS = json.loads(
    (Path(__file__).parents[2] / "golden/banking/boleto_vectors.json").read_text(encoding="utf-8")
)
NO_DIGIT = {"001", "085", "097", "356"}
"""Banks whose nosso número, or that of the account below, has no printed check digit."""


@pytest.fixture(scope="module", params=sorted(MODULES))
def account(request) -> BankTerms:
    """For every bank: as published, or as the other tests have it."""
    published = [vector for vector in VECTORS if vector["bank"] == request.param]
    if published:
        return terms_of(published[0]).account
    return request.getfixturevalue({"208": "btg"}[request.param])


@pytest.fixture(scope="module")
def btg(itau) -> BankTerms:
    return itau.evolve(bank="208", agencia="0050", conta="0388685", carteira="1", layout="none")


@pytest.mark.req("BEY-14")
def test_kit_of_every_bank_shows_every_check_digit(account):
    kit = make_kit(account, RANGE, ON)
    shown = {mark for sample in kit.samples for mark in digits_of(kit.bank, sample.boleto)}
    possible = {
        mark
        for number in range(90_000, 90_100)  # 60 of them show all digits
        for mark in digits_of(
            kit.bank, issue_boleto(BoletoTerms(account, number, ON, Money("9.00"), ON, "1"))
        )
    }

    assert {sample.boleto.barcode[4] for sample in kit.samples} == set("123456789")
    if account.bank == "399":  # HSBC's second and third digits come from the account and the due date
        possible = {mark for mark in possible if "1º" in mark[0]}
    assert shown >= possible
    assert bool(shown) is (account.bank not in NO_DIGIT)
    assert len({sample.title.amount for sample in kit.samples}) == len(kit.samples)
    for sample in kit.samples:
        assert RANGE.last - 400 < sample.title.nosso_numero <= RANGE.last
        read = decode(sample.boleto.barcode, reference=ON)
        assert (read.due_on, read.amount) == (sample.title.due_on, sample.title.amount)


def unmarked(content, terms, instruction, mark):
    """The file as it would be sent to production."""
    number, column, text = mark
    given, plain = (
        content.split(b"\r\n"),
        write_remittance(terms, [instruction], sequence=1, created_at=CREATED_AT),
    )
    line = given[number - 1]
    before, marked, after = (
        line[: column - 1],
        line[column - 1 :][: len(text)],
        line[column - 1 + len(text) :],
    )
    assert marked == text.encode()
    given[number - 1] = before + plain.split(b"\r\n")[number - 1][column - 1 :][: len(text)] + after
    return b"\r\n".join(given)


@pytest.mark.req("BEY-14", "BNK-04")
@pytest.mark.parametrize("name", BANKS)
def test_bank_takes_every_remittance_of_the_kit(name, request, make_register):
    terms = request.getfixturevalue(name)
    kit = make_kit(terms, NumberRange(99_900, 99_999), ON)
    test = of(terms.bank).certification.file_of(LENGTHS[terms.layout])
    registered = []
    for file in kit.files:
        content = file.content
        if test.mark is not None:  # the test mark is the only thing that production would not accept
            content = unmarked(content, terms, make_register(), test.mark)
        seen = titles_of(content)
        assert 0 < len(seen) <= (test.most_titles or 100)
        answer = respond(content, lambda _: [confirmed()], sequence=1, on=ON)
        occurrences = list(read_return(answer)[1])
        assert {occurrence.kind for occurrence in occurrences}.isdisjoint(
            {OccurrenceKind.REJECTED, OccurrenceKind.COMMAND_REFUSED}
        )
        if file.purpose.startswith("registro"):
            registered += [one.document_number.strip() for one in seen]

    assert [number.lstrip("0") for number in registered] == [
        sample.title.document_number.lstrip("0") for sample in kit.samples
    ]
    assert kit.left_out == []


@pytest.mark.req("BEY-14")
def test_banrisul_gets_fifteen_boletos_in_sequence_and_a_list_of_a_hundred_numbers(banrisul):
    kit = make_kit(banrisul, RANGE, ON)
    numbers = [sample.title.nosso_numero for sample in kit.samples]
    assert numbers == list(range(numbers[0], numbers[0] + 15))
    assert len(kit.numbers) == 100
    assert kit.numbers[-1] == f"00099999-{double_digit('00099999')}"


@pytest.mark.req("BEY-14")
def test_banco_do_brasil_is_sent_registrations_alone_marked_as_a_test(banco_do_brasil_400):
    (file,) = make_kit(banco_do_brasil_400, RANGE, ON).files
    assert file.content.startswith(b"01TESTE  01")


@pytest.mark.req("BEY-14")
def test_bradesco_is_sent_ten_titles_in_each_file_named_as_a_test(bradesco):
    files = make_kit(bradesco, RANGE, ON).files
    assert [file.name for file in files] == ["CB020301.TST", "CB020302.TST", "CB020303.TST", "CB020304.TST"]
    assert [len(titles_of(file.content)) for file in files[:2]] == [10, 1]


@pytest.mark.req("BEY-14")
def test_range_that_is_too_short_is_refused(banrisul):
    with pytest.raises(Refused, match=r"certification\.range_too_short"):
        make_kit(banrisul, NumberRange(1, 99), ON)
