"""The text of an SMS: the GSM 7-bit alphabet, so that a segment holds 160 characters instead of 70.

3GPP TS 23.038, 6.2.1 (default alphabet and its extension table); TS 23.040, 9.2.3.24 (concatenation: 153 per segment).
The alphabet lacks ã, õ, ç and most accented vowels of Portuguese: a single one would turn the whole text to 16 bits and
double its cost, so all accents are removed. A character that is still not in the alphabet becomes a question mark.

>>> gsm_text("Fatura de março: R$ 99,90 – atenção, João")
'Fatura de marco: R$ 99,90 - atencao, Joao'
>>> segments("a" * 160), segments("a" * 161)
(1, 2)
"""

import unicodedata

SINGLE_SEGMENT = 160
JOINED_SEGMENT = 153
MAX_SEGMENTS = 4

_PLAIN = frozenset(
    "@$\n !\"#%&'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_£¥§"
)
_EXTENDED = frozenset("^{}\\[~]|€")
"""Each takes two positions: an escape and the character itself."""
_SIMILAR = str.maketrans({"–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "\t": " "})


def gsm_text(text: str) -> str:
    """`text` in the GSM alphabet, without accents."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_SIMILAR))
    letters = (character for character in decomposed if not unicodedata.combining(character))
    return "".join(c if c in _PLAIN or c in _EXTENDED else "?" for c in letters)


def segments(text: str) -> int:
    """How many SMS a text in the GSM alphabet takes, and is charged for."""
    places = sum(2 if character in _EXTENDED else 1 for character in text)
    return 1 if places <= SINGLE_SEGMENT else -(-places // JOINED_SEGMENT)
