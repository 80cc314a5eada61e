"""What happens to members and tenants, by name (REP-03)."""

from billing.audit.model import Action


class MemberAction(Action):
    INVITED = "member.invited", "Usuário convidado"
    GRANTED = "member.granted", "Acesso alterado"
    REMOVED = "member.removed", "Acesso removido"
    SIGNED_OUT = "member.signed_out", "Sessões encerradas"
    SECOND_FACTOR_BEGUN = "member.second_factor_begun", "Cadastro do segundo fator iniciado"
    SECOND_FACTOR_REGISTERED = "member.second_factor_registered", "Segundo fator cadastrado"
    SECOND_FACTOR_REMOVED = "member.second_factor_removed", "Segundo fator retirado"


class TenantAction(Action):
    FOUNDED = "tenant.founded", "Base própria criada"
    BASE_RULED = "tenant.base_ruled", "Regra da base alterada"
    SECOND_FACTOR_RULED = "tenant.second_factor_ruled", "Regra do segundo fator alterada"
    PROFILE_ADDED = "tenant.profile_added", "Perfil incluído"
    PROFILE_CHANGED = "tenant.profile_changed", "Perfil alterado"
    PROFILE_REMOVED = "tenant.profile_removed", "Perfil excluído"
    COMPANY_ADDED = "tenant.company_added", "Empresa incluída na base"
