"""What a title becomes in FEBRABAN's segments P, Q and R: the writing that banks share. What is specific to a bank is
passed in as a `Bank240`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import count, islice
from operator import itemgetter
from typing import Any, NamedTuple

from billing.banking.boleto.bank import refusal
from billing.banking.instructions import Instruction, Movement, Title
from billing.banking.layouts.record import Record
from billing.banking.layouts.remittance_240 import LENGTH, Policy240, Segments, Writer240
from billing.banking.layouts.title_facts import (
    CNAB240,
    Facts,
    especie_of,
    facts_of,
    hundredths,
    percents,
    without,
)
from billing.banking.remittance import Opening, daily_interest, person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.errors import Refusal, Refused

Account = dict[str, str]

PER_DAY, PER_MONTH = "1", "2"
"""C018: interest as an amount per day, or as a rate per month."""
_NO_FINE, _FINE_PERCENT = "0", "2"  # G073


@dataclass(frozen=True, slots=True)
class Bank240:
    records: Any
    """The bank's module of records: FILE_HEADER, BATCH_HEADER, SEGMENT_P, SEGMENT_Q, SEGMENT_R, BATCH_TRAILER,
    FILE_TRAILER."""
    refusals: Callable[[BankTerms], list[Refusal]]
    """Why no file can be written for the account."""
    movements: Mapping[Movement, str]
    """C004."""
    segments: Mapping[Movement, str]
    """Which segments a movement carries, in order."""
    empty_r: bool
    """Whether a segment R is written when there is no fine."""
    account: Callable[[BankTerms], Account]
    """The account's own fields in headers and segments: the same in every line."""
    numbering: Callable[[BankTerms, Title], Facts]
    """The fields of the nosso número."""
    interest: str
    """PER_DAY or PER_MONTH."""
    exempt: str
    """C018: the code for no interest."""
    rate: Callable[[Decimal], int] = field(default=hundredths, kw_only=True)
    """A monthly rate as the bank's columns have it."""
    begins: Callable[[date], date]
    """Due date -> the day from which interest and fine are charged."""
    especies: Mapping[DocumentKind, str]
    """C015."""
    changed: Mapping[Movement, Facts] = field(default_factory=dict)
    """The facts in which a movement differs from a registration."""
    wallet_total: Callable[[BankTerms], str] = lambda _: "simples"
    """Which total in the batch's trailer includes the wallet."""
    refused_characters: str = ""
    """The ASCII characters that the bank does not accept."""
    fine: Callable[[int, Decimal], tuple[str, int]] = lambda _, percent: _percentage(percent)
    """From a title's cents and its percentage to the code and value of the fine (G073, G075)."""
    refused: Callable[[Instruction], list[Refusal]] = lambda _: []
    """Why the bank would not accept an instruction, besides what every bank requires."""


def writer(bank: Bank240, opening: Opening) -> Writer240:
    """Raises Refused for an account that the bank's file cannot carry."""
    refusals = bank.refusals(opening.terms)
    if refusals:
        raise Refused.because(refusals)
    records = bank.records
    policy = Policy240(
        file_header=records.FILE_HEADER,
        batch_header=records.BATCH_HEADER,
        batch_trailer=records.BATCH_TRAILER,
        file_trailer=records.FILE_TRAILER,
        account=lambda opened: {**bank.account(opened.terms)},
        segments=partial(_segments, bank),
        wallet_total=lambda opened: bank.wallet_total(opened.terms),
    )
    return Writer240(opening, policy)


def _percentage(fine: Decimal) -> tuple[str, int]:
    return (_FINE_PERCENT if fine else _NO_FINE), hundredths(fine)


def account_of(terms: BankTerms) -> Account:
    """The account's fields as FEBRABAN has them."""
    return {
        "empresa_tipo": person_type(terms.beneficiary_document)[1],
        "empresa_documento": terms.beneficiary_document,
        "agencia": terms.agencia,
        "agencia_digito": terms.agencia_digit,
        "conta": terms.conta,
        "conta_digito": terms.conta_digit,
        "empresa_nome": terms.beneficiary_name,
        "carteira": terms.carteira,
        "aceite": "A" if terms.accepted else "N",
    }


def _segments(bank: Bank240, opening: Opening, batch: int) -> Segments:
    terms, warnings = opening.terms, opening.warnings
    bound = {**bank.account(terms), "lote": f"{batch:04d}"}
    groups: dict[str, _Group] = {}

    def lines(instruction: Instruction, sequence: int) -> list[str]:
        title = instruction.title
        if reasons := bank.refused(instruction):
            raise Refused.because(reasons)
        facts = facts_of(title, CNAB240)
        facts.update(bank.numbering(terms, title))
        facts.update(_charges(bank, terms, title))
        facts["movimento"] = bank.movements[instruction.movement]
        facts["especie"] = especie_of(bank.especies, title.especie or terms.especie)
        if instruction.movement in bank.changed:
            facts.update(bank.changed[instruction.movement])
        if bank.refused_characters:
            without(bank.refused_characters, facts, warnings, title.document_number)
        wanted = bank.segments[instruction.movement]
        if not (facts["multa"] or bank.empty_r):
            wanted = wanted.replace("R", "")
        group = groups.get(wanted)
        if group is None:
            group = groups[wanted] = _group(bank.records, wanted, bound)
        facts.update(zip(group.sequences, count(sequence)))
        return _written(group, facts, warnings, title.document_number)

    return lines


def not_taken(terms: BankTerms, bank: str, *, write_off: bool, bureau_report: bool = False) -> list[Refusal]:
    """What the profile requests and the bank's file cannot carry: boleto Pix and, for most banks, days to report to the credit bureau or
    write off."""
    refusals = []
    if terms.registers_pix:
        message = (
            f"{bank} não mostra no manual boleto híbrido por este arquivo: registre-o pela API do banco."
        )
        refusals.append(refusal("remittance.pix_unknown", message, "registers_pix"))
    if terms.bureau_days and not bureau_report:
        message = f"{bank} não recebe prazo de negativação por arquivo."
        refusals.append(refusal("remittance.bureau_days", message, "bureau_days"))
    if terms.write_off_days and not write_off:
        message = f"{bank} não recebe prazo de baixa por arquivo; combine-o com a agência."
        refusals.append(refusal("remittance.write_off_days", message, "write_off_days"))
    return refusals


class _Group(NamedTuple):
    """A title's segments, side by side in one record: they are written at once, and separately only to say what does
    not fit."""

    whole: Record
    pick: Callable[[Facts], tuple[int | str, ...]]
    apart: list[Record]
    sequences: list[str]
    """The names of the facts that number them."""


def _group(records: Any, wanted: str, bound: Account) -> _Group:
    apart, fields, names = [], [], []
    for index, segment in enumerate(wanted):
        record: Record = getattr(records, f"SEGMENT_{segment}")
        own = {field.name: bound[field.name] for field in record.inputs if field.name in bound}
        bound_record = record.binding(**own)
        apart.append(bound_record)
        shift = index * LENGTH
        fields += [
            own._replace(name=f"{segment}.{own.name}", start=own.start + shift, end=own.end + shift)
            for own in bound_record.fields
        ]
        names += [
            f"sequencial_{segment}" if field.name == "sequencial" else field.name
            for field in bound_record.inputs
        ]
    whole = Record(wanted, LENGTH * len(wanted), "", fields)
    return _Group(whole, itemgetter(*names), apart, [f"sequencial_{segment}" for segment in wanted])


def _written(group: _Group, facts: Facts, warnings: list[Refusal], where: str) -> list[str]:
    values = group.pick(facts)
    spoilt: list[Refusal] = []
    try:
        together = group.whole.write(values, spoilt, where)
    except Refused:
        together = ""
    if together and not spoilt:
        return [together[start : start + LENGTH] for start in range(0, len(together), LENGTH)]
    remaining = iter(values)
    return [
        record.write(tuple(islice(remaining, len(record.inputs))), warnings, where) for record in group.apart
    ]


def _charges(bank: Bank240, terms: BankTerms, title: Title) -> Facts:
    """Interest (C018 to C020) and fine (G073 to G075); the fine is a percentage unless the bank takes it in another
    form."""
    fine, interest = percents(terms, title)
    fine_code, fine_value = bank.fine(title.amount.cents, fine)
    begins = CNAB240.day(bank.begins(title.due_on)) if fine or interest else CNAB240.no_day
    value = (
        bank.rate(interest) if bank.interest == PER_MONTH else daily_interest(title.amount.cents, interest)
    )
    return {
        "juros_codigo": bank.interest if value else bank.exempt,
        "juros_data": begins if value else CNAB240.no_day,
        "juros": value,
        "multa_codigo": fine_code,
        "multa_data": begins if fine else CNAB240.no_day,
        "multa": fine_value,
    }
