"""Files in S3."""

from collections.abc import Iterable, Iterator
from typing import Any

from billing.core.errors import NotFound, Transient
from billing.core.files import FORM_VALID_FOR, UploadForm

LINK_EXPIRES_S = 900
CHUNK_BYTES = 1 << 16
DELETED_TOGETHER = 1000
"""The most keys that S3 takes in one DeleteObjects."""
_ATTEMPTS = 4


class S3Files:
    def __init__(self, bucket: str) -> None:
        import boto3
        from botocore.config import Config

        self._bucket = bucket
        # Links are signed with version 4: older versions support neither KMS nor response headers.
        self._s3: Any = boto3.client("s3", config=Config(signature_version="s3v4"))

    def put_once(self, key: str, data: bytes) -> bool:
        """Two concurrent writes may both get a conflict with nothing stored: S3 says to try again.

        https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
        """
        from botocore.exceptions import ClientError

        for _ in range(_ATTEMPTS):
            try:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=data, IfNoneMatch="*")
            except ClientError as error:
                match error.response["Error"]["Code"]:
                    case "PreconditionFailed":
                        return False
                    case "ConditionalRequestConflict":
                        continue
                raise
            return True
        raise Transient(f"{key} keeps meeting other writes")

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=data, ContentType=content_type)

    def get(self, key: str, version: str | None = None) -> bytes:
        body: bytes = self._body(key, version).read()
        return body

    def chunks(self, key: str, version: str | None = None) -> Iterator[bytes]:
        parts: Iterator[bytes] = self._body(key, version).iter_chunks(CHUNK_BYTES)
        return parts

    def _body(self, key: str, version: str | None) -> Any:
        which = {} if version is None else {"VersionId": version}
        try:
            return self._s3.get_object(Bucket=self._bucket, Key=key, **which)["Body"]
        except self._s3.exceptions.NoSuchKey:
            raise NotFound("file.missing", "O arquivo não existe.") from None

    def keys(self, prefix: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        return [entry["Key"] for page in pages for entry in page.get("Contents", ())]

    def delete(self, keys: Iterable[str]) -> None:
        all_keys = [{"Key": key} for key in keys]
        for start in range(0, len(all_keys), DELETED_TOGETHER):
            objects = {"Objects": all_keys[start : start + DELETED_TOGETHER], "Quiet": True}
            failed = self._s3.delete_objects(Bucket=self._bucket, Delete=objects).get("Errors")
            if failed:
                raise Transient(f"{len(failed)} files were not removed: {failed[0]['Code']}")

    def download_url(self, key: str, name: str) -> str:
        """A PDF opens in the browser, under its name if it is kept; anything else is kept."""
        is_pdf = name.endswith(".pdf")
        shown = {"ResponseContentType": "application/pdf"} if is_pdf else {}
        url: str = self._s3.generate_presigned_url(
            "get_object",
            Params={
                "Bucket": self._bucket,
                "Key": key,
                "ResponseContentDisposition": f'{"inline" if is_pdf else "attachment"}; filename="{name}"',
                **shown,
                "ResponseCacheControl": "private, no-store",
            },
            ExpiresIn=LINK_EXPIRES_S,
        )
        return url

    def upload_form(self, key: str, content_type: str, max_bytes: int) -> UploadForm:
        """https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html"""
        form = self._s3.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": content_type},
            Conditions=[{"Content-Type": content_type}, ["content-length-range", 0, max_bytes]],
            ExpiresIn=int(FORM_VALID_FOR.total_seconds()),
        )
        return UploadForm(**form, max_bytes=max_bytes)
