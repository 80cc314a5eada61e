"""Record MESTRE of the monthly file of models 21 and 22, with its two digests (Convênio ICMS 115/2003, manual, item 5.2).

    field 13   MD5 of fields 01, 12, 14, 15, 16, 09 and 27 as written: the printed "código de autenticação digital"
    field 36   MD5 of fields 01 to 35

Date and issuer are in field 13 since Convênios 60/15 and 160/15; that this applies from 2017-01-01 is professional knowledge.
Upper-case hexadecimal is our choice: no text that was read prescribes either. ISO-8859-1; N zero-filled left, X blank-filled right.
"""

import hashlib
from collections.abc import Mapping
from typing import Final, NamedTuple

LENGTH = 425
CHAIN_SINCE_2017: Final = (1, 12, 14, 15, 16, 9, 27)
CHAIN_BEFORE: Final = (1, 12, 14, 15, 16)
_FIRST_DAY_OF_CHAIN = "20170101"


class MasterField(NamedTuple):
    number: int
    width: int
    is_numeric: bool

    def written(self, value: str) -> str:
        """Padded to its width. Raises ValueError for a number that does not fit; a text is cut, as the manual says."""
        if not self.is_numeric:
            return f"{value[: self.width]:<{self.width}}"
        if len(value) > self.width or (value and not value.isdecimal()):
            raise ValueError(f"field {self.number}: {value!r} is no number of {self.width} digits")
        return f"{value:0>{self.width}}"


_LAYOUT = (
    "14N 14X 35X 2X 1N 1N 2N 12X 8N 2N 3X 9N 32X 12N 12N 12N 12N 12N 1X 4N 9N 12X 1N 2N 2N 12X 14N 20X 12N 8N 8N"
    " 50X 8N 30X 5X 32X"
)
FIELDS: Final = tuple(
    MasterField(number, int(picture[:-1]), picture.endswith("N"))
    for number, picture in enumerate(_LAYOUT.split(), start=1)
)


class MasterRecord(NamedTuple):
    text: str
    authentication: str
    """Field 13, which the note has in a box."""
    digest: str
    """Field 36, which an NFCom that replaces the note refers to."""


def master_record(values: Mapping[int, str]) -> MasterRecord:
    """The record from fields 1 to 35, without 13, which is computed; a missing field is blank or zeros. Raises ValueError."""
    fields = {
        field.number: field.written(values.get(field.number, ""))
        for field in FIELDS
        if field.number not in (13, 36)
    }
    chain = CHAIN_SINCE_2017 if fields[9] >= _FIRST_DAY_OF_CHAIN else CHAIN_BEFORE
    authentication = _md5("".join(fields[number] for number in chain))
    fields[13] = authentication
    body = "".join(fields[number] for number in range(1, 36))
    digest = _md5(body)
    return MasterRecord(body + digest, authentication, digest)


def replaced_note(month: str, model: str, series: str, number: int, issued_on: str) -> str:
    """Field 34 of a note that replaces or complements another: 30 characters.

    >>> replaced_note("2509", "21", "U", 1, "20250930")
    '2509_21_U  _000000001_20250930'
    """
    return f"{month}_{model}_{series:<3}_{number:09d}_{issued_on}"


def _md5(text: str) -> str:
    return hashlib.md5(text.encode("iso-8859-1"), usedforsecurity=False).hexdigest().upper()
