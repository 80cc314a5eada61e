"""Why an operation on a charge or an invoice is not done: every reason at once, in the words of the manuals.

CON-02 to CON-04, INV-01, INV-02, INV-08 and INV-09 of docs/requirements.md hold the messages. An X of a message is the
invoice's number or the charge's code.
"""

from typing import TYPE_CHECKING

from billing.core.errors import Refusal, Refused, Severity, standing
from billing.invoicing.states import (
    GONE,
    ChargeStatus,
    InvoiceStatus,
    LockKind,
    RemittanceState,
)

if TYPE_CHECKING:
    from billing.invoicing.charge import Charge, ChargeEdit
    from billing.invoicing.invoice import Invoice


def require(reasons: list[Refusal], *, confirmed: bool = False) -> None:
    """Raises Refused with those that stand; what a person confirmed does not."""
    stops = standing(reasons, confirmed=confirmed)
    if stops:
        raise Refused.because(stops)


def to_remove(invoice: "Invoice") -> list[Refusal]:
    """INV-01."""
    number = invoice.number
    return _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            (
                invoice.is_at_the_bank and not invoice.is_unmarked,
                "invoice.transmitted",
                f"A fatura {number} está com remessa transmitida",
            ),
            (
                invoice.has_fiscal_document,
                "invoice.fiscal_document",
                f"A fatura {number} já possui documentos fiscais gerados.",
            ),
            *_conciliation(invoice),
            (
                invoice.is_locked(LockKind.SCHEDULE_SUSPENDED),
                "invoice.schedule_suspended",
                "Fatura com programação suspensa na profile",
            ),
            _partial(invoice),
            (
                invoice.is_locked(LockKind.AWAITING_FISCAL_DOCUMENT),
                "invoice.awaiting_fiscal_document",
                "Esta fatura aguarda efetivação de geração de documentos fiscais",
            ),
            (
                invoice.is_locked(LockKind.AWAITING_REMITTANCE),
                "invoice.awaiting_remittance",
                "Esta fatura aguarda efetivação de remessa",
            ),
        ]
    ) + _ways_on(invoice)


def to_remove_unbilled(charge: "Charge") -> list[Refusal]:
    """INV-01, asked for a charge that is in no invoice."""
    return [Refusal("charge.not_billed", f"A Conta {charge.code} ainda não foi faturada")]


def to_suspend(invoice: "Invoice") -> list[Refusal]:
    """INV-02. A boleto that the bank has is suspended all the same, with a warning."""
    number = invoice.number
    reasons = _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _suspended(invoice),
            *_conciliation(invoice),
        ]
    )
    if invoice.is_at_the_bank:
        reasons.append(
            Refusal(
                "invoice.remittance_made",
                "ATENÇÃO: Suspensão autorizada, porém essa fatura já tem remessa gerada.",
                Severity.WARNS,
            )
        )
    return reasons


def to_unsuspend(invoice: "Invoice") -> list[Refusal]:
    """INV-02."""
    return _held(
        [
            (
                invoice.status is not InvoiceStatus.SUSPENDED,
                "invoice.not_suspended",
                f"A Fatura {invoice.number} não está mais suspensa",
            )
        ]
    )


def to_unmark(invoice: "Invoice") -> list[Refusal]:
    """INV-13 (the messages are ours): only for what was remitted, and is not in a queue for the bank. What the bank
    rejected is unmarked to go again as it is."""
    number = invoice.number
    return _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            (
                invoice.remittance is RemittanceState.WRITE_OFF_QUEUED,
                "invoice.write_off_queued",
                f"A fatura {number} tem baixa na fila do banco: cancele a instrução antes.",
            ),
            (
                invoice.is_unmarked
                or not (invoice.is_at_the_bank or invoice.remittance is RemittanceState.REJECTED),
                "invoice.not_remitted",
                f"A fatura {number} não está com remessa transmitida",
            ),
        ]
    )


def to_settle(invoice: "Invoice") -> list[Refusal]:
    """INV-08: settlement by hand."""
    number = invoice.number
    return _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _suspended(invoice),
            _partial(invoice),
        ]
    ) + _ways_on(invoice)


def to_close_outstanding(invoice: "Invoice") -> list[Refusal]:
    """What is left of a partly paid invoice (the ways are ours)."""
    number = invoice.number
    return _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _suspended(invoice),
            (
                not invoice.paid and not _is_settled(invoice),
                "invoice.not_partly_settled",
                f"A Fatura {number} não tem liquidação parcial: liquide-a, ou remova-a.",
            ),
        ]
    )


def _ways_on(invoice: "Invoice") -> list[Refusal]:
    """The manual ends at its refusal; what can be done is said beside it."""
    (is_partial, *_) = _partial(invoice)
    if not is_partial or _is_gone(invoice):
        return []
    message = f"Faltam {invoice.balance.format_br()} da Fatura {invoice.number}: receba o saldo, perdoe-o ou leve-o a outra conta."
    return [Refusal("invoice.outstanding_ways", message)]


def to_reverse(
    invoice: "Invoice", *, is_reversed: bool, is_bank_period_closed: bool, is_cash_box_closed: bool
) -> list[Refusal]:
    """INV-09: the reversal of one of the invoice's settlements."""
    number = invoice.number
    return _held(
        [
            (
                not (is_reversed or _is_settled(invoice) or invoice.paid),
                "invoice.not_settled",
                f"A Fatura {number} não está liquidada",
            ),
            (invoice.conciliated and is_bank_period_closed, "invoice.conciliated", "Fatura já conciliada"),
            (is_reversed, "settlement.reversed", f"A liquidação da fatura {number} já foi estornada"),
            (
                invoice.agreement_id is not None,
                "invoice.renegotiated",
                f"A Fatura {number} faz parte de um parcelamento",
            ),
            (
                invoice.has_settlement_document,
                "invoice.settlement_document",
                f"A fatura {number} possui documento fiscal emitido pelo valor liquidado",
            ),
            (is_cash_box_closed, "cash_box.closed", "O caixa da data da liquidação está fechado"),
        ]
    )


def to_print_in_booklet(invoice: "Invoice") -> list[Refusal]:
    """INV-04 (ours): a booklet is made of boletos that are to be paid. A suspended invoice stays out of it (INV-02)."""
    number = invoice.number
    is_gone = invoice.status is not InvoiceStatus.CANCELLED and _is_gone(invoice)
    without = invoice.status is InvoiceStatus.OPEN and not invoice.has_boleto_to_pay
    return _held(
        [
            (_is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (is_gone, "invoice.deleted", f"A fatura {number} está com status de excluída"),
            (
                invoice.status is InvoiceStatus.SUSPENDED,
                "invoice.suspended",
                f"A fatura {number} está com o status de suspenso e fica fora do carnê.",
            ),
            (
                without,
                "invoice.without_boleto",
                f"A fatura {number} não tem boleto a pagar e fica fora do carnê. Imprima-a como folha.",
            ),
        ]
    )


def to_edit_charge(charge: "Charge", edit: "ChargeEdit", invoice: "Invoice | None") -> list[Refusal]:
    """CON-02. Being in an invoice only asks, unless the invoice's amount or due date would no longer be right (ours)."""
    pending = charge.lock(LockKind.PENDING_BILLING)
    reasons = _held(
        [
            (
                _is_paid(charge, invoice),
                "charge.settled",
                "ERRO! Você não pode efetuar alterações em contas liquidadas.",
            ),
            (
                charge.status is ChargeStatus.REMOVED or charge.lock(LockKind.LOCKED_CHARGE) is not None,
                "charge.locked",
                "ERRO! Essa conta não pode mais sofrer nenhum tipo de alteração.",
            ),
            (
                invoice is not None and invoice.conciliated,
                "charge.conciliated",
                "ERRO! Essa conta está associada a movimento bancário já conciliado.",
            ),
            (
                pending is not None,
                "charge.pending_billing",
                f"ERRO! Esta conta está vinculada a um faturamento pendente cód. {pending.cause if pending else ''} e não pode ser alterada.",
            ),
            (
                edit.fiscal_composition is not None and charge.contract_id is not None,
                "charge.fiscal_composition",
                "ERRO! Contas de contrato, não podem utilizar nenhuma plano de composição avulso.",
            ),
            (
                charge.status is ChargeStatus.BILLED
                and (edit.amount, edit.due_on) != (charge.amount, charge.due_on),
                "charge.invoice_total",
                "O valor e o vencimento desta conta são os da fatura. Remova a fatura antes de alterá-los.",
            ),
            _credit(charge, "alterada"),
        ]
    )
    if charge.status is ChargeStatus.BILLED:
        reasons.append(
            Refusal(
                "charge.in_invoice",
                "ERRO! Essa conta participa de uma fatura. Confirme seu interesse.",
                Severity.ASKS,
            )
        )
    return reasons


def to_suspend_charge(charge: "Charge", invoice: "Invoice | None") -> list[Refusal]:
    """CON-03."""
    code = charge.code
    return _held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {code} já está liquidada"),
            (
                charge.lock(LockKind.PENDING_BILLING) is not None,
                "charge.pending_billing",
                "Esta conta aguarda efetivação de faturamento",
            ),
            (
                charge.status is ChargeStatus.SUSPENDED,
                "charge.suspended",
                f"A Conta {code} já está com o status de suspenso.",
            ),
            (
                charge.status is ChargeStatus.BILLED,
                "charge.in_invoice",
                "Esta conta já faz parte de uma fatura",
            ),
            _removed(charge),
            _credit(charge, "suspensa"),
        ]
    )


def to_unsuspend_charge(charge: "Charge", invoice: "Invoice | None") -> list[Refusal]:
    """CON-03."""
    return _held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {charge.code} já está liquidada"),
            (
                charge.status is not ChargeStatus.SUSPENDED,
                "charge.not_suspended",
                f"A Conta {charge.code} não está mais suspensa",
            ),
        ]
    )


def to_remove_charge(charge: "Charge", invoice: "Invoice | None") -> list[Refusal]:
    """CON-04."""
    code = charge.code
    return _held(
        [
            (_is_paid(charge, invoice), "charge.settled", f"A Conta {code} já está liquidada"),
            (
                charge.status is ChargeStatus.BILLED,
                "charge.in_invoice",
                f"A Conta {code} faz parte de uma fatura",
            ),
            (
                charge.lock(LockKind.PENDING_BILLING) is not None,
                "charge.pending_billing",
                f"A Conta {code} aguarda efetivação de faturamento.",
            ),
            (bool(charge.paid), "charge.partially_settled", "Esta Conta possui pagamento parcial."),
            _removed(charge),
            _credit(charge, "removida"),
        ]
    )


_Rule = tuple[bool, str, str]


def _held(rules: list[_Rule]) -> list[Refusal]:
    return [Refusal(code, message) for holds, code, message in rules if holds]


def _is_settled(invoice: "Invoice") -> bool:
    return invoice.status is InvoiceStatus.SETTLED


def _is_gone(invoice: "Invoice") -> bool:
    return invoice.status in GONE


def _is_paid(charge: "Charge", invoice: "Invoice | None") -> bool:
    return charge.status is ChargeStatus.SETTLED or (invoice is not None and _is_settled(invoice))


def _suspended(invoice: "Invoice") -> _Rule:
    return (
        invoice.status is InvoiceStatus.SUSPENDED,
        "invoice.suspended",
        f"A fatura {invoice.number} já está com o status de suspenso.",
    )


def _partial(invoice: "Invoice") -> _Rule:
    return (
        not _is_settled(invoice) and bool(invoice.paid),
        "invoice.partially_settled",
        "Esta fatura possui liquidações parciais",
    )


def _conciliation(invoice: "Invoice") -> list[_Rule]:
    return [
        (
            invoice.is_locked(LockKind.AWAITING_CONCILIATION),
            "invoice.awaiting_conciliation",
            "Fatura aguarda conciliação na profile",
        ),
        (invoice.conciliated, "invoice.conciliated", "Fatura já conciliada"),
    ]


def _removed(charge: "Charge") -> _Rule:
    return (charge.status is ChargeStatus.REMOVED, "charge.removed", f"A Conta {charge.code} já foi removida")


def _credit(charge: "Charge", done: str) -> _Rule:
    """PAY-08 (ours): it is money that we hold or that a closing gives back, and only invoices use it up."""
    message = f"A Conta {charge.code} é crédito do cliente e abate a próxima fatura. Não pode ser {done}."
    return (charge.is_credit, "charge.credit", message)
