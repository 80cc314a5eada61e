"""What a bank requires before it approves a company's boletos and files (BEY-14): data that are in the bank's own
file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class TestFile(NamedTuple):
    """The remittance of one layout, as the bank accepts it for tests."""

    asks: str = ""
    """What the manual requires, with its source; in pt-BR, because whoever sends the kit reads it."""
    most_titles: int | None = None
    """Further titles go in another file."""
    registers_only: bool = False
    """The bank accepts no other movement in a test."""
    mark: tuple[int, int, str] | None = None
    """What distinguishes a test from production: line and first column (both from 1), and the text in that place."""
    name: str = "remessa{part:02d}.rem"
    """The name of a part; {day} is the day and month of the file."""


class Certification(NamedTuple):
    asks: tuple[str, ...] = ()
    """What the manual requires, with its source. Empty: the available manual does not mention it."""
    boletos: int = 10
    """The minimum; every check digit is included in any case."""
    most_boletos: int | None = None
    covers_free_field: bool = False
    """Every value of the campo livre's own check digit is included too."""
    in_sequence: bool = False
    """The nossos números are consecutive."""
    listed_numbers: int = 0
    """How many consecutive nossos números go in a separate text file."""
    files: Mapping[int, TestFile] = MappingProxyType({})
    """By the number of columns of a line: 240, 400."""
    next_steps: tuple[str, ...] = ()

    def file_of(self, length: int) -> TestFile:
        return self.files.get(length, TestFile())
