"""The sandbox bank and our reader, both layouts: we read what the bank reports, to the cent."""

from contextlib import suppress
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from billing.adapters.sandbox_bank.bank import (
    RemittanceRefused,
    TitleEvent,
    charged,
    confirmed,
    of_unknown_title,
    paid,
    rejected,
    respond,
    titles_of,
)
from billing.banking.instructions import Discount, Instruction, Movement, Payer
from billing.banking.invalid_return import InvalidReturn
from billing.banking.occurrences import OccurrenceKind
from billing.banking.pix import static_code
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.returns import read_return
from billing.core.money import ZERO, Money
from tests.support.bank_accounts import ACCOUNTS, as_taken, bank_number

ON = date(2026, 3, 18)


BANKS = [
    "itau",
    "itau_240",
    "banrisul",
    "banrisul_240",
    "unicred",
    "unicred_240",
    "bradesco",
    "bradesco_240",
    "sicoob",
    "banco_do_brasil",
    "banco_do_brasil_400",
    "caixa",
    "caixa_400",
    "ailos",
    "sicredi_400",
    "sicredi_240",
    "safra",
    "santander",
    "santander_240",
    "c6",
    "cresol",
    "nordeste",
]


NO_REASON = ""
REASONS = {  # of a registration without name, street, postcode, state, document, amount
    "itau": ("08", "10", "03", "04", "37", "67"),
    "itau_240": ("08", "10", "03", "04", "37", "67"),
    "banrisul": ("45", "47", "48", "52", "46", "20"),
    "banrisul_240": ("45", "47", "48", "52", "46", "20"),
    "unicred_240": ("45", "47", "48", "52", "46", "20"),
    "unicred": ("45", "47", "48", "52", "46", "20"),
    "bradesco": ("45", "47", "48", NO_REASON, "46", "20"),
    "bradesco_240": ("45", "47", "48", NO_REASON, "46", "20"),
    "sicoob": ("45", "47", "48", "52", "46", "20"),
    "banco_do_brasil": ("45", "47", "48", NO_REASON, "46", "20"),
    "banco_do_brasil_400": ("27", "29", "82", "42", "66", "08"),
    "caixa": ("45", "47", "48", "52", "46", "20"),
    "caixa_400": ("042", "043", "044", "046", "040", "027"),
    "ailos": ("45", "47", "48", "52", "46", "20"),
    "sicredi_400": ("45", "47", "48", NO_REASON, "46", "20"),
    "sicredi_240": ("45", "47", "48", NO_REASON, "46", "20"),
    "safra": ("054", "055", "015", "059", "051", "044"),
    "santander": ("101", "102", "057", "104", "106", "093"),
    "santander_240": ("45", "47", "48", "52", "46", "20"),
    "c6": ("9006", "9006", NO_REASON, "9006", "9005", "9005"),
    "cresol": ("45", "47", "48", NO_REASON, "46", "20"),
    "nordeste": ("29", "30", "28", "33", "34", "17"),
}

MOVEMENTS = {  # a write-off as it is in the file, and an unknown one in its place
    "itau": (b"I02", b"I77"),
    "itau_240": (b" 02", b" 77"),
    "banrisul": (b"   102", b"   177"),
    "banrisul_240": (b" 02", b" 77"),
    "unicred_240": (b" 02", b" 77"),
    "unicred": (b"N  02", b"N  77"),
    "bradesco": (b"2  02", b"2  77"),
    "bradesco_240": (b" 02", b" 77"),
    "sicoob": (b" 02", b" 77"),
    "banco_do_brasil": (b" 02", b" 77"),
    "banco_do_brasil_400": (b" 1702", b" 1777"),
    "caixa": (b" 02", b" 77"),
    "caixa_400": (b" 0102", b" 0177"),
    "ailos": (b" 02", b" 77"),
    "sicredi_400": (b"            02", b"            77"),
    "sicredi_240": (b" 02", b" 77"),
    "safra": (b" 00102", b" 00177"),
    "santander": (b"000502", b"000577"),
    "santander_240": (b" 02", b" 77"),
    "c6": (b" 2002", b" 2077"),
    "cresol": (b"            02", b"            77"),
    "nordeste": (b"        402", b"        477"),
}

TARIFFS = {
    "unicred": "",
    "unicred_240": "",
    "banrisul": "44",
    "safra": "43",
    "santander": "24",
    "c6": "98",
    "caixa_400": "34",
    "nordeste": "",
}
"""The occurrence of a tariff, if it is not 28; none, if a tariff comes only with a payment."""

TWO_REASONS = {
    "safra": ("029",),
    "santander": ("092", "101"),
    "c6": ("9005", "9007"),
    "caixa_400": ("010", "026"),
}
"""Those of a rejection, if they are not 08 and 09."""


ANSWERS = {"caixa_400": ("01", "99", "21"), "nordeste": ("02", "51", "06")}
"""The occurrences of an entry, a rejection and a settlement, if they are not 02, 03 and 06."""

UNTOLD = {"banco_do_brasil_400", "caixa_400"}
"""Banks that refuse with one code and one reason, and do not say whether it was the entry or an instruction."""

CODES_ALONE = {"cresol"}
"""Banks whose manual has no table of reasons."""

UNNUMBERED = {"cresol"}
"""Banks whose returns have no number."""

UNCREDITED = {"nordeste"}
"""Banks whose returns have no day of credit."""

PROTEST_UNTOLD = {"nordeste"}
"""Banks that have no occurrence for a title sent to the registry office."""


def answers(bank):
    return ANSWERS.get(bank, ("02", "03", "06"))


def refusal(bank, kind):
    return OccurrenceKind.COMMAND_REFUSED if bank in UNTOLD else kind


@pytest.fixture(params=BANKS)
def bank(request):
    return request.param


@pytest.fixture
def terms(request, bank):
    return request.getfixturevalue(bank)


@pytest.fixture
def send(created_at):
    def send(terms, *instructions):
        return write_remittance(terms, instructions, sequence=1, created_at=created_at)

    return send


def reference(terms, title):
    """The reference of ours that the bank sends back: Caixa requires the document's number there (G072), and so does
    Sicredi, whose CNAB 400 has no such field.

    Unicred sends none of it back.
    """
    if terms.bank == "136" or (terms.bank, terms.layout) == ("748", "cnab400"):
        return ""
    if (terms.bank, terms.layout) == ("104", "cnab400"):
        return title.our_reference
    return title.document_number if terms.bank in {"104", "748"} else title.our_reference


def answer(remittance, decide, sequence=5):
    content = respond(remittance, decide, sequence=sequence, on=ON)
    header, occurrences = read_return(content)
    return header, list(occurrences)


@pytest.mark.req("BNK-04", "BNK-05")
def test_registered_title_is_confirmed(bank, terms, send, make_register):
    header, occurrences = answer(send(terms, make_register(1), make_register(2)), lambda _: [confirmed()])
    assert (header.bank, header.sequence, header.created_on, header.titles) == (
        terms.bank,
        0 if bank in UNNUMBERED else 5,
        ON,
        2,
    )
    assert [(o.kind, o.movement, o.our_reference) for o in occurrences] == [
        (OccurrenceKind.REGISTERED, answers(bank)[0], reference(terms, make_register(1).title)),
        (OccurrenceKind.REGISTERED, answers(bank)[0], reference(terms, make_register(2).title)),
    ]
    assert [o.nosso_numero[-5:] for o in occurrences] == ["00001", "00002"]
    assert {o.paid_amount for o in occurrences} == {ZERO}
    assert occurrences[0].due_on == date(2026, 3, 20)
    assert {o.title_amount for o in occurrences} == {Money("129.90")}


@pytest.mark.req("BNK-05")
def test_paid_amount_is_read_back(bank, terms, send, make_register):
    """For a title of 129.90: in full, too little, too much, a cent."""
    amounts = [Money("129.90"), Money("129.89"), Money("131.55"), Money("0.01")]
    decided = iter(amounts)
    _, occurrences = answer(
        send(terms, *(make_register(number) for number in range(1, 5))),
        lambda _: [paid(next(decided), tariff=ZERO)],
    )
    assert [(o.kind, o.movement) for o in occurrences] == [(OccurrenceKind.SETTLED, answers(bank)[2])] * 4
    assert [(o.paid_amount, o.net_credited) for o in occurrences] == [(amount, amount) for amount in amounts]
    assert [(o.occurred_on, o.credited_on) for o in occurrences] == [
        (ON, None if bank in UNCREDITED else ON)
    ] * 4


@pytest.mark.req("BNK-05")
def test_the_tariff_is_separate_from_what_was_paid(terms, send, make_register):
    _, [occurrence] = answer(
        send(terms, make_register()),
        lambda _: [paid(Money("131.00"), interest=Money("1.10"), tariff=Money("2.10"))],
    )
    assert (occurrence.paid_amount, occurrence.interest, occurrence.tariff) == (
        Money("131.00"),
        Money("1.10"),
        Money("2.10"),
    )


@pytest.mark.req("BNK-05")
def test_a_title_paid_twice_is_two_occurrences_that_stay_two(terms, send, make_register):
    remittance = send(terms, make_register())
    _, occurrences = answer(remittance, lambda title: [paid(title.amount), paid(title.amount)])
    identities = [o.identity for o in occurrences]
    assert len(set(identities)) == 2
    _, again = answer(remittance, lambda title: [paid(title.amount), paid(title.amount)], sequence=6)
    assert [o.identity for o in again] == identities


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("bank", [bank for bank in BANKS if TARIFFS.get(bank, "28")])
def test_a_tariff_is_not_an_error_nor_a_payment(bank, terms, send, make_register):
    _, [occurrence] = answer(send(terms, make_register()), lambda _: [charged(Money("4.50"))])
    assert (occurrence.kind, occurrence.movement) == (OccurrenceKind.TARIFF, TARIFFS.get(bank, "28"))
    assert (occurrence.tariff, occurrence.paid_amount, occurrence.net_credited) == (Money("4.50"), ZERO, ZERO)


@pytest.mark.req("BNK-05")
def test_an_unknown_title_has_no_reference_of_ours(terms, send, make_register):
    _, occurrences = answer(
        send(terms, make_register()),
        lambda title: [
            paid(title.amount),
            of_unknown_title(paid(Money("55.00")), "9999999".zfill(len(title.nosso_numero))),
        ],
    )
    assert [o.our_reference for o in occurrences] == [reference(terms, make_register().title), ""]
    assert occurrences[1].nosso_numero.endswith("9999999")


@pytest.mark.req("BNK-05")
def test_rejection_has_its_reasons_in_portuguese(bank, terms, send, make_register):
    two = TWO_REASONS.get(bank, ("08", "09"))
    _, [occurrence] = answer(send(terms, make_register()), lambda _: [rejected(*two)])
    assert (occurrence.kind, occurrence.movement) == (
        refusal(bank, OccurrenceKind.REJECTED),
        answers(bank)[1],
    )
    assert [reason.code for reason in occurrence.reasons] == ([two[0]] if bank in UNTOLD else [*two])
    undescribed = ["não descreve" in reason.text for reason in occurrence.reasons]
    assert undescribed == [bank in CODES_ALONE] * len(undescribed)
    assert all(reason.text for reason in occurrence.reasons)


FAULTY = [  # in the order of REASONS
    {"payer": Payer("52998224725", "", "Rua", "B", "01310100", "C", "SP")},
    {"payer": Payer("52998224725", "A", "", "B", "01310100", "C", "SP")},
    {"payer": Payer("52998224725", "A", "Rua", "B", "00000000", "C", "SP")},
    {"payer": Payer("52998224725", "A", "Rua", "B", "01310100", "C", "")},
    {"payer": Payer("", "A", "Rua", "B", "01310100", "C", "SP")},
    {"amount": ZERO},
]


@pytest.mark.req("BNK-05")
def test_faulty_title_is_always_rejected(bank, terms, send, make_register):
    faulty = [make_register(number, **changes) for number, changes in enumerate(FAULTY, 2)]
    _, occurrences = answer(send(terms, make_register(1), *faulty, make_register(8)), lambda _: [confirmed()])
    outcomes = [(o.kind, [reason.code for reason in o.reasons]) for o in occurrences]
    taken, refused = (OccurrenceKind.REGISTERED, []), refusal(bank, OccurrenceKind.REJECTED)
    assert outcomes == [taken, *((refused, [code]) if code else taken for code in REASONS[bank]), taken]


@pytest.mark.req("BNK-04")
def test_one_number_registered_twice_is_rejected_the_second_time(bank, terms, send, make_register):
    _, occurrences = answer(send(terms, make_register(1), make_register(1)), lambda _: [confirmed()])
    assert [o.kind for o in occurrences] == [
        OccurrenceKind.REGISTERED,
        refusal(bank, OccurrenceKind.REJECTED),
    ]


CONFIRMED = {
    Movement.WRITE_OFF: OccurrenceKind.WRITTEN_OFF,
    Movement.GRANT_REBATE: OccurrenceKind.REBATE_GRANTED,
    Movement.CANCEL_REBATE: OccurrenceKind.REBATE_CANCELLED,
    Movement.CHANGE_DUE_DATE: OccurrenceKind.DUE_DATE_CHANGED,
    Movement.GRANT_DISCOUNT: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.CANCEL_DISCOUNT: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.PROTEST: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.STOP_PROTEST: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.REPORT_TO_BUREAU: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.WITHDRAW_FROM_BUREAU: OccurrenceKind.INSTRUCTION_ACCEPTED,
    Movement.CHANGE_DATA: OccurrenceKind.INSTRUCTION_ACCEPTED,
}


@pytest.mark.req("BNK-04", "BNK-05")
def test_every_instruction_is_confirmed_as_itself_or_rejected(bank, terms, send, make_title):
    movements = [movement for movement in CONFIRMED if movement in movements_of(terms)]
    assert {Movement.REGISTER, *movements} == movements_of(terms)
    discounts = {Movement.GRANT_DISCOUNT: Discount(Money("5.00"), date(2026, 3, 20))}
    titles = (
        make_title(number, rebate=Money("5.00"), discount=discounts.get(movement))
        for number, movement in enumerate(movements, 1)
    )
    remittance = send(terms, *map(Instruction, movements, titles))
    _, occurrences = answer(remittance, lambda _: [confirmed()])
    assert {(int(o.nosso_numero[-5:]), o.kind) for o in occurrences} == {
        (number, CONFIRMED[movement]) for number, movement in enumerate(movements, 1)
    }
    _, refused = answer(remittance, lambda _: [rejected("14")])
    assert {(int(o.nosso_numero[-5:]), o.kind) for o in refused} == {
        (number, refusal(bank, OccurrenceKind.INSTRUCTION_REJECTED))
        for number in range(1, len(movements) + 1)
    }


@pytest.mark.req("BNK-06")
def test_a_bolepix_brings_its_code_back(itau, send, make_register):
    terms = itau.evolve(registers_pix=True, fine_percent=Decimal(0))
    emv = static_code(key="11222333000181", name="Provedor Exemplo", city="Sao Paulo", amount=Money("129.90"))
    remittance = send(terms, make_register(1), make_register(2))
    assert [title.with_pix for title in titles_of(remittance)] == [True, True]
    _, occurrences = answer(
        remittance, lambda title: [confirmed(pix_emv=emv if title.nosso_numero.endswith("1") else "")]
    )
    assert [o.pix_emv for o in occurrences] == [emv, ""]


@pytest.mark.req("BNK-05")
def test_action_of_the_bank_itself_is_reported_as_such(bank, terms, send, make_register):
    remittance = send(terms, make_register(1), make_register(2))
    kinds = [
        OccurrenceKind.WRITTEN_OFF,
        OccurrenceKind.WRITTEN_OFF if bank in PROTEST_UNTOLD else OccurrenceKind.PROTESTED,
    ]
    _, occurrences = answer(remittance, lambda title: [TitleEvent(kinds[int(title.nosso_numero) % 2])])
    assert [o.kind for o in occurrences] == kinds[::-1]
    assert {o.paid_amount for o in occurrences} == {ZERO}


TOLD_BY_A_CODE_OF_ITS_OWN = {
    ("itau", OccurrenceKind.PARTIALLY_SETTLED),
    ("itau", OccurrenceKind.PAID_OUTSIDE),
    ("banrisul", OccurrenceKind.PARTIALLY_SETTLED),
    ("banco_do_brasil_400", OccurrenceKind.PARTIALLY_SETTLED),
    ("santander", OccurrenceKind.PARTIALLY_SETTLED),
    ("santander", OccurrenceKind.PAID_OUTSIDE),
    ("c6", OccurrenceKind.PARTIALLY_SETTLED),
    ("nordeste", OccurrenceKind.PARTIALLY_SETTLED),
}
"""Things for which not every bank has an occurrence, and the banks that have one."""


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("kind", [OccurrenceKind.PARTIALLY_SETTLED, OccurrenceKind.PAID_OUTSIDE])
def test_sandbox_bank_uses_each_code_for_one_meaning_only(bank, terms, send, make_register, kind):
    remittance = send(terms, make_register())
    if (bank, kind) not in TOLD_BY_A_CODE_OF_ITS_OWN:
        with pytest.raises(KeyError):  # a demonstration cannot request it
            respond(remittance, lambda _: [TitleEvent(kind)], sequence=1, on=ON)
        return
    _, [occurrence] = answer(remittance, lambda _: [TitleEvent(kind)])
    assert occurrence.kind is kind


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("bank", [name for name in BANKS if ACCOUNTS[name].layout == "cnab240"])
def test_a_title_without_its_u_is_read_and_takes_no_money_of_another(terms, send, make_register):
    """Paired by index, one missing U made a title vanish and put its money on the next one."""
    remittance = send(terms, make_register(1), make_register(2), make_register(3, amount=Money("10.00")))

    def decide(title):
        whole = paid(title.amount, tariff=ZERO)
        return [replace(whole, alone=int(title.nosso_numero[-5:]) == 2)]

    _, occurrences = answer(remittance, decide)
    assert [(int(o.nosso_numero[-5:]), o.paid_amount, o.occurred_on) for o in occurrences] == [
        (1, Money("129.90"), ON),
        (2, ZERO, None),
        (3, Money("10.00"), ON),
    ]


@pytest.mark.req("BNK-05")
def test_records_that_the_manual_does_not_show_are_kept_raw(terms, send, make_register):
    remittance = send(terms, make_register(1), make_register(2))
    content = respond(remittance, lambda title: [replace(paid(title.amount), stray=True)], sequence=5, on=ON)
    lines = content.decode("latin-1").split("\r\n")
    if terms.layout == "cnab240":
        strays, raws = [(5, "Z"), (8, "Z")], [lines[2:5], lines[5:8]]
    else:
        strays, raws = [(3, "6"), (5, "6")], [lines[1:2], lines[3:4]]
    header, occurrences = read_return(content)
    occurrences = list(occurrences)
    kind = 13 if terms.layout == "cnab240" else 0
    assert [(number, line[kind]) for number, line in header.unread] == strays
    assert [line for _, line in header.unread] == [lines[number - 1] for number, _ in strays]
    assert [list(o.raw) for o in occurrences] == raws
    assert [o.paid_amount for o in occurrences] == [Money("129.90")] * 2


@pytest.mark.req("BNK-05")
def test_several_batches_are_read_as_one_file(terms, send, make_register):
    remittance = send(terms, *(make_register(number) for number in range(1, 6)))
    opens = {3, 5}

    def decide(title):
        return [replace(paid(title.amount), opens_batch=int(title.nosso_numero[-5:]) in opens)]

    content = respond(remittance, decide, sequence=1, on=ON)
    batches = [line[3:7] for line in content.decode().split("\r\n") if len(line) == 240 and line[7] == "5"]
    assert batches == (["0001", "0002", "0003"] if terms.layout == "cnab240" else [])
    header, occurrences = read_return(content)
    assert (header.titles, header.amount) == (5, Money("649.50"))
    assert [int(o.nosso_numero[-5:]) for o in occurrences] == [1, 2, 3, 4, 5]


@pytest.mark.req("BNK-05")
def test_day_without_occurrences_is_an_empty_file(terms, send, make_register):
    header, occurrences = answer(send(terms, make_register()), lambda _: [])
    assert (header.titles, occurrences) == (0, [])


def spoil(content, line, start, text):
    lines = content.decode("latin-1").split("\r\n")
    lines[line - 1] = lines[line - 1][: start - 1] + text + lines[line - 1][start - 1 + len(text) :]
    return "\r\n".join(lines).encode("latin-1")


@pytest.fixture
def sicoob_return(sicoob, send, make_register):
    remittance = send(sicoob, make_register(1), make_register(2))
    return respond(remittance, lambda title: [paid(title.amount)], sequence=1, on=ON)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("line", "start", "text", "code", "field"),
    [
        (1, 144, "31022026", "return.field", "data_geracao"),
        (3, 82, "0000000000X2990", "return.field", "valor_titulo"),
        (3, 74, "30022026", "return.field", "vencimento"),
        (4, 78, "-00000000012990", "return.field", "valor_pago"),
        (5, 9, "00009", "return.sequence", "sequencial"),
        (5, 14, "U", "return.second_u", "segmento"),
        (3, 14, "U", "return.orphan_segment", "segmento"),
        (3, 1, "341", "return.bank", "banco"),
        (2, 8, "3", "return.record_order", "registro"),
        (7, 18, "000099", "return.count", "quantidade_registros"),
        (7, 30, "00000000000000001", "return.sum", "simples_valor"),
        (8, 18, "000002", "return.count", "quantidade_lotes"),
        (8, 24, "000099", "return.count", "quantidade_registros"),
    ],
)
def test_a_fault_in_a_240_file_is_named(sicoob_return, line, start, text, code, field):
    content = spoil(sicoob_return, line, start, text)
    with pytest.raises(InvalidReturn) as caught:
        read_return(content)
    assert (caught.value.code, caught.value.line, caught.value.field) == (code, line, field)
    assert caught.value.column <= start


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize(
    ("line", "start", "width"), [(1, 158, 6), (7, 18, 6), (7, 30, 17), (8, 18, 6), (8, 24, 6)]
)
def test_blank_instead_of_a_number_does_not_crash(sicoob_return, line, start, width):
    """Found by fuzzing: blanks are zero in a field, but int() does not accept them."""
    with suppress(InvalidReturn):
        read_return(spoil(sicoob_return, line, start, " " * width))


@pytest.mark.req("BNK-05")
def test_a_240_file_cut_anywhere_is_refused(sicoob_return):
    whole = len(sicoob_return) - 2
    for end in [*range(0, whole, 97), whole - 1]:
        with pytest.raises(InvalidReturn):
            read_return(sicoob_return[:end])


@pytest.mark.req("BNK-05")
@given(st.data())
def test_damaged_240_file_is_refused_or_read_and_never_crashes(data):
    content = FUZZED
    position = data.draw(st.integers(0, len(content)))
    junk = data.draw(st.binary(min_size=1, max_size=8))
    with suppress(InvalidReturn):
        header, occurrences = read_return(content[:position] + junk + content[position + len(junk) :])
        assert header.titles == len(list(occurrences))


FUZZED = (
    (
        "75600000".ljust(17)
        + "2"
        + "0" * 53
        + " "
        + "E".ljust(30)
        + "SICOOB".ljust(40)
        + "2"
        + "18032026060000000001081"
        + "0" * 5
    )
    .ljust(240)
    .encode()
    + b"\r\n"
    + ("75600011T01  044 2" + "0" * 55 + "E".ljust(110) + "00000001" + "18032026" + "0" * 8)
    .ljust(240)
    .encode()
    + b"\r\n"
    + b"75600015".ljust(17)
    + b"000002"
    + b"0" * 92
    + b" " * 125
    + b"\r\n"
    + b"75699999".ljust(17)
    + b"000001000004000000".ljust(223)
    + b"\r\n"
)


SPOILT = [  # what is done to the lines of a file, and the code of the bank's answer, if it is always the same
    (lambda lines: lines[:-1], "bank.trailer"),
    (lambda lines: [lines[0], *lines[2:]], None),
    (lambda lines: [lines[0], *(line[:-1] for line in lines[1:])], "bank.line_length"),
    (lambda lines: [*lines[:2], *lines[3:]], None),
]


@pytest.mark.req("BNK-04")
def test_a_remittance_that_a_bank_would_refuse_is_refused_whole(terms, send, make_register):
    lines = send(terms, make_register(1), make_register(2)).decode().split("\r\n")[:-1]
    for spoilt, code in SPOILT:
        content = "".join(f"{line}\r\n" for line in spoilt(lines)).encode()
        with pytest.raises(RemittanceRefused) as caught:
            respond(content, lambda _: [confirmed()], sequence=1, on=ON)
        assert caught.value.reasons
        assert code in {None, *(reason.code for reason in caught.value.reasons)}


@pytest.mark.req("BNK-04")
@pytest.mark.parametrize(("spoilt", "name"), [("31022026", "vencimento"), ("2003202X", "vencimento")])
def test_a_field_that_a_bank_could_not_read_refuses_the_file(sicoob, send, make_register, spoilt, name):
    content = send(sicoob, make_register()).replace(b"20032026", spoilt.encode())
    with pytest.raises(RemittanceRefused, match=name):
        respond(content, lambda _: [confirmed()], sequence=1, on=ON)


@pytest.mark.req("BNK-04")
def test_an_instruction_that_the_bank_does_not_know_is_rejected(bank, terms, send, make_title):
    remittance = send(terms, Instruction(Movement.WRITE_OFF, make_title()))
    _, [occurrence] = answer(remittance.replace(*MOVEMENTS[bank]), lambda _: [confirmed()])
    assert occurrence.kind is refusal(bank, OccurrenceKind.INSTRUCTION_REJECTED)
    assert occurrence.reasons[0].text in {
        "Instrução/ocorrência não existente",
        "Código de movimento inválido",
        "Código do movimento inválido",
        "Código do Movimento Inválido",
        "Código de ocorrência não permitido para a carteira",
        "Código da ocorrência inválido",
        "Código de ocorrência inválido",
        "Código de operação/ocorrência inválido",
        "Comando incompatível com a carteira",
        "Caractere ou campo inválido",
        "Tipo de Ocorrência Inválido",
        "motivo 05, que o manual não descreve",
        "Código do serviço inválido",
    }


@pytest.mark.req("BNK-04")
def test_remittance_of_an_unsupported_bank_is_refused():
    for content in (b"", b"abc", b"0" * 400):
        with pytest.raises(RemittanceRefused, match=r"bank\.unknown"):
            respond(content, lambda _: [], sequence=1, on=ON)


@pytest.mark.req("BNK-05")
@pytest.mark.parametrize("name", BANKS)
@settings(max_examples=settings.default.max_examples // 10 + 1)  # of each bank
@given(data=st.data())
def test_the_round_trip_is_exact(data, name, request, created_at, any_title):
    """parse(write(x)) == x: what is registered or requested, and what is paid, for every bank and layout, to the
    cent."""
    terms = request.getfixturevalue(name)
    drawn = data.draw(st.lists(any_title, min_size=1, max_size=4, unique_by=lambda t: t.nosso_numero))
    chosen = [as_taken(terms, title) for title in drawn]
    amounts = {
        int(bank_number(terms, title)): data.draw(st.integers(300, 10**9).map(Money.from_cents))
        for title in chosen
    }
    movement = data.draw(st.sampled_from([Movement.REGISTER, Movement.WRITE_OFF]))
    remittance = write_remittance(
        terms, [Instruction(movement, title) for title in chosen], sequence=1, created_at=created_at
    )
    sent = [(reference(terms, title), title.amount, title.document_number) for title in chosen]
    seen = titles_of(remittance)
    assert [(one.our_reference, one.amount, one.document_number) for one in seen] == sent
    if movement is Movement.REGISTER:
        assert [one.due_on for one in seen] == [title.due_on for title in chosen]
    _, occurrences = answer(remittance, lambda one: [paid(amounts[int(one.nosso_numero)])])
    assert [(o.our_reference, o.title_amount, o.document_number) for o in occurrences] == sent
    assert [o.nosso_numero for o in occurrences] == [bank_number(terms, title) for title in chosen]
    settled = [o for o in occurrences if o.kind is OccurrenceKind.SETTLED]
    assert [o.paid_amount for o in settled] == [amounts[int(o.nosso_numero)] for o in settled]
    assert {o.kind for o in occurrences} <= {
        OccurrenceKind.SETTLED,
        OccurrenceKind.REJECTED,
        OccurrenceKind.COMMAND_REFUSED,
    }
