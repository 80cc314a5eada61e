"""Why an operation on an invoice is refused: every reason at once, in the words of the manuals.

The messages are in INV-01, INV-02, INV-08 and INV-09 of docs/requirements.md; their X is the invoice's number. The
refusals of a charge are in `charge`.
"""

from billing.core.errors import Refusal, Refused, Severity, standing
from billing.invoicing.standing import InvoiceStanding
from billing.invoicing.states import (
    GONE,
    InvoiceStatus,
    LockKind,
    RemittanceState,
)


def require(reasons: list[Refusal], *, confirmed: bool = False) -> None:
    """Raises Refused with the remaining refusals, without those that a person confirmed."""
    stops = standing(reasons, confirmed=confirmed)
    if stops:
        raise Refused.because(stops)


Rule = tuple[bool, str, str]
"""Whether it applies, its code, its message."""


def held(rules: list[Rule]) -> list[Refusal]:
    return [Refusal(code, message) for holds, code, message in rules if holds]


def to_remove(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-01."""
    number = invoice.number
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
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
            *_reconciliation(invoice),
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


def to_suspend(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-02. An invoice whose boleto the bank has can be suspended, with a warning."""
    number = invoice.number
    reasons = held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
            _suspended(invoice),
            *_reconciliation(invoice),
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


def to_unsuspend(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-02."""
    return held(
        [
            (
                invoice.status is not InvoiceStatus.SUSPENDED,
                "invoice.not_suspended",
                f"A Fatura {invoice.number} não está mais suspensa",
            )
        ]
    )


def to_unmark(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-13 (the messages are ours): only for an invoice that was remitted and is not queued for the bank. A
    rejected one is unmarked to be sent again as it is."""
    number = invoice.number
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
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


def to_settle(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-08: manual settlement."""
    number = invoice.number
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
            _suspended(invoice),
            _partial(invoice),
        ]
    ) + _ways_on(invoice)


def to_renegotiate(invoice: InvoiceStanding) -> list[Refusal]:
    """PAY-06 (the messages are those of INV-08): its balance goes into an agreement, also of one that is partly paid."""
    number = invoice.number
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
            _suspended(invoice),
        ]
    )


def to_close_outstanding(invoice: InvoiceStanding) -> list[Refusal]:
    """Closing the rest of a partly paid invoice (these ways are ours)."""
    number = invoice.number
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (_is_gone(invoice), "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
            _suspended(invoice),
            (
                not invoice.paid and not is_settled(invoice),
                "invoice.not_partly_settled",
                f"A Fatura {number} não tem liquidação parcial: liquide-a, ou remova-a.",
            ),
        ]
    )


def _ways_on(invoice: InvoiceStanding) -> list[Refusal]:
    """The manual stops at the refusal; we add what can be done."""
    (is_partial, *_) = _partial(invoice)
    if not is_partial or _is_gone(invoice) or invoice.status is InvoiceStatus.RENEGOTIATED:
        return []
    message = f"Faltam {invoice.balance.format_br()} da Fatura {invoice.number}: receba o saldo, perdoe-o ou leve-o a outra conta."
    return [Refusal("invoice.outstanding_ways", message)]


def to_reverse(
    invoice: InvoiceStanding, *, is_reversed: bool, is_bank_period_closed: bool, is_cash_box_closed: bool
) -> list[Refusal]:
    """INV-09: the reversal of one of the invoice's settlements."""
    number = invoice.number
    return held(
        [
            (
                not (is_reversed or is_settled(invoice) or invoice.paid),
                "invoice.not_settled",
                f"A Fatura {number} não está liquidada",
            ),
            (invoice.reconciled and is_bank_period_closed, "invoice.reconciled", "Fatura já conciliada"),
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


def to_print_in_booklet(invoice: InvoiceStanding) -> list[Refusal]:
    """INV-04 (ours): a booklet has only boletos that are to be paid. A suspended invoice stays out of it (INV-02)."""
    number = invoice.number
    is_gone = invoice.status is not InvoiceStatus.CANCELLED and _is_gone(invoice)
    without = invoice.status is InvoiceStatus.OPEN and not invoice.has_boleto_to_pay
    return held(
        [
            (is_settled(invoice), "invoice.settled", f"A Fatura {number} já está liquidada"),
            (is_gone, "invoice.deleted", f"A fatura {number} está com status de excluída"),
            _renegotiated(invoice),
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


def is_settled(invoice: InvoiceStanding) -> bool:
    return invoice.status is InvoiceStatus.SETTLED


def _is_gone(invoice: InvoiceStanding) -> bool:
    return invoice.status in GONE


def _renegotiated(invoice: InvoiceStanding) -> Rule:
    """In the words of INV-09."""
    return (
        invoice.status is InvoiceStatus.RENEGOTIATED,
        "invoice.renegotiated",
        f"A Fatura {invoice.number} faz parte de um parcelamento",
    )


def _suspended(invoice: InvoiceStanding) -> Rule:
    return (
        invoice.status is InvoiceStatus.SUSPENDED,
        "invoice.suspended",
        f"A fatura {invoice.number} já está com o status de suspenso.",
    )


def _partial(invoice: InvoiceStanding) -> Rule:
    return (
        not is_settled(invoice) and bool(invoice.paid),
        "invoice.partially_settled",
        "Esta fatura possui liquidações parciais",
    )


def _reconciliation(invoice: InvoiceStanding) -> list[Rule]:
    return [
        (
            invoice.is_locked(LockKind.AWAITING_RECONCILIATION),
            "invoice.awaiting_reconciliation",
            "Fatura aguarda conciliação na profile",
        ),
        (invoice.reconciled, "invoice.reconciled", "Fatura já conciliada"),
    ]
