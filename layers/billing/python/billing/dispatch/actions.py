"""What happens to messages and templates, by name (REP-03)."""

from billing.audit.model import Action


class MessageAction(Action):
    POSTED = "message.posted", "Mensagem enviada"


class TemplateAction(Action):
    ADDED = "template.added", "Modelo incluído"
    CHANGED = "template.changed", "Modelo alterado"
    REMOVED = "template.removed", "Modelo excluído"
