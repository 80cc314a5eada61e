"""Before a remittance is written: what the bank would reject, title by title, so that the others can go.

Each refusal names the field, its value and the rule. The rules are those of the banks' rejection tables (Itaú, CNAB 400
of July 2021, note 20, table 1; FEBRABAN 240 V10.6, C047, rejections); last of all the title is written, so that what
does not fit is also found.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from billing.banking.instructions import (
    MOST_CONCEDED,
    Discount,
    Instruction,
    Movement,
    Payer,
    Title,
    takes_concession,
)
from billing.banking.remittance import fitting
from billing.banking.terms import BankTerms
from billing.core.errors import Refusal, Severity
from billing.core.money import ZERO, Money

_STATES = frozenset(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905
)


SOURCES: Mapping[str, str] = {
    "remittance.payer_name": "FEBRABAN 240 V10.6, C047, 45; Itaú CNAB 400, nota 20, tabela 1, 08",
    "remittance.payer_document": "FEBRABAN 240 V10.6, C047, 46; Itaú CNAB 400, nota 20, tabela 1, 37",
    "remittance.payer_street": "FEBRABAN 240 V10.6, C047, 47; Itaú CNAB 400, nota 20, tabela 1, 10",
    "remittance.payer_postcode": "FEBRABAN 240 V10.6, C047, 48; Itaú CNAB 400, nota 20, tabela 1, 03 e 11",
    "remittance.payer_city": "Itaú CNAB 400, nota 20, tabela 1, 96",
    "remittance.payer_state": "FEBRABAN 240 V10.6, C047, 52; Itaú CNAB 400, nota 20, tabela 1, 04",
    "remittance.amount": "FEBRABAN 240 V10.6, C047, 20; Itaú CNAB 400, nota 20, tabela 1, 67",
    "remittance.discount": "FEBRABAN 240 V10.6, C047, 29; Itaú CNAB 400, nota 13",
    "remittance.discount_until": "FEBRABAN 240 V10.6, C047, 80; Itaú CNAB 400, nota 20, tabela 1, 62",
    "remittance.due_on": "FEBRABAN 240 V10.6, C047, 17; Itaú CNAB 400, nota 20, tabela 1, 66",
    "remittance.rebate": "FEBRABAN 240 V10.6, C047, 33 e 34; Itaú CNAB 400, nota 20, tabela 3, 10",
    "remittance.duplicate": "FEBRABAN 240 V10.6, C047, 09; Itaú CNAB 400, nota 20, tabela 1, 15",
}
"""Code of a refusal -> source of its rule. A code that is not here comes from the layout itself."""


def source_of(terms: BankTerms, refusal: Refusal) -> str:
    """The source of the rule behind a refusal."""
    return SOURCES.get(refusal.code, f"Layout {terms.layout.upper()} do banco {terms.bank}")


class Preflight(NamedTuple):
    fit: list[Instruction]
    refused: list[tuple[Instruction, list[Refusal]]]


def preflight(terms: BankTerms, instructions: Iterable[Instruction]) -> Preflight:
    """The instructions that the bank would accept, in order, and the others with all their reasons."""
    result, reasons_of = Preflight([], []), checker(terms)
    registered: set[int] = set()
    for instruction in instructions:
        reasons = reasons_of(instruction)
        if instruction.movement is Movement.REGISTER:
            if instruction.title.nosso_numero in registered:
                message = f"O nosso número {instruction.title.nosso_numero} está duas vezes na remessa."
                reasons.append(_refusal("duplicate", message, "nosso_numero"))
            registered.add(instruction.title.nosso_numero)
        if reasons:
            result.refused.append((instruction, reasons))
        else:
            result.fit.append(instruction)
    return result


def refusals(terms: BankTerms, instruction: Instruction) -> Iterator[Refusal]:
    """Every reason why the bank would reject one instruction."""
    yield from checker(terms)(instruction)


def checker(terms: BankTerms) -> Callable[[Instruction], list[Refusal]]:
    """A function that gives every reason why the bank would reject an instruction, for many instructions of one
    profile.

    Raises Refused for terms that no file of the layout can have.
    """
    fits = fitting(terms)
    return lambda instruction: list(_own(instruction)) or fits(instruction)


def value_of(terms: BankTerms, title: Title, field: str | None) -> str:
    """The present value of a title's field, as people write it; empty for a field that exists only in the layout."""
    owner, _, name = (field or "").rpartition(".")
    holder = {"": title, "payer": title.payer, "terms": terms}.get(owner)
    return _written(getattr(holder, name, None))


def _written(value: object) -> str:
    match value:
        case None:
            return ""
        case Money():
            return value.format_br()
        case Discount():
            return f"{value.amount.format_br()} até {value.until:%d/%m/%Y}"
        case _ if hasattr(value, "isoformat"):
            return f"{value:%d/%m/%Y}"
        case _:
            return str(value)


def _own(instruction: Instruction) -> Iterator[Refusal]:
    """What is wrong with the instruction, whatever the layout."""
    title, movement = instruction.title, instruction.movement
    if movement is Movement.REGISTER:
        yield from _payer(title.payer)
        yield from _amounts(title)
        yield from _dates(title)
    elif movement is Movement.CHANGE_DATA:
        yield from _payer(title.payer)
    elif movement is Movement.GRANT_DISCOUNT:
        if title.discount is None:
            yield _refusal("discount", "Falta o desconto a conceder: valor e último dia.", "discount")
        yield from _amounts(title)
        yield from _dates(title)
    elif movement is Movement.GRANT_REBATE and not ZERO < title.rebate < title.amount:
        message = f"Abatimento de {title.rebate.format_br()}: deve ser maior que zero e menor que o valor do título."
        yield _refusal("rebate", message, "rebate")


def _payer(payer: Payer) -> Iterator[Refusal]:
    if not payer.name.strip():
        yield _refusal("payer_name", "O nome do pagador está em branco.", "payer.name")
    if len(payer.document) not in {11, 14} or not payer.document.isalnum() or not payer.document.strip("0"):
        message = f"O documento do pagador, “{payer.document}”, não é um CPF (11) nem um CNPJ (14)."
        yield _refusal("payer_document", message, "payer.document")
    if not payer.street.strip():
        yield _refusal("payer_street", "O endereço do pagador está em branco.", "payer.street")
    if not (len(payer.postcode) == 8 and payer.postcode.isdecimal() and payer.postcode.strip("0")):
        message = f"O CEP do pagador, “{payer.postcode}”, não tem 8 algarismos."
        yield _refusal("payer_postcode", message, "payer.postcode")
    if not payer.city.strip():
        yield _refusal("payer_city", "A cidade do pagador está em branco.", "payer.city")
    if payer.state not in _STATES:
        message = f"A UF do pagador, “{payer.state}”, não existe."
        yield _refusal("payer_state", message, "payer.state")


def _amounts(title: Title) -> Iterator[Refusal]:
    if title.amount <= ZERO:
        message = f"O valor do título, {title.amount.format_br()}, deve ser maior que zero."
        yield _refusal("amount", message, "amount")
    conceded = title.rebate + (title.discount.amount if title.discount else ZERO)
    if title.rebate < ZERO or (title.discount and title.discount.amount <= ZERO):
        yield _refusal("discount", "Desconto e abatimento não são negativos nem zero.", "discount")
    elif conceded and not takes_concession(title.amount, conceded):
        message = (
            f"Desconto e abatimento, {conceded.format_br()}, passam de {MOST_CONCEDED}% do valor do título, "
            f"{title.amount.format_br()}."
        )
        yield _refusal("discount", message, "discount")


def _dates(title: Title) -> Iterator[Refusal]:
    if title.due_on < title.issued_on:
        message = f"O vencimento, {title.due_on:%d/%m/%Y}, é anterior à emissão, {title.issued_on:%d/%m/%Y}."
        yield _refusal("due_on", message, "due_on")
    if title.discount and not title.issued_on <= title.discount.until <= title.due_on:
        message = (
            f"O desconto vale até {title.discount.until:%d/%m/%Y}, fora do prazo entre emissão e vencimento."
        )
        yield _refusal("discount_until", message, "discount")


def _refusal(code: str, message: str, field: str) -> Refusal:
    return Refusal(f"remittance.{code}", message, Severity.BLOCKS, field)
