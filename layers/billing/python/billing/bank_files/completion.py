"""What a line adds to a payment from an earlier line: date of credit and tariff (BNK-05).

Banks send a payment again once they know more about it. Its amount was entered with the first line and is never
entered again.
"""

from billing.access.call import Call
from billing.audit.changes import Changes
from billing.bank_files import store
from billing.bank_files.model import OccurrenceOutcome, OccurrenceRow
from billing.bank_files.occurrence_context import Applied
from billing.banking.model import PaymentProfile
from billing.banking.occurrences import SETTLEMENTS, Occurrence
from billing.core.money import ZERO
from billing.payments.receiving import complete_payment


def complete(
    call: Call, changes: Changes, profile: PaymentProfile, first: OccurrenceRow, occurrence: Occurrence
) -> Applied:
    """Put what the occurrence adds, and the completed first line, into `changes`. Contradictions are only reported."""
    where = f"linha {first.line_number} de um retorno já recebido"
    credited_on = occurrence.credited_on if first.credited_on is None else None
    tariff = ZERO if first.tariff else occurrence.tariff
    if occurrence.kind not in SETTLEMENTS or (credited_on is None and not tariff):
        message = f"Ocorrência já aplicada pela {where}; sem efeito.{_contradiction(first, occurrence)}"
        return Applied(OccurrenceOutcome.REPEATED, message)
    complete_payment(
        call,
        changes,
        source=first.id,
        company_id=profile.company_id,
        account_id=profile.cash_account_id,
        invoice=first.invoice,
        tariff=tariff,
        credited_on=credited_on,
        day=occurrence.credited_on or first.credited_on or first.occurred_on,
    )
    completed = first.evolve(
        credited_on=first.credited_on or credited_on,
        tariff=first.tariff or tariff,
        net_credited=occurrence.net_credited,
    )
    changes.overwrite(store.line_row(call.tenant_id, completed))
    added = [f"crédito em {credited_on:%d/%m/%Y}"] if credited_on is not None else []
    added += [f"tarifa de {tariff.format_br()}"] if tariff else []
    message = (
        f"Completa o pagamento da {where}: {' e '.join(added)}. O valor já havia entrado e não entra de novo."
    )
    return Applied(OccurrenceOutcome.COMPLETED, message)


def _contradiction(first: OccurrenceRow, occurrence: Occurrence) -> str:
    """Where the two lines disagree about the payment, so that a person can ask the bank."""
    differing = [
        name
        for name, before, now in (
            ("a data de crédito", first.credited_on, occurrence.credited_on),
            ("a tarifa", first.tariff or None, occurrence.tariff or None),
        )
        if before is not None and now is not None and before != now
    ]
    return f" A linha diz de outro modo {' e '.join(differing)}: confira com o banco." if differing else ""
