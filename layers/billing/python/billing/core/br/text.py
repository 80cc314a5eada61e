"""Portuguese text without accents: as it is searched (people type "joao", the register says "João"), and as banks take it."""

import unicodedata
from functools import lru_cache

_EQUALS = str.maketrans(
    {
        "º": "o",
        "ª": "a",
        "°": "o",
        "–": "-",
        "—": "-",
        "−": "-",
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "ß": "ss",
    }
    | {"Æ": "AE", "æ": "ae", "Ø": "O", "ø": "o", "…": "...", "\xa0": " ", "\t": " ", "\n": " ", "\r": " "}
)


def search_key(text: str) -> str:
    """Lower case, without accents, single spaces: two texts that a reader takes for the same have the same key.

    >>> search_key("  JOÃO  da Conceição ")
    'joao da conceicao'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())


@lru_cache(maxsize=4096)
def plain_text(value: str) -> tuple[str, str]:
    """The text in printable ASCII, before any padding or cutting, and the characters that had no equal (now blanks).

    >>> plain_text("Ação & Cia – 1º ☂")
    ('Acao & Cia - 1o  ', '☂')
    """
    bare = "".join(
        c for c in unicodedata.normalize("NFKD", value.translate(_EQUALS)) if not 0x300 <= ord(c) <= 0x36F
    )
    lost = "".join(dict.fromkeys(c for c in bare if not (c.isascii() and c.isprintable())))
    return (bare.translate(dict.fromkeys(map(ord, lost), " ")) if lost else bare), lost
