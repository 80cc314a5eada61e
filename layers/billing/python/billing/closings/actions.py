"""What happens to closings, by name (REP-03)."""

from billing.audit.model import Action


class ClosingAction(Action):
    COMPUTED = "closing.computed", "Fechamento calculado"
    FROZEN = "closing.frozen", "Fechamento congelado"
    CHARGES_COMPLETED = "closing.charges_completed", "Contas do fechamento completadas"
    UNFROZEN = "closing.unfrozen", "Fechamento descongelado"
    ADJUSTED = "closing.adjusted", "Acréscimo ou desconto incluído"
    ADJUSTMENT_REMOVED = "closing.adjustment_removed", "Acréscimo ou desconto excluído"
    NOTED = "closing.noted", "Observação incluída"
