"""Files in S3: what is put once stays, and two writes at the same time are distinguished."""

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
