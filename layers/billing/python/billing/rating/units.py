"""Units of usage that a definition may name (UdM de uso), with how they are written in Portuguese.

A unit may be a kind of a wider one: a definition for pages takes mono and colour pages alike, unless another definition
names the narrower unit.
"""

from typing import NamedTuple


class Unit(NamedTuple):
    one: str
    many: str
    kind_of: str | None = None


UNITS: dict[str, Unit] = {
    "page": Unit("página", "páginas"),
    "page_mono": Unit("página mono", "páginas mono", "page"),
    "page_colour": Unit("página em cores", "páginas em cores", "page"),
    "page_large": Unit("página em grande formato", "páginas em grande formato", "page"),
    "scan": Unit("digitalização", "digitalizações"),
    "copy": Unit("cópia", "cópias"),
    "km": Unit("km", "km"),
    "mile": Unit("milha", "milhas"),
    "hour": Unit("hora", "horas"),
    "day": Unit("dia", "dias"),
    "week": Unit("semana", "semanas"),
    "month": Unit("mês", "meses"),
    "quarter": Unit("trimestre", "trimestres"),
    "year": Unit("ano", "anos"),
    "kwh": Unit("kWh", "kWh"),
    "m3": Unit("m³", "m³"),
    "litre": Unit("litro", "litros"),
    "kg": Unit("kg", "kg"),
    "tonne": Unit("tonelada", "toneladas"),
    "unit": Unit("unidade", "unidades"),
    "user": Unit("usuário", "usuários"),
    "licence": Unit("licença", "licenças"),
    "request": Unit("requisição", "requisições"),
    "event": Unit("evento", "eventos"),
    "minute": Unit("minuto", "minutos"),
    "gb": Unit("GB", "GB"),
    "tb": Unit("TB", "TB"),
    "vcpu_hour": Unit("hora de vCPU", "horas de vCPU"),
    "brl": Unit("real", "reais"),
}


def covers(wanted: str | None, unit: str | None) -> bool:
    """Whether a definition for `wanted` takes a quantity in `unit`; no unit wanted takes any."""
    if wanted is None or wanted == unit:
        return True
    known = UNITS.get(unit or "")
    return known is not None and known.kind_of == wanted


def written(unit: str | None) -> str | None:
    """In the plural, for an explanation; a unit of the catalogue that is not ours stays as it is."""
    if unit is None:
        return None
    known = UNITS.get(unit)
    return known.many if known else unit
