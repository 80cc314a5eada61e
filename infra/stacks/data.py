"""What must outlive every deployment: the tables and the files."""

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from billing.core.files import Folder
from infra.constructs.keys import make_certificates_key, make_data_key
from infra.constructs.lambdas import Stores
from infra.constructs.tables import make_tables
from infra.names import pascal_case
from infra.settings import Settings

KEPT_DAYS = {
    Folder.PAPERS: 90,
    Folder.KITS: 90,
    Folder.SIMULATIONS: 365,
    Folder.IMPORT_REPORTS: 365,
    Folder.UPLOADED_RETURNS: 90,
    Folder.UPLOADED_USAGE: 90,
    Folder.UPLOADED_STATEMENTS: 90,
    Folder.BANK_CHANNEL: 90,
}
"""Files that can be made again, or are kept elsewhere by then. Whatever proves something stays: returns, remittances,
messages, and what runs worked on."""

BANK_CHANNEL_TAG = "mensal-bank-channel"
"""On the role of the machine with which a bank delivers its returns; nobody else may write to their folder."""


def make_data(app: App, settings: Settings) -> Stores:
    stack = Stack(app, "MensalData", description="Mensal: tables and files")
    key = make_data_key(stack) if settings.customer_key else None
    files = _files_bucket(stack, settings, key)
    tables = make_tables(stack, protected=not settings.local, key=key)
    export = stack.resolve(stack.export_value(files.bucket_arn))["Fn::ImportValue"]
    CfnOutput(stack, "FilesBucketName", value=files.bucket_name)
    for name, table in tables.items():
        CfnOutput(stack, f"{pascal_case(name)}TableName", value=table.table_name)
    certificates = make_certificates_key(stack)
    return Stores(tables=tables, files=files, certificates_key=certificates, files_finding=export)


def _files_bucket(scope: Construct, settings: Settings, key: kms.IKey | None) -> s3.Bucket:
    """Manifests, PDFs, remittances, returns. Every object stored there is reported to EventBridge, whose rules
    choose."""
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
        encryption=s3.BucketEncryption.S3_MANAGED if key is None else s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=None if key is None else True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=not settings.local,
        versioned=True,
        server_access_logs_bucket=access_logs,
        cors=[
            s3.CorsRule(
                allowed_methods=[s3.HttpMethods.GET, s3.HttpMethods.POST],
                allowed_origins=["http://127.0.0.1:*" if settings.local else settings.console_origin],
                allowed_headers=["content-type"],
                max_age=3600,
            )
        ],
        lifecycle_rules=[
            s3.LifecycleRule(
                noncurrent_version_expiration=Duration.days(90),
                abort_incomplete_multipart_upload_after=Duration.days(7),
            ),
            *(
                s3.LifecycleRule(prefix=folder.prefix, expiration=Duration.days(days))
                for folder, days in KEPT_DAYS.items()
            ),
        ],
        removal_policy=RemovalPolicy.DESTROY if settings.local else RemovalPolicy.RETAIN,
    )
    if not settings.local:  # locally, whoever tests acts as that machine
        files.add_to_resource_policy(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[files.arn_for_objects(f"{Folder.BANK_CHANNEL.prefix}*")],
                conditions={"StringNotEquals": {f"aws:PrincipalTag/{BANK_CHANNEL_TAG}": "true"}},
            )
        )
    resource = files.node.default_child
    assert isinstance(resource, s3.CfnBucket)
    resource.add_property_override(
        "NotificationConfiguration.EventBridgeConfiguration.EventBridgeEnabled", value=True
    )  # the L2 option needs a custom resource, a Lambda of its own, to set this one property
    return files
