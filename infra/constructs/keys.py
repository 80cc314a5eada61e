"""Keys that are the customer's own: rotated every year, and kept when their stack is gone."""

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
    """Of tables and files. Whoever may use them may use it through them, as with the keys that AWS manages, and nobody
    else: roles need no grant of their own. https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html"""
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
    """Of companies' private keys: they are encrypted and decrypted by KMS itself, for roles that are granted it."""
    return _key(scope, "CertificatesKey", "Mensal: private keys of companies")


def make_alarms_key(scope: Construct) -> kms.Key:
    """Of the topic of alarms: CloudWatch cannot publish under the key that SNS manages."""
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
