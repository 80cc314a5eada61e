"""What functions that send messages get from their environment. Not in `wiring`, which every function loads."""

import os
from functools import cache
from pathlib import Path

from billing.access.call import Call
from billing.core.pace import Pace
from billing.customers.model import Channel
from billing.dispatch.ports import Messengers
from billing.dispatch.sending import Postman
from billing.entry import wiring
from billing.reports import service as reports


@cache
def messengers() -> Messengers:
    """SES and SNS; with MAILBOX_DIR, set by the local cloud, their local twin in that folder."""
    folder = os.environ.get("MAILBOX_DIR")
    if folder is not None:
        from billing.adapters.local_mailbox import LocalMailbox

        return {
            Channel.EMAIL: LocalMailbox(Path(folder), "eml"),
            Channel.SMS: LocalMailbox(Path(folder), "txt"),
        }
    from billing.adapters.ses import SesMail
    from billing.adapters.sms import SnsSms

    return {Channel.EMAIL: SesMail(), Channel.SMS: SnsSms()}


def postman() -> Postman:
    """SENDS_PER_SECOND is this function's share of the provider's quota: the quota divided by the concurrency of its
    Map.

    One a second unless the stack says otherwise: the quota of an account that is still in SES's sandbox.
    """
    return Postman(
        messengers=messengers(),
        files=wiring.files(),
        clock=wiring.clock(),
        pdf_of=invoice_pdf,
        pace=Pace(int(os.environ.get("SENDS_PER_SECOND", "1"))),
    )


def invoice_pdf(call: Call, customer_id: str, invoice_id: str) -> bytes:
    """The PDF attached to an e-mail: drawn by `reports`, which dispatch may not import."""
    return reports.invoice_pdf(call, wiring.files(), customer_id, invoice_id)
