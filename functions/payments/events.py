"""What the arrival of a bank statement triggers."""

from billing.core.files import Folder
from billing.entry import log, wiring
from billing.entry.uploaded import uploaded
from billing.payments import statement_imports
from billing.uploads import service as uploads
from billing.uploads.model import StoredFile


@uploaded
def statement_uploaded(file: StoredFile) -> None:
    """Keys are uploads/statements/<tenant>/<statement>."""
    call, upload = uploads.receive(file, Folder.UPLOADED_STATEMENTS, wiring.clock())
    imported = statement_imports.receive(call, wiring.processes(), upload)
    log.event("statement", tenant_id=call.tenant_id, statement_id=imported.id, run_id=imported.run_id)
