"""`python -m infra.publish OUTPUTS`: puts the built console in its bucket, after `cdk deploy --outputs-file OUTPUTS`.

First the files whose names change with their content, then the page that names them, so that whoever loads the page
finds them.
"""

import json
import mimetypes
import sys
from pathlib import Path
from typing import Any

import boto3

from infra.local.console import build_console

Outputs = dict[str, dict[str, str]]
_FOR_EVER = "public, max-age=31536000, immutable"


def publish(outputs: Outputs, dist: Path, s3: Any, cloudfront: Any) -> None:
    web, identity = outputs["MensalWeb"], outputs["MensalIdentity"]
    bucket = web["ConsoleBucketName"]
    paths = [path for path in sorted(dist.rglob("*")) if path.is_file() and not path.name.startswith(".")]
    for path in sorted(paths, key=lambda path: path.name == "index.html"):
        name = path.relative_to(dist).as_posix()
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=path.read_bytes(),
            ContentType=mimetypes.guess_type(name)[0] or "application/octet-stream",
            CacheControl=_FOR_EVER if name.startswith("assets/") else "no-cache",
        )
    config = {"signIn": identity["SignInUrl"], "clientId": identity["UserPoolClientId"]}
    s3.put_object(
        Bucket=bucket,
        Key="config.json",
        Body=json.dumps(config).encode(),
        ContentType="application/json",
        CacheControl="no-store",
    )
    cloudfront.create_invalidation(
        DistributionId=web["ConsoleDistributionId"],
        InvalidationBatch={
            "Paths": {"Quantity": 2, "Items": ["/index.html", "/config.json"]},
            "CallerReference": (dist / ".stamp").read_text(),
        },
    )


if __name__ == "__main__":
    publish(
        json.loads(Path(sys.argv[1]).read_text()),
        build_console(),
        boto3.client("s3"),
        boto3.client("cloudfront"),
    )
