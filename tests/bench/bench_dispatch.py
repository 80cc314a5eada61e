"""The cost of a mass dispatch: write and read units per e-mail with its PDF, and how many e-mails a core composes.

`python -m tests.bench.bench_dispatch` prints the table; `make bench` collects `measure()`. Units are computed from item
sizes; the provider answers at once. Composing is CPU time: wildcards, text, HTML, MIME with a PDF of 40 KB; medians.
"""

import json
import time
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from billing.access.call import Actor, Call
from billing.access.model import Permission
from billing.access.scope import ALL_COMPANIES
from billing.core.clock import FixedClock
from billing.customers.model import Channel
from billing.dispatch import mass, service, values
from billing.dispatch.letters import Attachment, email_bytes, email_content
from billing.dispatch.model import DispatchRequest
from billing.dispatch.ports import Letter
from billing.dispatch.sending import Postman
from billing.dispatch.templates import demonstration
from billing.runs import service as runs
from billing.runs.model import RunEvent
from tests.support.aws import in_process_aws
from tests.support.billing import MemoryFiles, NoProcesses
from tests.support.capacity import Meter
from tests.support.messages import charges, company, customer, invoice, keep, keep_base, no_pause, postman
from tests.support.tables import create_tables
from tests.support.tasks import in_task

MESSAGES = 200
COMPOSED = 200
REPEATS = 5
PDF = b"%PDF-1.7\n" + bytes(40 * 1024)
CALL = Call(
    tenant_id="ten_7m3k9x2p4q8r1s5t6v0w",
    actor=Actor("usr_7m3k9x2p4q8r1s5t6v0w"),
    scope=ALL_COMPANIES,
    permissions=frozenset(Permission),
    clock=FixedClock(datetime(2026, 3, 10, 15, 0, tzinfo=UTC)),
)


class Accepting:
    """A provider that accepts everything at once, with ids as long as those of SES."""

    def send(self, letter: Letter) -> str:
        return f"0103019{letter.message_id}-2f7c1f0e-53d4-4f7c-9d7e-000000"


def measure() -> dict[str, dict[str, Any]]:
    meter = dispatched()
    return {
        "dispatch_write_units_per_message": _figure(meter.write_units / MESSAGES, "units"),
        "dispatch_read_units_per_message": _figure(meter.read_units / MESSAGES, "units"),
        "emails_composed_per_s": _figure(median(composed_per_second() for _ in range(REPEATS)), "1/s"),
    }


def _figure(value: float, unit: str) -> dict[str, Any]:
    return {"median": round(value, 3), "unit": unit}


def dispatched() -> Meter:
    """For a run over customers with one invoice each, all reached by e-mail."""
    meter = Meter()
    with in_process_aws(signed=True) as aws:
        create_tables()
        send = aws.send

        def watched(request: AWSPreparedRequest) -> AWSResponse:
            answer = send(request)
            target = request.headers.get("X-Amz-Target")
            if target is not None and answer.status_code == 200:
                operation = (target.decode() if isinstance(target, bytes) else target).split(".")[-1]
                meter.see(operation, json.loads(request.body), json.loads(answer.content or b"{}"))
            return answer

        aws.send = watched  # type: ignore[method-assign]
        _keep_many()
        days = {"due_from": date(2026, 5, 1), "due_to": date(2026, 5, 31)}
        run = service.start_dispatch(CALL, NoProcesses(), DispatchRequest(company_id="com_alfa", **days))
        meter.write_units = meter.read_units = 0
        _walk(RunEvent(tenant_id=CALL.tenant_id, run_id=run.id), _post())
    return meter


def _walk(event: RunEvent, post: Postman) -> None:
    planned = runs.plan(in_task(event, post.files), mass.plan)
    for chunk in range(len(planned["chunks"])):  # type: ignore[arg-type]
        runs.work(in_task(event.evolve(chunk=chunk), post.files), partial(mass.send_chunk, post))
    runs.check(in_task(event, post.files))


def _post() -> Postman:
    providers = {Channel.EMAIL: Accepting(), Channel.SMS: Accepting()}
    post = postman(Path(), messengers=providers, files=MemoryFiles(), pdf_of=lambda *_ids: PDF)
    post.pace.sleep = no_pause
    return post


def _keep_many() -> None:
    keep_base(CALL.tenant_id)
    for number in range(MESSAGES):
        ids = {"id": f"inv_{number:020d}", "customer_id": f"cus_{number:020d}"}
        keep(
            CALL.tenant_id,
            customer(id=ids["customer_id"], code=number + 100, channels=["email"]),
            invoice(**ids, number=number + 100, due_on=date(2026, 5, 10)),
        )


def composed_per_second() -> float:
    facts = {**values.of_customer(customer(), company()), **values.of_invoice(invoice(), charges())}
    template = demonstration()[0]
    start = time.process_time()
    for number in range(COMPOSED):
        email_bytes(
            email_content(template.subject, template.body, facts, company()),
            message_id=f"msg_{number:020d}",
            company=company(),
            to=("joana@example.com",),
            cc=(),
            attachments=[Attachment("fatura-1-1042.pdf", PDF)],
            at=CALL.now,
        )
    return COMPOSED / (time.process_time() - start)


if __name__ == "__main__":
    for name, figure in measure().items():
        print(f"{name:<40}{figure['median']:>12} {figure['unit']}")
