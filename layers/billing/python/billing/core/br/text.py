"""Portuguese text, as it is searched: people type "joao", the register says "João"."""

import unicodedata


def search_key(text: str) -> str:
    """Lower case, without accents, single spaces: two texts that a reader takes for the same have the same key.

    >>> search_key("  JOÃO  da Conceição ")
    'joao da conceicao'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).casefold().split())
