"""Why a bank rejected a title or an instruction, as kept in the invoice (BEY-13); `mending` says what to correct."""

from billing.core.entity import Entity


class Mend(Entity):
    """Um campo a corrigir antes de enviar de novo."""

    field: str
    """Como na pré-conferência da remessa: `payer.` é do cadastro do cliente, `terms.` do profile, o resto da fatura."""
    advice: str
    """O que fazer."""


class BankReason(Entity):
    """Um motivo do banco, e os campos que ele manda corrigir."""

    code: str
    text: str
    mends: tuple[Mend, ...] = ()
