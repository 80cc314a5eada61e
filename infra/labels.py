"""What the values of the API's enums are called to people (`x-labels` in the description): where an enum has no `label`
of its own, here. A value without a label does not pass."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from billing.invoicing.states import STATUS_PT
from billing.rating.definition import CATEGORY_TITLES, PERIODS, SUBCATEGORIES, Category

LABELS: dict[str, dict[str, str]] = {
    "AccountKind": {"bank": "Conta bancária", "cash_box": "Caixa", "safe": "Cofre"},
    "AdjustmentKind": {"surcharge": "Acréscimo", "discount": "Desconto"},
    "Basis": {"actual": "Dias corridos", "thirty_360": "30/360"},
    "CarryOverKind": {"stored": "Guardado", "taken": "Usado", "lost": "Perdido"},
    "Category": {str(category): title for category, title in CATEGORY_TITLES.items()},
    "Channel": {"email": "E-mail", "sms": "SMS", "whatsapp": "WhatsApp"},
    "ChargeStatus": {
        "unbilled": "Não faturada",
        "billed": "Faturada",
        "settled": "Liquidada",
        "suspended": "Suspensa",
        "removed": "Removida",
    },
    "DocumentKind": {
        "DM": "Duplicata mercantil",
        "DS": "Duplicata de serviço",
        "NP": "Nota promissória",
        "RC": "Recibo",
        "ND": "Nota de débito",
        "ME": "Mensalidade escolar",
        "OU": "Outros",
    },
    "FileFormat": {"csv": "CSV", "jsonl": "JSON por linha"},
    "ImportKind": {
        "usage": "Consumo",
        "readings": "Leituras",
        "transactions": "Transações",
        "utility_bills": "Contas de serviço público",
    },
    "ImportStatus": {"received": "Recebido", "applied": "Aplicado", "refused": "Recusado"},
    "InstructionStatus": {
        "waiting": "Aguardando remessa",
        "claimed": "Em remessa",
        "sent": "Enviada",
        "confirmed": "Confirmada",
        "rejected": "Rejeitada pelo banco",
        "cancelled": "Cancelada",
    },
    "InvoiceStatus": {str(status): label for status, label in STATUS_PT.items()},
    "Kind": {
        "registered": "Entrada confirmada",
        "rejected": "Entrada rejeitada",
        "settled": "Liquidação",
        "partially_settled": "Liquidação parcial",
        "paid_outside": "Baixa por pagamento fora do boleto",
        "written_off": "Baixa",
        "protested": "Protesto",
        "due_date_changed": "Vencimento alterado",
        "rebate_granted": "Abatimento concedido",
        "rebate_cancelled": "Abatimento cancelado",
        "instruction_accepted": "Instrução aceita",
        "instruction_rejected": "Instrução rejeitada",
        "command_refused": "Comando recusado",
        "tariff": "Tarifa",
        "other": "Outra ocorrência",
    },
    "Layout": {"cnab240": "CNAB 240", "cnab400": "CNAB 400", "api": "API do banco", "none": "Sem arquivo"},
    "Level": {
        "transaction": "Ajuste de transação",
        "subcategory": "Ajuste de subcategoria",
        "category": "Ajuste de categoria de encargo",
    },
    "LockKind": {
        "awaiting_remittance": "Em remessa",
        "awaiting_fiscal_document": "Aguardando documento fiscal",
        "awaiting_profile_change": "Em troca de profile",
        "awaiting_conciliation": "Aguardando conciliação",
        "schedule_suspended": "Agendamento suspenso",
        "pending_billing": "Em faturamento",
        "locked_charge": "Com conta bloqueada",
    },
    "MessagePurpose": {
        "invoice_issued": "Fatura emitida",
        "due_reminder": "Lembrete de vencimento",
        "overdue_notice": "Aviso de atraso",
        "single": "Envio individual",
    },
    "Method": {
        "bank_return": "Retorno do banco",
        "profile": "Profile de pagamento",
        "other": "Outros (sem integração)",
    },
    "Mode": {
        "all_tiers": "Todas as faixas",
        "top_tier": "Só a faixa alcançada",
        "delta": "Só o que excede o já faturado",
    },
    "MovementKind": {
        "receipt": "Recebimento",
        "tariff": "Tarifa",
        "reversal": "Estorno",
        "reversal_target": "Entrada por estorno",
        "refund": "Devolução",
        "matched": "Conciliação",
    },
    "OccurrenceOutcome": {
        "applied": "Aplicada",
        "held": "Retida",
        "recorded": "Registrada",
        "repeated": "Repetida",
        "completed": "Completa outra",
    },
    "Origin": {"by_hand": "Manual", "metering": "Volumetria"},
    "Outcome": {"done": "Feita", "warned": "Feita com aviso", "refused": "Recusada"},
    "PaperForm": {"sheets": "Uma folha por fatura", "booklet": "Carnê"},
    "PassageMode": {"full": "Integral", "pro_rata": "Proporcional"},
    "Profile": {
        "financeiro": "Financeiro",
        "operacao": "Operação",
        "administrador": "Administrador",
        "consulta": "Consulta",
    },
    "ReadingOrigin": {"by_hand": "Manual", "monitored": "Monitorada"},
    "RemittanceState": {
        "none": "Fora de remessa",
        "awaiting": "Aguardando remessa",
        "transmitted": "Enviada ao banco",
        "registered": "Registrada no banco",
        "rejected": "Rejeitada pelo banco",
        "write_off_queued": "Baixa pedida",
        "written_off": "Baixada no banco",
    },
    "Resolution": {"credit": "Crédito ao cliente", "refund": "Devolução", "accepted": "Diferença aceita"},
    "ReturnStatus": {"received": "Recebido", "applied": "Aplicado", "refused": "Recusado"},
    "RunKind": {
        "monthly_closing": "Fechamento do mês",
        "billing_run": "Faturamento",
        "remittance": "Remessa",
        "bank_return": "Retorno do banco",
        "dispatch": "Envio de mensagens",
        "usage_import": "Importação de consumo",
        "simulation": "Simulação da base",
    },
    "RunStatus": {
        "running": "Em andamento",
        "done": "Concluída",
        "failed": "Falhou",
        "cancelled": "Cancelada",
    },
    "Scope": {"item": "Cada item do contrato", "contract": "O contrato, uma vez"},
    "Severity": {"blocks": "Impede", "asks": "Pede confirmação", "warns": "Avisa"},
}


class Unlabelled(ValueError):
    """An enum of the description has a value that people would read as it is stored."""


def label(schemas: dict[str, Any]) -> None:
    """Writes `x-labels` into every enum of the schemas. Raises Unlabelled."""
    own = {kind.__name__: kind for kind in _kinds(StrEnum) if hasattr(kind, "label")}
    for name, schema in schemas.items():
        if "enum" not in schema:
            continue
        labels = {str(value): value.label for value in own[name]} if name in own else LABELS.get(name, {})
        missing = [value for value in schema["enum"] if value not in labels]
        if missing:
            raise Unlabelled(f"{name} {missing}: add to infra/labels.py what people call them")
        schema["x-labels"] = {value: labels[value] for value in schema["enum"]}
    if "Category" in schemas:
        schemas["Category"]["x-subcategories"] = {
            str(category): (titles or (PERIODS if category is Category.USAGE else {}))
            for category, titles in SUBCATEGORIES.items()
        }


def _kinds(kind: type[StrEnum]) -> Iterator[type[StrEnum]]:
    for below in kind.__subclasses__():
        yield below
        yield from _kinds(below)
