"""Files in the bucket, as S3 reports them."""

from typing import Any

import boto3

from billing.uploads.model import StoredFile


def sent(key: str, data: bytes) -> StoredFile:
    """Put where an address says, or where a bank's machine delivers it."""
    version = boto3.client("s3").put_object(Bucket="mensal-files", Key=key, Body=data)["VersionId"]
    return StoredFile(key, len(data), version)


def upload_event(file: StoredFile) -> dict[str, Any]:
    """The event of EventBridge."""
    return {"detail": {"object": {"key": file.key, "size": file.size, "version-id": file.version}}}
