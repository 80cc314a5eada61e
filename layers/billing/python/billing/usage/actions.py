"""What happens to usage, by name (REP-03)."""

from billing.audit.model import Action


class UsageAction(Action):
    ENTERED = "usage.entered", "Lançamento incluído"
    REMOVED = "usage.removed", "Lançamento excluído"
    IMPORTED = "usage.imported", "Lançamentos da volumetria recebidos"


class ReadingAction(Action):
    RECORDED = "reading.recorded", "Leitura incluída"
    CORRECTED = "reading.corrected", "Leitura corrigida"
    IMPORTED = "reading.imported", "Leituras da monitoração recebidas"


class TransactionAction(Action):
    IMPORTED = "transaction.imported", "Transações recebidas"


class UtilityBillAction(Action):
    IMPORTED = "utility_bill.imported", "Conta da concessionária recebida"
    CORRECTED = "utility_bill.corrected", "Conta da concessionária corrigida"


class ImportAction(Action):
    RECEIVED = "import.received", "Arquivo de consumo recebido"
    CHANGED = "import.changed", "Situação da importação alterada"
