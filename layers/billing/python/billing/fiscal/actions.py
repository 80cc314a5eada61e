"""What happens to fiscal documents and their settings, by name (REP-03)."""

from billing.audit.model import Action


class FiscalAction(Action):
    NUMBERED = "fiscal_document.numbered", "Documento fiscal numerado"
    AUTHORISED = "fiscal_document.authorised", "Documento fiscal autorizado"
    REJECTED = "fiscal_document.rejected", "Documento fiscal rejeitado"
    ANSWER_LOST = "fiscal_document.answer_lost", "Documento fiscal sem resposta do autorizador"
    NUMBER_GIVEN_BACK = "fiscal_document.number_given_back", "Número do documento fiscal devolvido"
    CANCELLATION_REQUESTED = "fiscal_document.cancellation_requested", "Cancelamento pedido ao autorizador"
    CANCELLATION_REFUSED = "fiscal_document.cancellation_refused", "Cancelamento recusado pelo autorizador"
    CANCELLED = "fiscal_document.cancelled", "Documento fiscal cancelado"
    SUBSTITUTED = "fiscal_document.substituted", "Documento fiscal substituído"


class FiscalSettingsAction(Action):
    CHANGED = "fiscal_settings.changed", "Configuração fiscal alterada"
    CERTIFICATE_KEPT = "fiscal_settings.certificate_kept", "Certificado digital guardado"
    MONTH_CHANGED = "fiscal_settings.month_changed", "Competência alterada"
    PAUSED = "fiscal_settings.paused", "Emissão parada por rejeições iguais"
