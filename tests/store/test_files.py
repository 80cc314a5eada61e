"""Files in S3: what is put once stays, and two writes at the same time are distinguished."""

from urllib.parse import parse_qsl, urlsplit

import pytest
from botocore.exceptions import ClientError

from billing.adapters.s3 import S3Files
from billing.core.errors import Transient
from tests.support.aws import InProcessAws

KEY = "ten_alfa/runs/run_1/manifest.json"


def conflicts(aws: InProcessAws, times: int) -> None:
    """S3 answers 409 to the next `times` writes."""
    left = [None] * times

    def observe(operation: str, _body: bytes, moment: str) -> None:
        if left and (operation, moment) == ("S3:PUT", "before"):
            left.pop()
            raise ClientError({"Error": {"Code": "ConditionalRequestConflict"}}, "PutObject")

    aws.observers.append(observe)


@pytest.mark.req("PLT-04")
def test_put_that_meets_another_is_tried_again(aws: InProcessAws) -> None:
    """After a conflict, it is possible that neither of the two writes was stored."""
    files = S3Files("mensal-files")
    conflicts(aws, 2)

    assert files.put_once(KEY, b"first") is True
    assert files.put_once(KEY, b"second") is False
    assert files.get(KEY) == b"first"


@pytest.mark.req("PLT-04")
def test_put_that_keeps_conflicting_is_left_for_the_machine_to_retry(aws: InProcessAws) -> None:
    conflicts(aws, 100)

    with pytest.raises(Transient):
        S3Files("mensal-files").put_once(KEY, b"first")


@pytest.mark.parametrize(
    ("name", "parameters"),
    [
        ("fatura-1.pdf", {"disposition": 'inline; filename="fatura-1.pdf"', "type": "application/pdf"}),
        ("CB200301.REM", {"disposition": 'attachment; filename="CB200301.REM"'}),
        ("competencia.zip", {"disposition": 'attachment; filename="competencia.zip"'}),
    ],
)
def test_link_of_a_pdf_opens_it_and_that_of_another_file_keeps_it(
    aws: InProcessAws, name: str, parameters: dict[str, str]
) -> None:
    query = dict(parse_qsl(urlsplit(S3Files("mensal-files").download_url(KEY, name)).query))
    parts = {"disposition": "response-content-disposition", "type": "response-content-type"}
    assert {part: query[named] for part, named in parts.items() if named in query} == parameters
    assert query["response-cache-control"] == "private, no-store"
