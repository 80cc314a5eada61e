"""What happens to instructions, remittances and return files, by name (REP-03)."""

from billing.audit.model import Action


class InstructionAction(Action):
    ASKED = "instruction.asked", "Instrução pedida"
    WAITING = "instruction.waiting", "Instrução devolvida à espera"
    CLAIMED = "instruction.claimed", "Instrução escolhida para remessa"
    SENT = "instruction.sent", "Instrução enviada ao banco"
    CONFIRMED = "instruction.confirmed", "Instrução confirmada pelo banco"
    REJECTED = "instruction.rejected", "Instrução rejeitada pelo banco"
    CANCELLED = "instruction.cancelled", "Instrução cancelada"


class RemittanceAction(Action):
    RECORDED = "remittance.recorded", "Remessa gerada"
    REJECTED = "remittance.rejected", "Remessa rejeitada pelo banco"


class ReturnAction(Action):
    RECEIVED = "return.received", "Retorno recebido"
    REPEATED = "return.repeated", "Retorno recebido de novo"
    CHANGED = "return.changed", "Situação do retorno alterada"
