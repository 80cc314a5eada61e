"""What a deployment uploads, in which order it goes, and how it fails."""

import io
import json
import shutil
import zipfile
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


@pytest.mark.slow
@pytest.mark.xdist_group("local_cloud")
def test_failed_stack_says_which_resource_and_can_be_mended(tmp_path: Path) -> None:
    assembly = Path(shutil.copytree(ASSEMBLY, tmp_path / "assembly"))
    template = assembly / "data.template.json"
    good = template.read_text()
    broken = json.loads(good)
    broken["Resources"]["Broken"] = {
        "Type": "AWS::Lambda::Function",
        "Properties": {"Layers": ["arn:aws:lambda:sa-east-1:000000000000:layer:none:1"]},
    }
    template.write_text(json.dumps(broken))
    with LocalCloud(tmp_path / "cloud") as cloud:
        with pytest.raises(DeploymentFailed, match=r"test-data: ROLLBACK_COMPLETE\nBroken \(AWS::Lambda"):
            deploy(cloud, assembly)
        template.write_text(good)
        rename_template(assembly)
        assert deploy(cloud, assembly)["test-data"].keys() == {"Table", "TableArn", "Stream", "Files"}


def rename_template(assembly: Path) -> None:
    """Give the mended template a key of its own, as CDK does by its content."""
    for name in ("manifest.json", "data.assets.json"):
        path = assembly / name
        path.write_text(path.read_text().replace("data-template.json", "data-mended.json"))
