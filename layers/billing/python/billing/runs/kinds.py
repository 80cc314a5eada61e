"""Each kind of run, described once: the permission it needs, its tasks, when it starts automatically (PLT-04).

Permissions, state machines, schedules and the functions that may start a kind are derived from this. Tasks are given
by name; their functions are in `functions/<context>/tasks.py`, so that a Lambda loads only its own context.
"""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

from billing.access.model import Permission


class RunKind(StrEnum):
    """O que uma execução faz."""

    MONTHLY_CLOSING = "monthly_closing"
    BILLING_RUN = "billing_run"
    FISCAL = "fiscal"
    REMITTANCE = "remittance"
    BANK_RETURN = "bank_return"
    DISPATCH = "dispatch"
    USAGE_IMPORT = "usage_import"
    STATEMENT_IMPORT = "statement_import"
    SIMULATION = "simulation"


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    purpose: str
    """What its state machine is for, in a sentence."""
    permission: Permission
    """Needed to start such a run, to cancel it and to start it again (SEC-01)."""
    nothing_new: str
    """The message for a run that found nothing to work on."""
    plan: str
    """The task that fixes the keys to work on."""
    claim: str | None = None
    """The task that reserves a chunk's keys for this run, for kinds that write one file from all chunks."""
    write: str | None = None
    """The task that writes that file, once all are claimed."""
    work: str
    """The task that works on a chunk."""
    finish: str = "check_run"
    """The task that compares the chunks with the plan and closes the run."""
    daily_at: time | None = None
    """When it starts every day for every tenant, in São Paulo time; None if it is started by a person or a file."""
    concurrency: int = 10
    """Chunks worked on at once."""

    @property
    def machine(self) -> str:
        """File of its definition in statemachines/."""
        return "run" if self.claim is None else "remittance"

    @property
    def tasks(self) -> dict[str, str]:
        """Tasks by their role in the definition."""
        parts = {
            "Plan": self.plan,
            "Claim": self.claim,
            "Write": self.write,
            "Work": self.work,
            "Finish": self.finish,
            "Fail": "fail_run",
        }
        return {part: task for part, task in parts.items() if task is not None}


PROCESSES: dict[RunKind, Process] = {
    RunKind.MONTHLY_CLOSING: Process(
        purpose="Compute the closings whose period ends by the run's date, and freeze those that nothing holds back.",
        permission=Permission.CLOSINGS_FREEZE,
        nothing_new="Nada novo: não há período encerrado a fechar.",
        plan="plan_closings",
        work="close_chunk",
        daily_at=time(1),
    ),
    RunKind.BILLING_RUN: Process(
        purpose="Gather the charges that are due into numbered invoices.",
        permission=Permission.INVOICES_BILL,
        nothing_new="Nada novo: não há conta não faturada com estes filtros.",
        plan="plan_billing",
        work="bill_chunk",
        daily_at=time(3),
    ),
    RunKind.FISCAL: Process(
        purpose="Issue the fiscal documents that invoices lack, each once.",
        permission=Permission.FISCAL_ISSUE,
        nothing_new="Nada novo: não há fatura sem documento fiscal neste intervalo.",
        plan="plan_fiscal",
        work="issue_chunk",
        daily_at=time(4),
        concurrency=2,  # each chunk gets its share of the requests per second that an authority accepts
    ),
    RunKind.REMITTANCE: Process(
        purpose="Write the titles that a bank must hear of into one file: claim them, write the file, mark them.",
        permission=Permission.BANKING_REMIT,
        nothing_new="Nada novo: não há boleto nem instrução a enviar nesta faixa. Nenhum arquivo foi gerado.",
        plan="plan_remittance",
        claim="claim_chunk",
        write="write_remittance",
        work="mark_chunk",
        daily_at=time(5),
    ),
    RunKind.BANK_RETURN: Process(
        purpose="Read a bank's return file and apply its occurrences, each once.",
        permission=Permission.BANKING_RETURN,
        nothing_new="O arquivo não traz nenhuma ocorrência.",
        plan="read_return",
        work="apply_chunk",
        finish="finish_return",
    ),
    RunKind.DISPATCH: Process(
        purpose="Send to customers what was issued to them, by the channels they chose.",
        permission=Permission.DISPATCH_SEND,
        nothing_new="Nada novo: não há fatura em aberto nesta faixa.",
        plan="plan_dispatch",
        work="send_chunk",
        daily_at=time(8),  # people are not woken by a text message
        concurrency=2,  # each chunk gets its share of the provider's quota
    ),
    RunKind.USAGE_IMPORT: Process(
        purpose="Read an uploaded file of usage and count its lines, each once.",
        permission=Permission.USAGE_WRITE,
        nothing_new="O arquivo não traz nenhuma linha.",
        plan="read_import",
        work="import_chunk",
        finish="finish_import",
    ),
    RunKind.STATEMENT_IMPORT: Process(
        purpose="Read an uploaded bank statement and receive the Pix in it, each once.",
        permission=Permission.BANKING_RETURN,
        nothing_new="O extrato não traz nenhuma linha.",
        plan="read_statement",
        work="receive_chunk",
        finish="finish_statement",
        concurrency=1,  # equal amounts of one day are counted together
    ),
    RunKind.SIMULATION: Process(
        purpose="Rate every contract in two months and compare them, without effect.",
        permission=Permission.CLOSINGS_READ,
        nothing_new="Não há contrato em vigor a simular.",
        plan="plan_simulation",
        work="simulate_chunk",
        finish="finish_simulation",
    ),
}

DAILY: tuple[RunKind, ...] = tuple(
    kind for kind, process in PROCESSES.items() if process.daily_at is not None
)
"""In the order of the monthly work."""
