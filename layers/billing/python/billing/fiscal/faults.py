"""Faults that every fiscal document has in common: texts and addresses that its schema would refuse, and the schema itself."""

from collections.abc import Iterator

from billing.core.errors import Refusal
from billing.fiscal.canonical import plain, unwritable
from billing.fiscal.parties import Place
from billing.fiscal.schemas import Schema, faults
from billing.fiscal.states import IBGE_CODES


def faults_in_text(field: str, what: str, value: str, least: int, most: int) -> Iterator[Refusal]:
    """Of a text that the document writes plain; `what` begins the sentence, as "O bairro do cliente"."""
    written = plain(value)
    if not least <= len(written) <= most:
        message = f"{what} tem {len(written)} caracteres; a nota aceita de {max(least, 1)} a {most}."
        yield Refusal("fiscal.length", message, field=field)
    odd = unwritable(value)
    if odd:
        message = f"{what} tem caracteres que a nota não aceita: {' '.join(odd)}"
        yield Refusal("fiscal.characters", message, field=field)


def faults_in_place(field: str, whose: str, place: Place, *, longest_street: int = 60) -> Iterator[Refusal]:
    """`whose` ends the sentence, as "do cliente"."""
    address = place.address
    texts = [
        ("street", "O logradouro", address.street, 2, longest_street),
        ("number", "O número do endereço", address.number, 1, 60),
        ("district", "O bairro", address.district, 2, 60),
        ("city", "A cidade", address.city, 2, 60),
    ]
    if address.complement:
        texts.append(("complement", "O complemento", address.complement, 1, 60))
    for name, what, value, least, most in texts:
        yield from faults_in_text(f"{field}.place.address.{name}", f"{what} {whose}", value, least, most)
    code = place.municipality_code
    if code is None:
        message = f"Falta o código do município (IBGE) {whose}."
        yield Refusal("fiscal.municipality", message, field=f"{field}.place.municipality_code")
    elif int(code[:2]) != IBGE_CODES[address.uf]:
        message = f"O código do município {code} não é de {address.uf}, a UF {whose}."
        yield Refusal("fiscal.municipality", message, field=f"{field}.place.municipality_code")


def faults_in_schema(document: bytes, schema: Schema) -> Iterator[Refusal]:
    """The net below all other rules: what the official schema refuses and no rule of ours has told."""
    for fault in faults(document, schema):
        named = f"o campo {fault.element}" if fault.element else "o documento"
        message = f"O leiaute oficial não aceita {named}: avise o suporte, com o código do cliente."
        yield Refusal("fiscal.schema", message, field=fault.element or None)
