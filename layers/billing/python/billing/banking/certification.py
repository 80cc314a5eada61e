"""The certification kit of a bank (BEY-14): boletos that show every check digit, and the remittances that register them and move them.

Nothing of the profile is used up: the numbers are the last ones of its contracted range, the files are numbered from
1, the payers are fictitious, and nothing is kept but the file itself. What a bank requires is in its own file
(`Bank.certification`). Pure: the same terms, range and day give the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle, islice

from billing.banking.boleto.bank import Bank, of
from billing.banking.boleto.certification import TestFile
from billing.banking.boleto.issue import Boleto, BoletoTerms, issue_boleto
from billing.banking.instructions import MOVEMENT_NAMES, Discount, Instruction, Movement, Payer, Title
from billing.banking.layouts.registry import module_of
from billing.banking.preflight import preflight
from billing.banking.remittance import movements_of, write_remittance
from billing.banking.terms import LENGTHS, BankTerms
from billing.core.br import cpf
from billing.core.errors import Refused
from billing.core.money import Money

_CANDIDATES = 400
"""How many numbers to search, from the end of the range."""
_FIRST_DUE, _DAYS_BETWEEN = 15, 3
_FROM_CENTS, _CENTS_BETWEEN = 10_000, 4_321
_REGISTERING = "registro de {count} boletos"
_ASKING = "a enviar depois de confirmadas as entradas: {asked}"
_UNDOING = "a enviar depois de confirmados os movimentos anteriores: {asked}"
_UNDONE_BY = {
    Movement.GRANT_REBATE: Movement.CANCEL_REBATE,
    Movement.GRANT_DISCOUNT: Movement.CANCEL_DISCOUNT,
    Movement.PROTEST: Movement.STOP_PROTEST,
    Movement.REPORT_TO_BUREAU: Movement.WITHDRAW_FROM_BUREAU,
}
_ADDRESSES = (
    ("Rua XV de Novembro, 212", "Centro", "01013000"),
    ("Av. Paulista, 2100", "Cerqueira Cesar", "01310930"),
    ("Av. Angelica, 1263", "Higienopolis", "01227100"),
    ("Rua Silva Bueno, 1100", "Ipiranga", "04208000"),
    ("Rua Joaquim Floriano, 737", "Itaim", "04534012"),
    ("Rua Roma, 695", "Lapa", "05050090"),
    ("Av. Paes de Barros, 242", "Mooca", "03114000"),
    ("Av. Morumbi, 8384", "Morumbi", "04703004"),
)
"""São Paulo, SP. Safra suggests them for tests (manual of 2016, section 4.1); they suit any bank."""


@dataclass(frozen=True, slots=True)
class NumberRange:
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Sample:
    """One boleto of the kit, and its title."""

    title: Title
    boleto: Boleto


@dataclass(frozen=True, slots=True)
class KitFile:
    """A remittance of the kit."""

    name: str
    content: bytes
    purpose: str
    """What it requests, in Portuguese."""


@dataclass(frozen=True, slots=True)
class Kit:
    terms: BankTerms
    on: date
    samples: Sequence[Sample]
    numbers: Sequence[str]
    """Nossos números in sequence, if the bank asks for a list."""
    files: Sequence[KitFile]
    """Registrations first."""
    left_out: Sequence[str]
    """Movements that the bank's rules do not allow, and why."""

    @property
    def bank(self) -> Bank:
        return of(self.terms.bank)


def make_kit(terms: BankTerms, numbers: NumberRange, on: date) -> Kit:
    """Raises Refused for a range that is too short, and for terms that would make the bank reject the registrations."""
    bank = of(terms.bank)
    samples = [
        _sample(terms, place, number, on) for place, number in enumerate(_choose(bank, terms, numbers, on))
    ]
    listed = range(numbers.last - bank.certification.listed_numbers + 1, numbers.last + 1)
    left_out: list[str] = []
    return Kit(
        terms=terms,
        on=on,
        samples=samples,
        numbers=[_issue(terms, number, on, Money("1.00")).nosso_numero_formatted for number in listed],
        files=list(_files(terms, samples, on, left_out)),
        left_out=left_out,
    )


def digits_of(bank: Bank, boleto: Boleto) -> frozenset[tuple[str, str]]:
    """The check digits that a boleto shows and that depend on its number: name and value."""
    digits = boleto.nosso_numero_digit
    marks = {
        (f"nosso número, {place}º dígito" if len(digits) > 1 else "nosso número", digit)
        for place, digit in enumerate(digits, 1)
    }
    if bank.certification.covers_free_field:
        marks.add(("campo livre", boleto.campo_livre[-1]))
    return frozenset(marks)


def _choose(bank: Bank, terms: BankTerms, numbers: NumberRange, on: date) -> list[int]:
    """Numbers from the end of the range: as few as show every digit, but at least as many as the bank requires."""
    certification = bank.certification
    least = max(certification.boletos, certification.listed_numbers)
    if numbers.last - numbers.first + 1 < least:
        message = f"A faixa de nosso número do profile tem menos de {least} números: o kit não cabe nela."
        raise Refused("certification.range_too_short", message)
    candidates = range(max(numbers.first, numbers.last - _CANDIDATES + 1), numbers.last + 1)
    shown = {n: digits_of(bank, _issue(terms, n, on, Money("1.00"))) for n in reversed(candidates)}
    if certification.in_sequence:
        windows = [
            range(n - certification.boletos + 1, n + 1)
            for n in shown
            if n - certification.boletos + 1 in shown
        ]
        return list(max(windows, key=lambda window: len(frozenset().union(*(shown[n] for n in window)))))
    chosen: list[int] = []
    missing = set[tuple[str, str]]().union(*shown.values())
    while missing:
        best = max(shown, key=lambda n: len(shown[n] & missing))
        chosen.append(best)
        missing -= shown[best]
    chosen += islice((n for n in shown if n not in chosen), max(0, certification.boletos - len(chosen)))
    return sorted(chosen)


def _sample(terms: BankTerms, place: int, number: int, on: date) -> Sample:
    """Amounts and due dates vary; cents are added until the barcode's own digit is the one whose turn it is, 1 to 9."""
    due_on = on + timedelta(days=_FIRST_DUE + _DAYS_BETWEEN * place)
    wanted, cents = str(place % 9 + 1), _FROM_CENTS + _CENTS_BETWEEN * place
    title = Title(
        nosso_numero=number,
        our_reference=f"homologacao{place + 1:03d}",
        document_number=f"{place + 1:08d}",
        issued_on=on,
        due_on=due_on,
        amount=Money.from_cents(cents),
        payer=_payer(place),
    )
    while True:
        boleto = _issue(terms, number, on, title.amount, due_on, title.document_number)
        if boleto.barcode[4] == wanted:
            return Sample(title, boleto)
        cents += 1
        title = title._replace(amount=Money.from_cents(cents))


def _issue(
    terms: BankTerms, number: int, on: date, amount: Money, due_on: date | None = None, document: str = "1"
) -> Boleto:
    return issue_boleto(BoletoTerms(terms, number, due_on or on, amount, on, document))


def _payer(place: int) -> Payer:
    """A fictitious payer: a CPF from the lowest numbers, with its check digits."""
    own = f"{place + 1:09d}"
    street, district, postcode = _ADDRESSES[place % len(_ADDRESSES)]
    document = own + cpf.check_digits(own)
    return Payer(document, f"Pagador de Teste {place + 1:02d}", street, district, postcode, "São Paulo", "SP")


def _files(terms: BankTerms, samples: Sequence[Sample], on: date, left_out: list[str]) -> Iterator[KitFile]:
    """Registrations, then instructions about them, then what undoes those; each in files with as many titles as the
    bank accepts in one."""
    length = LENGTHS[terms.layout]
    if module_of(terms.bank, length, "remittance") is None:
        return
    test = of(terms.bank).certification.file_of(length)
    registered = preflight(terms, [Instruction(Movement.REGISTER, sample.title) for sample in samples])
    if registered.refused:
        raise Refused.because(registered.refused[0][1])
    stages = {_REGISTERING.format(count=len(samples)): registered.fit}
    if not test.registers_only:
        for stage, instructions in zip((_ASKING, _UNDOING), _movements(terms, samples), strict=True):
            moved = preflight(terms, instructions)
            left_out += [
                f"{MOVEMENT_NAMES[instruction.movement]}: {why[0].message}"
                for instruction, why in moved.refused
            ]
            stages[stage.format(asked=", ".join(map(_named, moved.fit)))] = moved.fit
    at = datetime(on.year, on.month, on.day, 12, tzinfo=UTC)
    most = test.most_titles or len(samples)
    groups = [(stage, group) for stage, fit in stages.items() for group in _groups(fit, most)]
    for part, (stage, group) in enumerate(groups, 1):
        content = write_remittance(terms, group, sequence=part, created_at=at)
        yield KitFile(test.name.format(part=part, day=f"{on:%d%m}"), _marked(content, test), stage)


def _named(instruction: Instruction) -> str:
    return f"{MOVEMENT_NAMES[instruction.movement]} ({instruction.title.document_number})"


def _movements(terms: BankTerms, samples: Sequence[Sample]) -> tuple[list[Instruction], list[Instruction]]:
    """One of each that the layout has, each on a title of its own; then what undoes one of them, on the same title."""
    known = movements_of(terms) - {Movement.REGISTER}
    pairs: list[tuple[Movement | None, Movement | None]] = [
        (movement, _UNDONE_BY.get(movement)) for movement in sorted(known - set(_UNDONE_BY.values()))
    ]
    pairs += [(None, undo) for done, undo in _UNDONE_BY.items() if undo in known and done not in known]
    first: list[Instruction] = []
    then: list[Instruction] = []
    for (movement, undo), sample in zip(pairs, cycle(samples), strict=False):
        if movement is not None:
            first.append(Instruction(movement, _changed(movement, sample.title)))
        if undo is not None and undo in known:
            then.append(Instruction(undo, _changed(undo, sample.title)))
    return first, then


def _changed(movement: Movement, title: Title) -> Title:
    if movement in {Movement.GRANT_REBATE, Movement.CANCEL_REBATE}:
        return title._replace(rebate=Money.from_cents(title.amount.cents // 10))
    if movement is Movement.GRANT_DISCOUNT:
        return title._replace(discount=Discount(Money.from_cents(title.amount.cents // 10), title.due_on))
    if movement is Movement.CANCEL_DISCOUNT:
        return title._replace(discount=None)
    if movement is Movement.CHANGE_DUE_DATE:
        return title._replace(due_on=title.due_on + timedelta(days=10))
    return title


def _groups(instructions: Sequence[Instruction], most: int) -> Iterator[Sequence[Instruction]]:
    for start in range(0, len(instructions), most):
        yield instructions[start : start + most]


def _marked(content: bytes, test: TestFile) -> bytes:
    """With the bank's mark for test files."""
    if test.mark is None:
        return content
    number, column, text = test.mark
    lines = content.decode("ascii").split("\r\n")
    line = lines[number - 1]
    lines[number - 1] = line[: column - 1] + text + line[column - 1 + len(text) :]
    return "\r\n".join(lines).encode("ascii")
