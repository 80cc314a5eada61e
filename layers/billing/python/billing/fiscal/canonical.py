"""XML written in its canonical form (Canonical XML 1.0, as the tax authorities ask), so that what is signed is what is sent.

No prefixes, no blanks between tags, attributes in order, no empty-element tags: text made of these needs no further
canonicalisation, which a test proves against libxml2.
"""

import re
from collections.abc import Iterable
from decimal import Decimal

_EQUALS = str.maketrans(
    {"–": "-", "—": "-", "−": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "...", "•": "-"}
)
_OUTSIDE = re.compile(r"[^ -\u00ff]")


def element(name: str, content: str) -> str:
    """An element whose content is XML already."""
    return f"<{name}>{content}</{name}>"


def text(name: str, value: str) -> str:
    """An element with a text."""
    return f"<{name}>{escaped(value)}</{name}>"


def optional(name: str, value: str | None) -> str:
    """Nothing where there is no value: the schemas have no empty elements."""
    return "" if not value else text(name, value)


def group(name: str, parts: Iterable[str]) -> str:
    return element(name, "".join(parts))


def escaped(value: str) -> str:
    """Text as canonical XML writes it."""
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\r", "&#xD;")


def plain(value: str) -> str:
    """A text in the characters of the schemas: one line, single blanks, typographic characters as their equals.

    >>> plain("  Fibra – 500\\nMega  ")
    'Fibra - 500 Mega'
    """
    return " ".join((value if value.isascii() else value.translate(_EQUALS)).split())


def unwritable(value: str) -> str:
    """Characters that no fiscal document takes (only Latin-1 is in the schemas), each once."""
    written = plain(value)
    if written.isascii() and written.isprintable():
        return ""
    return "".join(dict.fromkeys(_OUTSIDE.findall(written)))


def decimal_text(value: Decimal, most: int) -> str:
    """Two decimals, or as many as it has up to `most`.

    >>> decimal_text(Decimal("33.333333"), 8), decimal_text(Decimal("18"), 4)
    ('33.333333', '18.00')
    """
    whole, _, decimals = f"{value:f}".partition(".")
    decimals = decimals.rstrip("0")
    if len(decimals) > most:
        raise ValueError(f"{value}: more than {most} decimals")
    return f"{whole}.{decimals:0<2}"
