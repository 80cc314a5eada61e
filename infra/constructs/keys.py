"""Keys that belong to the customer: rotated every year, and kept when their stack is deleted."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

DATA_ACTIONS = [
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncrypt*",
    "kms:GenerateDataKey*",
    "kms:CreateGrant",
    "kms:DescribeKey",
]


def make_data_key(scope: Construct) -> kms.Key:
    """The key of tables and files. Whoever may use those may use the key through them, as with the keys that AWS
    manages, and nobody else: roles need no grant of their own.
    https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
    stack = Stack.of(scope)
    key = _key(scope, "DataKey", "Mensal: tables and files")
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.AnyPrincipal()],
            actions=DATA_ACTIONS,
            resources=["*"],
            conditions={
                "StringEquals": {
                    "kms:CallerAccount": stack.account,
                    "kms:ViaService": [
                        f"{service}.{stack.region}.amazonaws.com" for service in ("dynamodb", "s3")
                    ],
                }
            },
        )
    )
    return key


def make_certificates_key(scope: Construct) -> kms.Key:
    """The key of companies' private keys: KMS itself encrypts and decrypts them, for roles that have the grant."""
    return _key(scope, "CertificatesKey", "Mensal: private keys of companies")


def make_alarms_key(scope: Construct) -> kms.Key:
    """The key of the alarms topic: CloudWatch cannot publish under the key that SNS manages."""
    key = _key(scope, "AlarmsKey", "Mensal: messages of alarms")
    key.add_to_resource_policy(
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["kms:Decrypt", "kms:GenerateDataKey*"],
            resources=["*"],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(scope).account}},
        )
    )
    return key


def _key(scope: Construct, name: str, description: str) -> kms.Key:
    return kms.Key(
        scope, name, description=description, enable_key_rotation=True, removal_policy=RemovalPolicy.RETAIN
    )
