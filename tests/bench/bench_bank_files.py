"""The cost of a title on DynamoDB when it is remitted and when its payment comes back, computed from item sizes."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import ALL_COMPANIES
from billing.adapters.s3 import S3Files
from billing.adapters.sandbox_bank import bank
from billing.bank_files import remittances, returns, store
from billing.bank_files.model import RemittanceRequest
from billing.core.clock import FixedClock
from billing.core.files import Folder
from tests.support import made
from tests.support.aws import InProcessAws, in_process_aws
from tests.support.capacity import Meter
from tests.support.machine import Walker
from tests.support.tables import create_tables
from tests.support.uploads import sent

TITLES = 200
CALL = Call(
    tenant_id="ten_7m3k9x2p4q8r1s5t6v0w",
    actor=Actor("usr_7m3k9x2p4q8r1s5t6v0w"),
    scope=ALL_COMPANIES,
    permissions=frozenset(Permission),
    clock=FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)),
)


def measure() -> dict[str, dict[str, object]]:
    with in_process_aws(signed=True) as aws:
        create_tables()
        profile = made.profile(cash_account_id="acc_0001")
        made.keep_invoices(CALL, profile, TITLES)
        with _metered(aws) as remitted:
            request = RemittanceRequest(
                profile_id=profile.id, due_from=date(2026, 3, 1), due_to=date(2026, 3, 31)
            )
            remittances.start(CALL, Walker(), request)
        files = S3Files("mensal-files")
        (remittance,) = store.remittances(CALL.tenant_id, profile.id)
        data = bank.respond(
            files.get(store.file_key(CALL.tenant_id, remittance)),
            lambda title: [bank.paid(title.amount)],
            sequence=1,
            on=date(2026, 3, 20),
        )
        file = sent(Folder.BANK_CHANNEL.key(CALL.tenant_id, "a.ret"), data)
        with _metered(aws) as returned:
            returns.receive(CALL, files, Walker(), file)
    return {
        f"{name}_{kind}_units_per_title": {"median": round(units / TITLES, 2), "unit": "units"}
        for name, meter in (("remittance", remitted), ("return", returned))
        for kind, units in (("write", meter.write_units), ("read", meter.read_units))
    }


@contextmanager
def _metered(aws: InProcessAws) -> Iterator[Meter]:
    """The meter of the requests made inside the block."""
    meter, send = Meter(), aws.send

    def watched(request: AWSPreparedRequest) -> AWSResponse:
        answer = send(request)
        target = request.headers.get("X-Amz-Target")
        if target is not None and answer.status_code == 200:
            operation = (target.decode() if isinstance(target, bytes) else target).split(".")[-1]
            meter.see(operation, json.loads(request.body), json.loads(answer.content or b"{}"))
        return answer

    aws.send = watched  # type: ignore[method-assign]
    try:
        yield meter
    finally:
        aws.send = send  # type: ignore[method-assign]
