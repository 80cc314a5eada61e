"""What must outlive every deployment: the tables and the files."""

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.lambdas import Stores
from infra.constructs.reasons import accept
from infra.constructs.tables import make_tables
from infra.settings import Settings


class DataStack(Stack):
    def __init__(self, scope: Construct, settings: Settings) -> None:
        super().__init__(scope, "MensalData", description="Mensal: tables and files")
        files = _files_bucket(self, settings)
        export = self.resolve(self.export_value(files.bucket_arn))["Fn::ImportValue"]
        self.stores = Stores(
            tables=make_tables(self, protected=not settings.local),
            files=files,
            files_finding=f"{export}/*",
        )
        CfnOutput(self, "FilesBucketName", value=self.stores.files.bucket_name)
        for name, table in self.stores.tables.items():
            words = "".join(word.capitalize() for word in name.split("_"))
            CfnOutput(self, f"{words}TableName", value=table.table_name)


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
    accept(
        access_logs, "AwsSolutions-S1", "It holds the access logs; logging its own access would never end."
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
