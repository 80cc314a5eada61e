"""What the arrival of a return triggers: uploaded by a person, or delivered by the bank itself."""

from billing.access.call import Actor, Call
from billing.bank_files import returns
from billing.core.files import Folder
from billing.entry import log, wiring
from billing.entry.uploaded import uploaded
from billing.uploads import service as uploads
from billing.uploads.model import StoredFile


@uploaded
def return_uploaded(file: StoredFile) -> None:
    """Keys are uploads/returns/<tenant>/<upload>, for the person who was given the address, and
    bank-channel/<tenant>/<name>.

    No person can write to the bank's channel, so a file there acts for the whole tenant. Banks reuse names: the file is
    read by its version, however late the event is handled.
    """
    if file.key.startswith(Folder.BANK_CHANNEL.prefix):
        tenant_id = file.tenant_in(Folder.BANK_CHANNEL)
        call = Call.unattended(tenant_id, Actor(Folder.BANK_CHANNEL), wiring.clock().now())
        file_name = file.key.rpartition("/")[2] or None
    else:
        call, upload = uploads.receive(file, Folder.UPLOADED_RETURNS, wiring.clock())
        file_name = upload.request.get("file_name")
    returned = returns.receive(call, wiring.files(), wiring.processes(), file, file_name)
    log.event("return", tenant_id=call.tenant_id, return_id=returned.id, status=returned.status)
