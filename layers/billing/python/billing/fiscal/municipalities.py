"""A municipality's code at IBGE by the state and name on the register: clerks write cities, notes carry codes.

Accents, case and punctuation do not matter. `data/municipalities.json` has the official names; a name that is not there is
told as a fault of the note (`billing.fiscal.faults`).
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from billing.fiscal.dated import content
from billing.fiscal.states import UFS

_OTHER = re.compile(r"[^a-z]+")


def municipality_code(city: str, uf: str) -> str | None:
    """None for a city that is not in the state's table.

    >>> municipality_code("SANTA BARBARA DO OESTE", "SP"), municipality_code("Rio", "RJ")
    (None, None)
    >>> municipality_code("  sao joao d'alianca ", "GO")
    '5220009'
    """
    return _codes(uf).get(_folded(city))


def municipality_name(code: str) -> str:
    """City and state; the code itself if the table does not have it.

    >>> municipality_name("3550308"), municipality_name("9999999")
    ('São Paulo/SP', '9999999')
    """
    uf = UFS.get(int(code[:2] or 0), "")
    names = content("municipalities")["states"].get(uf, {})
    return next((f"{name}/{uf}" for name, of_city in names.items() if of_city == code), code)


@cache
def _codes(uf: str) -> Mapping[str, str]:
    return {_folded(name): code for name, code in content("municipalities")["states"].get(uf, {}).items()}


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().casefold()
    return _OTHER.sub("", plain)
