"""What invoicing and payments tell the context above them when an invoice is not to be paid by its boleto any more."""

from collections.abc import Callable
from typing import NamedTuple

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.core.errors import Refusal
from billing.invoicing.invoice import Invoice


class LetGo(NamedTuple):
    """Why a title is let go of."""

    reason: str
    """In words, kept with what is asked of the bank."""
    cause: str
    """The id of the removal's invoice or of the settlement."""
    awaits_credit: bool = False
    """The bank's credit is still to come, and may be of this very boleto."""


LetTitleGo = Callable[[Call, Changes, Invoice, LetGo], tuple[Invoice, list[Refusal]]]
"""`bank_files.ending.let_go`, passed in: bank files stand above invoices and payments."""

TakeTitleBack = Callable[[Call, Changes, Invoice, str], Invoice]
"""`bank_files.ending.take_back`, passed in."""
