"""What happens to members and tenants, by name (REP-03)."""

from billing.audit.model import Action


class MemberAction(Action):
    INVITED = "member.invited", "Usuário convidado"
    GRANTED = "member.granted", "Acesso alterado"
    REMOVED = "member.removed", "Acesso removido"


class TenantAction(Action):
    FOUNDED = "tenant.founded", "Base própria criada"
    BASE_RULED = "tenant.base_ruled", "Regra da base alterada"
    SECOND_FACTOR_RULED = "tenant.second_factor_ruled", "Regra do segundo fator alterada"
    COMPANY_ADDED = "tenant.company_added", "Empresa incluída na base"
