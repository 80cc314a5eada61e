"""What happens to uploads, by name (REP-03)."""

from billing.audit.model import Action


class UploadAction(Action):
    OFFERED = "upload.offered", "Endereço de envio dado"
    RECEIVED = "upload.received", "Arquivo recebido"
