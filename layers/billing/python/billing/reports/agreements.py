"""The printed term of a debt agreement (PAY-06)."""

from billing.access.call import Call
from billing.agreements.printed import printed
from billing.core.files import Files
from billing.reports.service import paper_link


def agreement_link(call: Call, files: Files, customer_id: str, agreement_id: str) -> str:
    """A link to the term of an agreement. Raises NotFound, Forbidden."""
    return paper_link(call, files, printed(call, customer_id, agreement_id), "agreements", "parcelamento.pdf")
