"""What happens to settlements, held receipts and accounts of money, by name (REP-03)."""

from billing.audit.model import Action


class SettlementAction(Action):
    MADE = "settlement.made", "Liquidação registrada"
    REVERSED = "settlement.reversed", "Liquidação estornada"


class AccountAction(Action):
    ADDED = "account.added", "Conta de dinheiro incluída"
    CLOSED = "account.closed", "Caixa fechado"
    REOPENED = "account.reopened", "Caixa reaberto"


class ReceiptAction(Action):
    PIX_IMPORTED = "receipt.pix_imported", "Pix importado"
    HELD = "receipt.held", "Recebimento retido"
    INVOICE = "receipt.invoice", "Recebimento retido usado em fatura"
    CREDIT = "receipt.credit", "Recebimento retido usado como crédito"
    REFUND = "receipt.refund", "Recebimento retido devolvido"
    ACCEPTED = "receipt.accepted", "Diferença aceita"


class StatementAction(Action):
    RECEIVED = "statement.received", "Extrato recebido"
    CHANGED = "statement.changed", "Extrato atualizado"


class SettingsAction(Action):
    CHANGED = "settings.changed", "Configurações de recebimento alteradas"
