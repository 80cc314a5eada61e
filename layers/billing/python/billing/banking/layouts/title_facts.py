"""What an instruction says, by the names that layouts give their fields: a record picks the ones that it has."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from billing.banking.boleto.bank import refusal
from billing.banking.instructions import Title
from billing.banking.layouts.pictures import ddmmyy, ddmmyyyy
from billing.banking.layouts.record import Record
from billing.banking.remittance import person_type
from billing.banking.terms import BankTerms, DocumentKind
from billing.core.br.text import plain_text
from billing.core.errors import Refusal, Refused, Severity

Facts = dict[str, int | str]


class Style(NamedTuple):
    """How a layout writes what every title has."""

    day: Callable[[date | None], str]
    no_day: str
    person_width: int
    document_width: int


CNAB400 = Style(ddmmyy, "000000", 2, 14)
CNAB400_ONE_DIGIT_PERSON = Style(ddmmyy, "000000", 1, 14)
CNAB240 = Style(ddmmyyyy, "00000000", 1, 15)


def facts_of(title: Title, style: Style) -> Facts:
    """The facts that need none of the bank's codes."""
    payer, discount = title.payer, title.discount
    day, no_day, person_width, document_width = style
    document = payer.document
    return {
        "uso_empresa": title.our_reference,
        "numero_documento": title.document_number,
        "vencimento": day(title.due_on),
        "valor_titulo": title.amount.cents,
        "emissao": day(title.issued_on),
        "desconto_codigo": "1" if discount else "0",
        "desconto_data": day(discount.until) if discount else no_day,
        "desconto": discount.amount.cents if discount else 0,
        "abatimento": title.rebate.cents,
        "pagador_tipo": person_type(document)[-person_width:],
        "pagador_documento": document.zfill(document_width),
        "pagador_nome": payer.name,
        "pagador_endereco": payer.street,
        "pagador_bairro": payer.district,
        "pagador_cep": payer.postcode,
        "pagador_cidade": payer.city,
        "pagador_uf": payer.state,
    }


def without(characters: str, facts: Facts, warnings: list[Refusal], where: str) -> None:
    """Put blanks in place of the characters that a bank does not accept in texts, with a warning."""
    for name in _TEXTS:
        text, lost = plain_text(str(facts[name]))
        if clashing := "".join(c for c in characters if c in text):
            message = f"{where}: o banco não aceita {clashing}{lost} no campo {name}: viraram espaço."
            warnings.append(Refusal("remittance.character", message, Severity.WARNS, name))
            facts[name] = text.translate(dict.fromkeys(map(ord, clashing), " "))


_TEXTS = (
    "numero_documento", "pagador_nome", "pagador_endereco", "pagador_bairro", "pagador_cidade", "pagador_uf",
)  # fmt: skip


def picker(record: Record) -> Callable[[Mapping[str, int | str]], tuple[int | str, ...]]:
    """A function that picks a record's inputs, in column order, from facts."""
    names = [field.name for field in record.inputs]
    if len(names) == 1:
        return lambda facts: (facts[names[0]],)
    picked: Callable[[Mapping[str, int | str]], tuple[int | str, ...]] = itemgetter(*names)
    return picked


def percents(terms: BankTerms, title: Title) -> tuple[Decimal, Decimal]:
    """Fine and monthly interest, in percent: the title's own, or otherwise the profile's."""
    fine, interest = title.fine_percent, title.interest_percent_month
    return (
        terms.fine_percent if fine is None else fine,
        terms.interest_percent_month if interest is None else interest,
    )


def especie_of(codes: Mapping[DocumentKind, str], kind: DocumentKind) -> str:
    """The bank's code for an espécie. Raises Refused if the bank has none."""
    code = codes.get(kind)
    if code is None:
        known = ", ".join(sorted(codes))
        message = f"O banco não aceita a espécie {kind} por este arquivo. Espécies aceitas: {known}."
        raise Refused.because([refusal("remittance.especie", message, "especie")])
    return code


@lru_cache(maxsize=64)
def hundredths(percent: Decimal) -> int:
    """Hundredths of a percent: 2.00 is 200. Raises Refused for a third decimal."""
    scaled = percent.scaleb(2)
    if scaled != int(scaled):
        raise Refused(
            "remittance.percent", f"O banco aceita duas casas decimais em multa e juros: {percent} não cabe."
        )
    return int(scaled)


@lru_cache(maxsize=4096)
def day_after(due_on: date) -> date:
    return due_on + timedelta(days=1)
