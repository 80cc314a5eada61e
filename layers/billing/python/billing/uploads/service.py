"""Gives out addresses for files, and says on whose behalf a received file is processed. All kinds of files use it.

A form is signed for one key chosen by the server, with a size limit enforced by S3. The first object that arrives
there is the upload; S3 cannot prevent a second one from being put over it, but nothing reads that one.
"""

from billing.access.call import Call
from billing.audit.changes import Changes, PlatformTable
from billing.core.clock import Clock
from billing.core.errors import Conflict, NotFound
from billing.core.files import Files, Folder, UploadForm
from billing.core.table import entity_row, find
from billing.uploads.actions import UploadAction
from billing.uploads.model import StoredFile, Upload, UploadRule

CONTENT_TYPE = "application/octet-stream"
"""The same for every upload: what a file is can be seen from its content."""


def offer(
    call: Call, files: Files, rule: UploadRule, upload_id: str, request: dict[str, str] | None = None
) -> UploadForm:
    """The address for one file, which is processed on the caller's behalf with the caller's present permissions."""
    upload = Upload(
        id=upload_id,
        key=rule.folder.key(call.tenant_id, upload_id),
        max_bytes=rule.max_bytes,
        user_id=call.actor_id,
        companies=call.scope.text,
        permissions=tuple(sorted(call.permissions)),
        request=request or {},
        offered_at=call.now,
    )
    changes = Changes(call)
    changes.put(_row(call.tenant_id, upload), UploadAction.OFFERED)
    changes.commit()
    return files.upload_form(upload.key, CONTENT_TYPE, rule.max_bytes)


def receive(file: StoredFile, folder: Folder, clock: Clock) -> tuple[Call, Upload]:
    """The call on whose behalf the file is processed. The same event again returns the same.

    Raises NotFound for a file at an address that was not given out, and Refused as `Upload.received`.
    """
    tenant_id = file.tenant_in(folder)
    upload_id = file.key.rpartition("/")[2]
    before = _get(tenant_id, upload_id, file.key)
    after = before.received(file, clock.now())
    call = after.call(tenant_id, clock)
    if after is before:
        return call, before
    changes = Changes(call)
    changes.put(_row(tenant_id, after), UploadAction.RECEIVED)
    try:
        return call, changes.commit_answering(after)
    except Conflict:  # another event for this address came first: for this same object or another one
        return call, _get(tenant_id, upload_id, file.key).received(file, clock.now())


def _get(tenant_id: str, upload_id: str, key: str) -> Upload:
    upload = find(PlatformTable, f"{tenant_id}#uploads", f"upload#{upload_id}", Upload)
    if upload is None or upload.key != key:
        raise NotFound(
            "upload.missing", "Ninguém pediu um endereço para este arquivo. Peça um e envie de novo."
        )
    return upload


def _row(tenant_id: str, upload: Upload) -> PlatformTable:
    return entity_row(PlatformTable, f"{tenant_id}#uploads", f"upload#{upload.id}", upload)
