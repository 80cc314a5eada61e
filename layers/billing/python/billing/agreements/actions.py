"""What happens to debt agreements, by name (REP-03)."""

from billing.audit.model import Action


class AgreementAction(Action):
    MADE = "agreement.made", "Parcelamento de dívida feito"
    BILLED = "agreement.billed", "Parcelas do parcelamento faturadas"
    ENDING = "agreement.ending", "Fim do parcelamento iniciado"
    FULFILLED = "agreement.fulfilled", "Parcelamento cumprido"
    BROKEN = "agreement.broken", "Parcelamento quebrado"


class AgreementSettingsAction(Action):
    CHANGED = "agreement_settings.changed", "Configuração de Parcelar Dívida alterada"
