"""All tables, from the record classes, as the stack makes them."""

from billing.entry.tables import ALL_TABLES


def create_tables() -> None:
    import boto3

    for table in ALL_TABLES:
        table.create_table(wait=False)
    files = boto3.client("s3")
    files.create_bucket(Bucket="mensal-files", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    files.put_bucket_versioning(Bucket="mensal-files", VersioningConfiguration={"Status": "Enabled"})
