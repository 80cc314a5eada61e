"""What the functions that send are given from their environment. Apart from `wiring`, which every function loads."""

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
    """SES and SNS; with MAILBOX_DIR, as the local cloud has it, their local twin in that folder."""
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
    """SENDS_PER_SECOND is this function's part of the provider's quota: the quota by the concurrency of its Map.

    Until the stack says it, one a second, which is the quota of an account that is still in SES's sandbox.
    """
    return Postman(
        messengers=messengers(),
        files=wiring.files(),
        clock=wiring.clock(),
        pdf_of=invoice_pdf,
        pace=Pace(int(os.environ.get("SENDS_PER_SECOND", "1"))),
    )


def invoice_pdf(call: Call, customer_id: str, invoice_id: str) -> bytes:
    """What an e-mail carries: drawn above dispatch, by the reports."""
    return reports.invoice_pdf(call, wiring.files(), customer_id, invoice_id)
