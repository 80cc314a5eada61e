"""What the arrival of a usage file triggers."""

from billing.core.files import Folder
from billing.entry import log, wiring
from billing.entry.uploaded import uploaded
from billing.uploads import service as uploads
from billing.uploads.model import StoredFile
from billing.usage import file_imports


@uploaded
def import_uploaded(file: StoredFile) -> None:
    """Keys are uploads/usage/<tenant>/<import>."""
    call, upload = uploads.receive(file, Folder.UPLOADED_USAGE, wiring.clock())
    imported = file_imports.receive(call, wiring.processes(), upload)
    log.event("import", tenant_id=call.tenant_id, import_id=imported.id, run_id=imported.run_id)
