"""What happens to billing items and tax codes, by name (REP-03)."""

from billing.audit.model import Action


class ItemAction(Action):
    ADDED = "item.added", "Item incluído"
    PRICED = "item.priced", "Preço incluído"
    PRICE_REMOVED = "item.price_removed", "Preço excluído"
    REMOVED = "item.removed", "Item excluído"


class TaxCodeAction(Action):
    ADDED = "tax_code.added", "Código tributário incluído"
    RATED = "tax_code.rated", "Alíquota incluída"
    RATE_REMOVED = "tax_code.rate_removed", "Alíquota excluída"
    REMOVED = "tax_code.removed", "Código tributário excluído"
