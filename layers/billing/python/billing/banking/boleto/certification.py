"""What a bank asks for before it approves a company's boletos and files (BEY-14): data that stands in the bank's own file."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple


class TestFile(NamedTuple):
    """The remittance of a layout, as the bank takes it for tests."""

    asks: str = ""
    """What the manual asks for, cited; pt-BR, for it is told to who sends the kit."""
    most_titles: int | None = None
    """More go in another file."""
    registers_only: bool = False
    """The bank takes no other movement in a test."""
    mark: tuple[int, int, str] | None = None
    """What tells a test from production: line and first column (both from 1), and the text that stands there."""
    name: str = "remessa{part:02d}.rem"
    """Of the part; {day} is the day and month of the file."""


class Certification(NamedTuple):
    asks: tuple[str, ...] = ()
    """What the manual asks for, cited. Empty: the manual at hand says nothing of it."""
    boletos: int = 10
    """At least; every check digit is there in any case."""
    most_boletos: int | None = None
    covers_free_field: bool = False
    """Every value of the campo livre's own check digit too."""
    in_sequence: bool = False
    """The nossos números follow each other."""
    listed_numbers: int = 0
    """Nossos números, one after the other, that go in a text file of their own."""
    files: Mapping[int, TestFile] = MappingProxyType({})
    """By columns of a line: 240, 400."""
    next_steps: tuple[str, ...] = ()

    def file_of(self, length: int) -> TestFile:
        return self.files.get(length, TestFile())
