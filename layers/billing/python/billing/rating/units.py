"""Units of usage for definitions (UdM de uso), and how they are written in Portuguese.

A unit may be a kind of a wider one: a definition for pages covers mono and colour pages alike, unless another
definition names the narrower unit. People may send a unit as they write it (litro, L, horas); its code is what is
stored.

>>> code_of("Litros"), code_of("h"), code_of("m³"), code_of("arroba")
('litre', 'hour', 'm3', 'arroba')
"""

from typing import Annotated, NamedTuple

from pydantic import BeforeValidator, Field
from pydantic.config import JsonDict

from billing.core.br.text import search_key
from billing.core.text import LINE_PATTERN


class UnitNames(NamedTuple):
    one: str
    many: str
    kind_of: str | None = None


UNITS: dict[str, UnitNames] = {
    "page": UnitNames("página", "páginas"),
    "page_mono": UnitNames("página mono", "páginas mono", "page"),
    "page_colour": UnitNames("página em cores", "páginas em cores", "page"),
    "page_large": UnitNames("página em grande formato", "páginas em grande formato", "page"),
    "scan": UnitNames("digitalização", "digitalizações"),
    "copy": UnitNames("cópia", "cópias"),
    "km": UnitNames("km", "km"),
    "mile": UnitNames("milha", "milhas"),
    "hour": UnitNames("hora", "horas"),
    "day": UnitNames("dia", "dias"),
    "week": UnitNames("semana", "semanas"),
    "month": UnitNames("mês", "meses"),
    "quarter": UnitNames("trimestre", "trimestres"),
    "year": UnitNames("ano", "anos"),
    "kwh": UnitNames("kWh", "kWh"),
    "m3": UnitNames("m³", "m³"),
    "litre": UnitNames("litro", "litros"),
    "kg": UnitNames("kg", "kg"),
    "tonne": UnitNames("tonelada", "toneladas"),
    "unit": UnitNames("unidade", "unidades"),
    "user": UnitNames("usuário", "usuários"),
    "licence": UnitNames("licença", "licenças"),
    "request": UnitNames("requisição", "requisições"),
    "event": UnitNames("evento", "eventos"),
    "minute": UnitNames("minuto", "minutos"),
    "gb": UnitNames("GB", "GB"),
    "tb": UnitNames("TB", "TB"),
    "vcpu_hour": UnitNames("hora de vCPU", "horas de vCPU"),
    "brl": UnitNames("real", "reais"),
}


_SHORT = {
    "page": "pag pg pags",
    "km": "quilometro quilometros",
    "hour": "h hr hrs",
    "day": "d",
    "kwh": "quilowatt-hora",
    "m3": "metro cubico, metros cubicos",
    "litre": "l lt lts",
    "kg": "quilo quilos quilograma quilogramas kilo kilos",
    "tonne": "t ton",
    "unit": "un und unid uni",
    "minute": "min mins",
    "gb": "gigabyte gigabytes giga",
    "tb": "terabyte terabytes",
    "brl": "r$",
}
"""Abbreviations of units, besides their names; separated by commas if they have several words."""

_CODES = {
    search_key(name): code
    for code, unit in UNITS.items()
    for short in (_SHORT.get(code, ""),)
    for name in (code, unit.one, unit.many, *(short.split(", ") if ", " in short else short.split()))
}


def code_of(text: object) -> object:
    """The code of a unit as people write it; an unknown text stays as it is."""
    if not isinstance(text, str) or text in UNITS:
        return text
    return _CODES.get(search_key(text).rstrip("."), text)


_LABELS: JsonDict = {code: unit.one for code, unit in UNITS.items()}
UNKNOWN_UNIT = f"Unidade desconhecida: use uma de {', '.join(unit.one for unit in UNITS.values())}."

UnitCode = Annotated[
    str,
    Field(pattern=LINE_PATTERN, max_length=20, json_schema_extra={"x-labels": _LABELS}),
    BeforeValidator(code_of),
]
"""A unit in a request: one of UNITS once its field has checked it."""


def covers(wanted: str | None, unit: str | None) -> bool:
    """Whether a definition for `wanted` covers a quantity in `unit`; without a wanted unit it covers any."""
    if wanted is None or wanted == unit:
        return True
    known = UNITS.get(unit or "")
    return known is not None and known.kind_of == wanted


def written(unit: str | None) -> str | None:
    """In the plural, for an explanation; a unit that is not in our list stays as it is."""
    if unit is None:
        return None
    known = UNITS.get(unit)
    return known.many if known else unit


_ONE_OF = {unit.many: unit.one for unit in UNITS.values()}


def counted(quantity: str, unit: str) -> str:
    """A quantity with its unit, which is given in the plural by `written`; in the singular if the quantity is one.

    >>> counted("1", "meses"), counted("1,5", "horas"), counted("1", "VM")
    ('1 mês', '1,5 horas', '1 VM')
    """
    return f"{quantity} {_ONE_OF.get(unit, unit) if quantity == '1' else unit}"
