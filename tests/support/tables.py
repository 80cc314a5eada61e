"""All tables, from the record classes, as the stack makes them; and bases in them, made once and then restored."""

from collections.abc import Callable, Hashable

from billing.entry.tables import ALL_TABLES
from tests.support import aws

_kept: dict[Hashable, bytes] = {}


def create_tables() -> None:
    _make_once(_tables, "tables")


def create_base(base: Callable[[], object], *, called: Hashable) -> None:
    """Tables with what `base` makes in them: made at the first call in a process, restored at every further call of the
    same name.

    For bases that a test needs anew for every point at which it cuts: making one takes longer than the work that is
    cut.
    """

    def tables_and_base() -> None:
        create_tables()
        base()

    _make_once(tables_and_base, called)


def _make_once(make: Callable[[], object], called: Hashable) -> None:
    if not aws.is_empty():
        make()
    elif called in _kept:
        aws.put_back(_kept[called])
    else:
        make()
        _kept[called] = aws.state()


def _tables() -> None:
    import boto3

    for table in ALL_TABLES:
        table.create_table(wait=False)
    files = boto3.client("s3")
    files.create_bucket(Bucket="mensal-files", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    files.put_bucket_versioning(Bucket="mensal-files", VersioningConfiguration={"Status": "Enabled"})
