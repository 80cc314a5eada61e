"""The types of free text and of ids that people send: no control, invisible or bidirectional characters, and a length.

Such characters change what others read (a right-to-left mark turns "gpj.exe" into "exe.jpg"), break lines of bank files and
headers of e-mails, and make two texts that look alike differ. Joiners of emoji are allowed. Each field states its own
length.
"""

from typing import Annotated

from pydantic import Field

_UNSEEN = (
    r"\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f"
    r"\ue000-\uf8ff\ufeff\ufff9-\ufffb\ufffe\uffff"
)
"""Unicode 16, categories Cc beyond ASCII, Cf, Zl, Zp, Co and two of the noncharacters: as Rust, ECMAScript and Python read it."""

LINE_PATTERN = rf"^[^\u0000-\u001f{_UNSEEN}]*$"
TEXT_PATTERN = rf"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f{_UNSEEN}]*$"
KEY_PATTERN = r"^[0-9A-Za-z][0-9A-Za-z_.:-]{0,59}$"

Line = Annotated[str, Field(pattern=LINE_PATTERN)]
"""One line: names, descriptions, reasons."""

Text = Annotated[str, Field(pattern=TEXT_PATTERN)]
"""Lines and tabs too: notes, comments, messages."""

Id = Annotated[str, Field(pattern=KEY_PATTERN)]
"""The id of something, as a request names it; whether it exists is another question."""

Cursor = Annotated[str, Field(pattern=r"^[0-9A-Za-z_=-]{0,2000}$")]
"""`next_cursor` of a page."""


def shortened(text: str, longest: int) -> str:
    """The text, or its beginning and "…" where it has more than `longest` characters."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"
