"""Deploys a CDK cloud assembly to the local cloud, as `cdk deploy --all` does to AWS.

Stacks, their order and their assets are read from the assembly
(https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-cloud-assembly). One thing differs: a layer of
third-party packages is built for Lambda's own platform and would hide the packages of this machine, so it is deployed empty.
"""

import graphlib
import io
import json
import time
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from botocore.exceptions import ClientError

from infra.local.cloud import ACCOUNT, REGION, LocalCloud

Json = dict[str, Any]
Outputs = dict[str, dict[str, str]]

_CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"]
_BOOTSTRAP_VERSION = "30"
_POLL_SECONDS = 0.05
_STACK_SECONDS = 300.0


class DeploymentFailed(RuntimeError):
    """A stack did not become complete; the message names the resources that failed and why."""


def deploy(cloud: LocalCloud, assembly: Path) -> Outputs:
    """Create or update every stack of the assembly, and keep the result on disk; returns stack -> output -> value."""
    artifacts: Json = json.loads((assembly / "manifest.json").read_text())["artifacts"]
    for artifact in artifacts.values():
        if artifact["type"] == "cdk:asset-manifest":
            _publish(cloud, assembly, artifact["properties"])
    outputs = {
        _stack_name(name, artifacts[name]): _deploy_stack(cloud, name, artifacts[name])
        for name in _in_order(artifacts)
        if artifacts[name]["type"] == "aws:cloudformation:stack"
    }
    cloud.save()
    return outputs


def _in_order(artifacts: Json) -> Iterator[str]:
    """Names of the artifacts, each after those that it depends on."""
    graph = {name: artifact.get("dependencies", []) for name, artifact in artifacts.items()}
    return iter(graphlib.TopologicalSorter(graph).static_order())


def _stack_name(artifact_name: str, artifact: Json) -> str:
    name: str = artifact["properties"].get("stackName", artifact_name)
    return name


def _publish(cloud: LocalCloud, assembly: Path, properties: Json) -> None:
    """Upload the files of one stack that the bucket does not have; their keys are hashes of their content."""
    cloud.client("ssm").put_parameter(
        Name=properties["bootstrapStackVersionSsmParameter"],
        Value=_BOOTSTRAP_VERSION,
        Type="String",
        Overwrite=True,
    )
    s3 = cloud.client("s3")
    for asset in json.loads((assembly / properties["file"]).read_text())["files"].values():
        path = assembly / asset["source"]["path"]
        for destination in asset["destinations"].values():
            bucket = _resolved(destination["bucketName"])
            key = _resolved(destination["objectKey"])
            if key not in _keys(s3, bucket):
                s3.put_object(Bucket=bucket, Key=key, Body=_content(path, asset["source"]["packaging"]))


def _keys(s3: Any, bucket: str) -> set[str]:
    """The keys in the bucket, which is created if it does not exist."""
    try:
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return {item["Key"] for page in pages for item in page.get("Contents", [])}
    except s3.exceptions.NoSuchBucket:
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        return set()


def _resolved(text: str) -> str:
    for name, value in (("AccountId", ACCOUNT), ("Region", REGION), ("Partition", "aws")):
        text = text.replace(f"${{AWS::{name}}}", value)
    return text


def _content(path: Path, packaging: str) -> bytes:
    if packaging == "zip":
        files = {
            file.relative_to(path).as_posix(): file for file in sorted(path.rglob("*")) if file.is_file()
        }
        return _zip({} if _is_third_party(files) else files)
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            if _is_third_party(archive.namelist()):
                return _zip({})
    return path.read_bytes()


def _is_third_party(names: Iterable[str]) -> bool:
    """Whether an archive holds installed or compiled packages, which this machine's own environment provides."""
    return any(
        name.endswith((".so", ".pyd"))
        or any(part.endswith(".dist-info") for part in PurePosixPath(name).parts)
        for name in names
    )


def _zip(files: dict[str, Path]) -> bytes:
    """An archive of the files without compiled Python, which could be older than its source."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, file in files.items():
            if "__pycache__" not in file.parts:
                archive.write(file, name)
    return buffer.getvalue()


def _deploy_stack(cloud: LocalCloud, artifact_name: str, artifact: Json) -> dict[str, str]:
    """Bring one stack to its template and return its outputs."""
    cloudformation = cloud.client("cloudformation")
    name = _stack_name(artifact_name, artifact)
    template = PurePosixPath(
        _resolved(artifact["properties"]["stackTemplateAssetObjectUrl"]).removeprefix("s3://")
    )
    request = {
        "StackName": name,
        "TemplateURL": f"{cloud.endpoint}/{template}",
        "Capabilities": _CAPABILITIES,
    }
    try:
        cloudformation.create_stack(**request)
    except cloudformation.exceptions.AlreadyExistsException:
        try:
            cloudformation.update_stack(**request)
        except ClientError as error:
            if "No updates are to be performed" not in error.response["Error"]["Message"]:
                raise
    stack = _wait(cloudformation, name)
    if stack["StackStatus"] not in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}:
        raise DeploymentFailed(
            f"{name}: {stack['StackStatus']}\n" + "\n".join(_failures(cloudformation, name))
        )
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def _wait(cloudformation: Any, name: str) -> Json:
    deadline = time.monotonic() + _STACK_SECONDS
    while time.monotonic() < deadline:
        stack: Json = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(_POLL_SECONDS)
    raise DeploymentFailed(f"{name}: still {stack['StackStatus']} after {_STACK_SECONDS:.0f} s")


def _failures(cloudformation: Any, name: str) -> Iterator[str]:
    for event in cloudformation.describe_stack_events(StackName=name)["StackEvents"]:
        if event["ResourceStatus"].endswith("_FAILED"):
            reason = event.get("ResourceStatusReason", "")
            yield f"{event['LogicalResourceId']} ({event['ResourceType']}) {event['ResourceStatus']}: {reason}"
