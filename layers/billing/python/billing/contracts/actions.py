"""What happens to contracts, by name (REP-03)."""

from billing.audit.model import Action


class ContractAction(Action):
    ADDED = "contract.added", "Contrato incluído"
    ALTERED = "contract.altered", "Termos do contrato alterados"
    CHANGED = "contract.changed", "Vencimento ou profile de pagamento trocado"
    ITEM_PUT = "contract.item_put", "Item do contrato incluído ou alterado"
    DEFINITION_PUT = "contract.definition_put", "Definição de encargo incluída ou alterada"
    TAX_CODES_RESET = "contract.tax_codes_reset", "Códigos tributários redefinidos"
    METERS_ASSOCIATED = "contract.meters_associated", "Medidores associados"
    ENERGY_PREFERENCES_UPDATED = "contract.energy_preferences_updated", "Preferências de energia atualizadas"
    ACTIVATED = "contract.activated", "Contrato ativado"
    SUSPENDED = "contract.suspended", "Contrato suspenso"
    RESUMED = "contract.resumed", "Suspensão do contrato cancelada"
    CANCELLATION_REQUESTED = "contract.cancellation_requested", "Cancelamento solicitado"
    RETAINED = "contract.retained", "Cliente retido: o contrato continua"
    CANCELLED = "contract.cancelled", "Contrato cancelado"
