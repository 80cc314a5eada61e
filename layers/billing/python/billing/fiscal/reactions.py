"""What to do with what an authority answers: the same words for NFCom and NFS-e."""

from enum import StrEnum


class StatusReaction(StrEnum):
    """O que fazer com o que o autorizador respondeu."""

    AUTHORISED = "authorised"
    CANCELLED = "cancelled"
    SUBSTITUTED = "substituted"
    EVENT_REGISTERED = "event_registered"
    ALREADY_CANCELLED = "already_cancelled"
    ALREADY_SUBSTITUTED = "already_substituted"
    ALREADY_REGISTERED = "already_registered"
    RUNNING = "running"
    LATER = "later"
    """Transmitir de novo, mais tarde."""
    ABSENT = "absent"
    """Não consta: os mesmos bytes, de novo."""
    CONSULT = "consult"
    CONFLICT = "conflict"
    """Há outra chave com este número: parar e mostrar."""
    MEND = "mend"
    STOP_ISSUER = "stop_issuer"
    CERTIFICATE = "certificate"
    NEW_DATE = "new_date"
    ACCOUNTANT = "accountant"
    TOO_OLD = "too_old"
    BLOCKED = "blocked"
    """Uso indevido: nada deste tipo por uma hora."""
    DEFECT = "defect"
    """Defeito nosso: não transmitir de novo."""
    UNKNOWN_CODE = "unknown_code"
    UNREADABLE = "unreadable"

    @property
    def leaves_fate_unknown(self) -> bool:
        """Whether the note may have been authorised anyway: it must be queried by its key before anything else."""
        return self in {StatusReaction.UNREADABLE, StatusReaction.CONSULT, StatusReaction.CONFLICT}
