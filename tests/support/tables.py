"""All tables, from the record classes, as the stack makes them."""

from billing.entry.tables import ALL_TABLES


def create_tables() -> None:
    import boto3

    for table in ALL_TABLES:
        table.create_table(wait=False)
    boto3.client("s3").create_bucket(
        Bucket="mensal-files", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"}
    )
