"""What happens to customers and companies, by name (REP-03)."""

from billing.audit.model import Action


class CustomerAction(Action):
    ADDED = "customer.added", "Cadastro incluído"
    CORRECTED = "customer.corrected", "Cadastro alterado"
    DEACTIVATED = "customer.deactivated", "Cadastro inativado"
    REACTIVATED = "customer.reactivated", "Cadastro reativado"


class CompanyAction(Action):
    ADDED = "company.added", "Empresa incluída"
    CHANGED = "company.changed", "Empresa alterada"
    SENDER_PROVEN = "company.sender_proven", "Remetente comprovado"
    SENDER_DOMAIN_CLAIMED = "company.sender_domain_claimed", "Domínio de remetentes informado"
    SENDER_DOMAIN_PROVEN = "company.sender_domain_proven", "Domínio de remetentes comprovado"


class ListedReasonAction(Action):
    ADDED = "listed_reason.added", "Motivo incluído na lista"
    CHANGED = "listed_reason.changed", "Motivo da lista alterado"
