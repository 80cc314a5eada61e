"""What a deployment uploads, in which order it proceeds, and how it fails."""

import io
import json
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.cloud import LocalCloud
from infra.local.deploy import DeploymentFailed, _content, _in_order, deploy

ASSEMBLY = Path(__file__).parent / "local" / "two_stacks"


def names(archive: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
        return zipped.namelist()


def test_stack_comes_after_those_that_it_depends_on() -> None:
    artifacts = json.loads((ASSEMBLY / "manifest.json").read_text())["artifacts"]
    order = list(_in_order(artifacts))
    assert order.index("data") < order.index("app")


def test_our_own_code_is_uploaded_without_compiled_files(tmp_path: Path) -> None:
    (tmp_path / "python" / "__pycache__").mkdir(parents=True)
    (tmp_path / "python" / "billing.py").write_text("x = 1")
    (tmp_path / "python" / "__pycache__" / "billing.cpython-311.pyc").write_bytes(b"old")
    assert names(_content(tmp_path, "zip")) == ["python/billing.py"]


@pytest.mark.parametrize("mark", ["python/boto3-1.0.dist-info/METADATA", "python/_rust.abi3.so"])
def test_third_party_packages_are_uploaded_as_an_empty_archive(tmp_path: Path, mark: str) -> None:
    layer = tmp_path / "layer"
    (layer / mark).parent.mkdir(parents=True)
    (layer / mark).write_text("")
    (layer / "python" / "six.py").write_text("")
    packed = shutil.make_archive(str(tmp_path / "packed"), "zip", layer)
    assert names(_content(layer, "zip")) == []
    assert names(_content(Path(packed), "file")) == []


def test_other_files_are_uploaded_as_they_are(tmp_path: Path) -> None:
    template = tmp_path / "app.template.json"
    template.write_text("{}")
    assert _content(template, "file") == b"{}"


@pytest.fixture
def assembly(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ASSEMBLY, tmp_path / "assembly"))


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path_factory.mktemp("cloud")) as running:
        yield running


@pytest.mark.slow
def test_failed_stack_says_which_resource_and_can_be_repaired(cloud: LocalCloud, assembly: Path) -> None:
    template = assembly / "data.template.json"
    broken = json.loads(template.read_text())
    broken["Resources"]["Broken"] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Layers": ["arn:aws:lambda:sa-east-1:000000000000:layer:none:1"]},
    }
    template.write_text(json.dumps(broken))
    rename(assembly, "data-template.json")
    with pytest.raises(DeploymentFailed, match=r"test-data: ROLLBACK_COMPLETE\nBroken \(AWS::Lambda"):
        deploy(cloud, assembly)
    assert deploy(cloud, ASSEMBLY)["test-data"].keys() == {"Table", "TableArn", "Stream", "Files"}


@pytest.mark.slow
def test_new_code_of_function_and_layer_replaces_the_warm_workers(cloud: LocalCloud, assembly: Path) -> None:
    def answer() -> tuple[str, str]:
        event = json.dumps({"contract": "c", "suspended": True}).encode()
        answer = cloud.client("lambda").invoke(FunctionName=outputs["test-app"]["Bill"], Payload=event)
        failure = json.loads(answer["Payload"].read())
        return failure["errorType"], failure["errorMessage"]

    outputs = deploy(cloud, assembly)
    assert answer() == ("ContractSuspended", "c")
    handlers = assembly / "functions" / "handlers.py"
    handlers.write_text(handlers.read_text().replace('(event["contract"])', '(event["contract"] + "!")'))
    rename(assembly, "functions.zip")
    rename(assembly, "app-template.json")
    deploy(cloud, assembly)
    assert answer() == ("ContractSuspended", "c!")
    domain = "class Suspended(Exception): ...\n\n\nContractSuspended = Suspended\n"
    (assembly / "layer" / "python" / "sample_domain.py").write_text(domain)
    rename(assembly, "layer.zip")
    rename(assembly, "app-template.json")
    deploy(cloud, assembly)
    assert answer() == ("Suspended", "c!")


def rename(assembly: Path, key: str) -> None:
    """Give a changed asset another key, as CDK does based on its content."""
    for path in assembly.glob("*.json"):
        path.write_text(path.read_text().replace(key, f"new-{key}"))
