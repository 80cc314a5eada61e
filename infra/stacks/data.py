"""What must outlive every deployment: the tables and the files."""

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.lambdas import Stores
from infra.constructs.tables import make_tables
from infra.names import pascal_case
from infra.settings import Settings


def make_data(app: App, settings: Settings) -> Stores:
    stack = Stack(app, "MensalData", description="Mensal: tables and files")
    files = _files_bucket(stack, settings)
    tables = make_tables(stack, protected=not settings.local)
    export = stack.resolve(stack.export_value(files.bucket_arn))["Fn::ImportValue"]
    CfnOutput(stack, "FilesBucketName", value=files.bucket_name)
    for name, table in tables.items():
        CfnOutput(stack, f"{pascal_case(name)}TableName", value=table.table_name)
    return Stores(tables=tables, files=files, files_finding=f"{export}/*")


def _files_bucket(scope: Construct, settings: Settings) -> s3.Bucket:
    """Manifests, PDFs, remittances, returns. Every object put there is told to EventBridge, whose rules choose."""
    access_logs = s3.Bucket(
        scope,
        "FilesAccessLogs",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=not settings.local,
        lifecycle_rules=[s3.LifecycleRule(expiration=Duration.days(90))],
        removal_policy=RemovalPolicy.DESTROY if settings.local else RemovalPolicy.RETAIN,
    )
    files = s3.Bucket(
        scope,
        "Files",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=not settings.local,
        versioned=True,
        server_access_logs_bucket=access_logs,
        cors=[
            s3.CorsRule(
                allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.PUT],
                allowed_origins=list(settings.web_origins),
                allowed_headers=["content-type"],
                max_age=3600,
            )
        ],
        lifecycle_rules=[
            s3.LifecycleRule(
                noncurrent_version_expiration=Duration.days(90),
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.DESTROY if settings.local else RemovalPolicy.RETAIN,
    )
    resource = files.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.add_property_override(
        "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", value=True
    )  # the L2 option needs a custom resource, a Lambda of its own, to set this one property
    return files
