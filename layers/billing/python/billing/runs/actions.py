"""What happens to runs, by name (REP-03)."""

from billing.audit.model import Action


class RunAction(Action):
    STARTED = "run.started", "Execução iniciada"
    STARTED_AGAIN = "run.started_again", "Execução iniciada de novo"
    CHANGED = "run.changed", "Situação da execução alterada"
    CANCELLED = "run.cancelled", "Execução cancelada"
