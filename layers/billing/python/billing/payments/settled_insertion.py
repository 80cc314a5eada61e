"""Insert charges that are already paid: each is billed and settled at once ("Liquidar agora", CON-01).

Three steps, each with its own answer under the request's key, so that repeating a request that was cut off continues
where it stopped: the charges are inserted, each is billed on an invoice of its own, and each invoice is settled
today. What cannot be billed or settled stays as it is, and the answer says why.
"""

from collections.abc import Iterator
from itertools import islice

from billing.access.call import Call
from billing.audit.batches import MOST, BatchAnswer, ItemAnswer
from billing.audit.changes import Changes, once
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import ZERO
from billing.invoicing import charges, manual_billing
from billing.invoicing.charges import Charges, Insertion
from billing.invoicing.letting_go import LetTitleGo
from billing.invoicing.manual_billing import BillByHand
from billing.payments import settling
from billing.payments.model import InvoiceChoice
from billing.payments.settling import SettlementByHand, SettlementMeans


class SettledInsertion(Insertion):
    """Conta avulsa já paga, com as suas replicações: cada uma é faturada e liquidada hoje."""

    settlement: SettlementMeans


class SettledCharges(Entity):
    """O que foi feito de cada conta inserida: `made` são a fatura e a liquidação."""

    items: tuple[ItemAnswer, ...]


def insert(call: Call, customer_id: str, new: SettledInsertion, let_title_go: LetTitleGo) -> SettledCharges:
    """Raises what `charges.insert` raises, and Refused for an impossible settlement, in which case nothing is
    inserted."""
    _require_settleable(call, new)
    insertion = Insertion(**{name: getattr(new, name) for name in Insertion.model_fields})
    inserted = once(call.part("inserted"), Charges, lambda part: charges.insert(part, customer_id, insertion))
    answers: dict[str, ItemAnswer] = {}
    for place, ids in enumerate(_chunks([charge.id for charge in inserted.items])):
        answers |= _bill_and_settle(call.part(f"chunk{place}"), customer_id, new, ids, let_title_go)
    return Changes(call).commit_answering(SettledCharges(items=tuple(answers[c.id] for c in inserted.items)))


def _bill_and_settle(
    call: Call, customer_id: str, new: SettledInsertion, ids: tuple[str, ...], let_title_go: LetTitleGo
) -> dict[str, ItemAnswer]:
    """By charge."""
    billing = BillByHand(ids=ids, use_credit=False)
    billed = once(
        call.part("billed"), BatchAnswer, lambda part: manual_billing.bill(part, customer_id, billing)
    )
    answers = {answer.id: answer for answer in billed.items}
    charge_of = {answer.made[0]: answer.id for answer in billed.items if answer.made}
    if not charge_of:
        return answers
    settlement = SettlementByHand(
        **{name: getattr(new.settlement, name) for name in SettlementMeans.model_fields},
        invoices=tuple(InvoiceChoice(customer_id=customer_id, invoice_id=id_) for id_ in charge_of),
        settled_on=call.today,
    )
    settled = once(
        call.part("settled"), BatchAnswer, lambda part: settling.settle(part, settlement, let_title_go)
    )
    for answer in settled.items:
        charge_id = charge_of[answer.id]
        answers[charge_id] = answer.evolve(id=charge_id, made=(answer.id, *answer.made))
    return answers


def _require_settleable(call: Call, new: SettledInsertion) -> None:
    reasons = []
    if new.amount < ZERO:
        message = "Um crédito não se liquida: insira a conta sem liquidar agora."
        reasons.append(Refusal("charge.credit_settled", message, field="amount"))
    if new.due_on < call.today:  # it could not be invoiced
        message = "O vencimento já passou: informe o de hoje ou depois."
        reasons.append(Refusal("charge.settled_due_past", message, field="due_on"))
    credited = settling.credited_by(call, new.settlement, reasons)
    if credited is not None and credited.company_id != new.company_id:
        message = "O profile creditado não é da empresa da conta."
        reasons.append(Refusal("settlement.profile_company", message, field="settlement.profile_id"))
    if reasons:
        raise Refused.because(reasons)


def _chunks(ids: list[str]) -> Iterator[tuple[str, ...]]:
    left = iter(ids)
    while chunk := tuple(islice(left, MOST)):
        yield chunk
