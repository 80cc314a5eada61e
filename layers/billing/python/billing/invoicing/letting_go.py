"""How invoicing and payments notify the context above them that an invoice is no longer to be paid by its boleto."""

from collections.abc import Callable
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Refusal
from billing.invoicing.invoice import Invoice


class LetGo(NamedTuple):
    """Why we let go of a title."""

    reason: str
    """In words, kept with the instruction to the bank."""
    cause: str
    """The id of the removal's invoice or of the settlement."""
    awaits_credit: bool = False
    """The bank's credit is still to come, and may be for this same boleto."""


LetTitleGo = Callable[[Call, Changes, Invoice, LetGo], tuple[Invoice, list[Refusal]]]
"""`bank_files.ending.let_go`, passed in: bank files stand above invoices and payments."""

TakeTitleBack = Callable[[Call, Changes, Invoice, str], Invoice]
"""`bank_files.ending.take_back`, passed in."""
