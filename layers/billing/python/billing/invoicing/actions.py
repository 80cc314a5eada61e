"""What happens to charges and invoices, by name (REP-03)."""

from billing.audit.model import Action


class ChargeAction(Action):
    INSERTED = "charge.inserted", "Conta inserida"
    EDITED = "charge.edited", "Conta alterada"
    SUSPENDED = "charge.suspended", "Conta suspensa"
    UNSUSPENDED = "charge.unsuspended", "Suspensão da conta cancelada"
    MOVED = "charge.moved", "Conta levada aos novos termos do contrato"
    ADJUSTED = "charge.adjusted", "Acerto da troca de vencimento criado"
    REMOVED = "charge.removed", "Conta removida"
    CLAIMED = "charge.claimed", "Conta faturada"
    FREED = "charge.freed", "Conta devolvida a não faturadas"
    ADDED_BY_SETTLEMENT = "charge.added_by_settlement", "Conta de acerto criada pela liquidação"
    WITHDRAWN = "charge.withdrawn", "Conta de acerto retirada pelo estorno"
    CREDITED = "charge.credited", "Crédito do cliente criado"
    REBILLED = "charge.rebilled", "Saldo de fatura levado a esta conta"


class InvoiceAction(Action):
    ISSUED = "invoice.issued", "Fatura emitida"
    NUMBER_CANCELLED = "invoice.number_cancelled", "Número de fatura cancelado"
    REMOVED = "invoice.removed", "Fatura excluída"
    REPLACED = "invoice.replaced", "Fatura substituída por outra"
    REPLACEMENT_FAILED = "invoice.replacement_failed", "A fatura que a substituiria não pôde ser feita"
    SUSPENDED = "invoice.suspended", "Fatura suspensa"
    UNSUSPENDED = "invoice.unsuspended", "Suspensão da fatura cancelada"
    UNMARKED = "invoice.unmarked", "Marca de remessa retirada"
    COMMENTED = "invoice.commented", "Comentário"
    CLAIMED = "invoice.claimed", "Escolhida para remessa"
    REMITTED = "invoice.remitted", "Enviada em remessa"
    REMITTANCE_GIVEN_UP = "invoice.remittance_given_up", "Retirada da remessa"
    REGISTERED = "invoice.registered", "Boleto registrado no banco"
    REJECTED = "invoice.rejected", "Boleto rejeitado pelo banco"
    INSTRUCTED = "invoice.instructed", "Instrução pedida ao banco"
    WRITE_OFF_GIVEN_UP = "invoice.write_off_given_up", "Baixa no banco desistida"
    WRITTEN_OFF = "invoice.written_off", "Boleto baixado no banco"
    WRITE_OFF_REPORTED = "invoice.write_off_reported", "Baixa do boleto no banco informada"
    PAID_AT_BANK = "invoice.paid_at_bank", "Boleto pago no banco"
    DUE_CHANGED = "invoice.due_changed", "Vencimento alterado no banco"
    REBATE_GRANTED = "invoice.rebate_granted", "Abatimento concedido no banco"
    REBATE_CANCELLED = "invoice.rebate_cancelled", "Abatimento cancelado no banco"
    PROTESTED = "invoice.protested", "Boleto enviado a cartório"
    PROTEST_STOPPED = "invoice.protest_stopped", "Protesto sustado"
    DISCOUNT_CHANGED = "invoice.discount_changed", "Desconto alterado no banco"
    SETTLED = "invoice.settled", "Fatura liquidada"
    PARTLY_PAID = "invoice.partly_paid", "Pagamento parcial recebido"
    MATCHED = "invoice.matched", "Liquidação conciliada com o banco"
    REVERSED = "invoice.reversed", "Liquidação estornada"
    DOCUMENT_NUMBERED = "invoice.document_numbered", "Documento fiscal em emissão"
    DOCUMENT_ISSUED = "invoice.document_issued", "Documento fiscal autorizado"
    DOCUMENT_GIVEN_UP = "invoice.document_given_up", "Documento fiscal cancelado ou desistido"
    NO_DOCUMENT_NEEDED = "invoice.no_document_needed", "Não precisa de documento fiscal"


class NumberAction(Action):
    TAKEN = "numbers.taken", "Números de fatura reservados"
