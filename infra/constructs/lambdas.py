"""Lambda functions from the registry: code, layers, environment, and a role with the grants of its line and no
others."""

from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import ArnFormat, Duration, RemovalPolicy, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from billing.adapters.ses import SENDER_TAG
from billing.audit import access_log
from billing.entry import tenant_limit
from billing.runs.kinds import RunKind
from infra.constructs.reasons import accept
from infra.constructs.tables import index_names_of
from infra.function import (
    LOCAL_TENANT_REQUESTS_PER_SECOND,
    STARTS_QUICKLY,
    TENANT_REQUESTS_PER_SECOND,
    Function,
    Sends,
    Woken,
)
from infra.machines import asks_per_second, sends_per_second
from infra.settings import Settings

LOG_RETENTION = logs.RetentionDays.THREE_MONTHS
READ_ACTIONS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem")
WRITE_ACTIONS = (*READ_ACTIONS, "dynamodb:PutItem")
DELETE_ACTION = "dynamodb:DeleteItem"
"""A transaction is authorised action by action; checking a row in it counts as reading. Nothing updates an item in
place except the counters of requests, and nothing scans."""


@dataclass(frozen=True, slots=True)
class Stores:
    """Where functions keep their state."""

    tables: Mapping[str, dynamodb.Table]
    files: s3.Bucket
    certificates_key: kms.Key
    """Encrypts the private keys of companies."""
    files_finding: str
    """What cdk-nag calls the bucket, seen from another stack."""


class Lambdas:
    """The functions of one stack. The layers are made per stack: a layer imported by another stack cannot change."""

    def __init__(self, stack: Stack, settings: Settings, stores: Stores) -> None:
        self._scope = Construct(stack, "Lambdas")
        self._settings = settings
        self._stores = stores
        self._code = lambda_.Code.from_asset(
            str(settings.sources.functions), exclude=["**/__pycache__", "*.pyc"]
        )
        self._layers = [
            self._layer("Billing", str(settings.sources.billing), "The domain"),
            self._layer("Vendor", str(settings.sources.vendor), "Third-party packages, as locked"),
        ]

    def make(self, function: Function, machine_arns: Mapping[RunKind, str] | None = None) -> lambda_.Function:
        """The function. Of the machines that it starts, those in `machine_arns` are granted and put in its
        environment."""
        log_group = logs.LogGroup(
            self._scope,
            f"{function.logical_name}Logs",
            retention=LOG_RETENTION,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = iam.Role(
            self._scope,
            f"{function.logical_name}Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description=f"What {function.handler} may do",
        )
        log_group.grant_write(role)
        starts = {kind: (machine_arns or {})[kind] for kind in function.starts}
        made = lambda_.Function(
            self._scope,
            function.logical_name,
            description=function.handler,
            code=self._code,
            layers=self._layers,
            handler=function.handler,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            memory_size=function.memory_mb,
            timeout=Duration.seconds(function.timeout_s),
            role=role,
            log_group=log_group,
            tracing=lambda_.Tracing.DISABLED,
            environment=self._environment(function, starts),
            snap_start=lambda_.SnapStartConf.ON_PUBLISHED_VERSIONS
            if function.woken is Woken.BY_A_REQUEST
            else None,
        )
        self._grant(function, role, starts)
        accept(
            made,
            "AwsSolutions-L1",
            "The runtime is pinned to the version that the locked packages are built and tested for.",
        )
        return made

    def _layer(self, name: str, path: str, description: str) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self._scope,
            f"{name}Layer",
            code=lambda_.Code.from_asset(path, exclude=["**/__pycache__"]),
            description=description,
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
            compatible_architectures=[lambda_.Architecture.ARM_64],
        )

    def _environment(self, function: Function, starts: Mapping[RunKind, str]) -> dict[str, str]:
        tables = (*function.reads, *function.writes)
        return {
            "POWERTOOLS_SERVICE_NAME": function.name,
            **STARTS_QUICKLY,
            **{f"{name.upper()}_TABLE": self._stores.tables[name].table_name for name in tables},
            **({"FILES_BUCKET": self._stores.files.bucket_name} if function.uses_files else {}),
            **{f"{kind.upper()}_ARN": arn for kind, arn in starts.items()},
            **(
                {"SENDS_PER_SECOND": str(sends_per_second(local=self._settings.local))}
                if function.sends
                else {}
            ),
            **(
                {"CERTIFICATES_KEY": self._stores.certificates_key.key_arn}
                if function.seals or function.signs
                else {}
            ),
            **(
                {"FISCAL_PER_SECOND": str(asks_per_second(local=self._settings.local))}
                if function.signs
                else {}
            ),
            **({"MENSAL_CLOCK": "row"} if self._settings.local else {}),
            **(
                {"TENANT_REQUESTS_PER_SECOND": str(self._tenant_requests()), "KEEPS_ACCESSES": "1"}
                if function.woken is Woken.BY_A_REQUEST
                else {}
            ),
        }

    def _grant(self, function: Function, role: iam.Role, starts: Mapping[RunKind, str]) -> None:
        for name in function.reads:
            _allow(role, READ_ACTIONS, *self._arns(name))
        for name in function.writes:
            deletes = (DELETE_ACTION,) if name in function.deletes else ()
            _allow(role, (*WRITE_ACTIONS, *deletes), *self._arns(name))
        if function.woken is Woken.BY_A_REQUEST:
            self._grant_counting(role)
            self._grant_noting(role)
        if function.uses_files:
            self._grant_files(function, role)
        self._grant_key(function, role)
        if starts:
            _allow(role, ["states:StartExecution"], *starts.values())
        if Sends.MAIL in function.sends:
            self._allow_of_senders(role, ["ses:SendEmail", "ses:SendRawEmail"])
        if function.proves_senders:
            self._allow_of_senders(role, ["ses:DeleteEmailIdentity"])
            _allow(
                role,
                ["ses:CreateEmailIdentity", "ses:TagResource", "ses:GetEmailIdentity"],
                self._identities(),
            )
        if Sends.SMS in function.sends:
            topics = Stack.of(self._scope).format_arn(
                service="sns", region="*", account="*", resource="*", arn_format=ArnFormat.NO_RESOURCE_NAME
            )
            role.add_to_policy(  # a text message goes to a telephone, which has no ARN
                iam.PolicyStatement(actions=["sns:Publish"], not_resources=[topics])
            )

    def _grant_key(self, function: Function, role: iam.Role) -> None:
        """Permission to store a certificate is not permission to use it."""
        if function.seals:
            _allow(role, ["kms:Encrypt"], self._stores.certificates_key.key_arn)
        if function.signs:
            _allow(role, ["kms:Decrypt"], self._stores.certificates_key.key_arn)

    def _identities(self) -> str:
        stack = Stack.of(self._scope)
        return str(stack.format_arn(service="ses", resource="identity", resource_name="*"))

    def _allow_of_senders(self, role: iam.Role, actions: list[str]) -> None:
        """For identities that the product made for a tenant (SEC-05), and for no others in the account."""
        made = {"Null": {f"aws:ResourceTag/{SENDER_TAG}": "false"}}
        role.add_to_policy(
            iam.PolicyStatement(actions=actions, resources=[self._identities()], conditions=made)
        )
        accept(
            role,
            "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ses:<AWS::Region>:<AWS::AccountId>:identity/*]",
            "Senders are claimed after the deployment; the condition leaves those that the product tagged.",
        )

    def _tenant_requests(self) -> int:
        return LOCAL_TENANT_REQUESTS_PER_SECOND if self._settings.local else TENANT_REQUESTS_PER_SECOND

    def _grant_counting(self, role: iam.Role) -> None:
        """For counting a tenant's requests, in the rows kept for that and in no others."""
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["dynamodb:UpdateItem"],
                resources=[self._stores.tables["platform"].table_arn],
                conditions={
                    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{tenant_limit.PARTITION}*"]}
                },
            )
        )

    def _grant_noting(self, role: iam.Role) -> None:
        """For recording who read what, in rows that a function writes and neither changes nor deletes."""
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["dynamodb:BatchWriteItem"],
                resources=[self._stores.tables["platform"].table_arn],
                conditions={
                    "ForAllValues:StringLike": {"dynamodb:LeadingKeys": [f"{access_log.PARTITION}*"]}
                },
            )
        )

    def _arns(self, name: str) -> list[str]:
        """The table and its indexes, each by name."""
        table = self._stores.tables[name]
        return [table.table_arn, *(f"{table.table_arn}/index/{index}" for index in index_names_of(name))]

    def _grant_files(self, function: Function, role: iam.Role) -> None:
        """Listing is granted because without it S3 answers 403, not 404, for an object that does not exist.

        An upload is read in exactly the version that came first.
        """
        bucket = self._stores.files.bucket_arn
        if function.reads_files:
            _allow(role, ["s3:GetObject", "s3:GetObjectVersion"], f"{bucket}/*")
            _allow(role, ["s3:ListBucket"], bucket)
        if function.writes_files:
            _allow(
                role,
                ["s3:PutObject", *(["s3:DeleteObject"] if function.removes_files else [])],
                *(f"{bucket}/{folder.prefix}*" for folder in function.writes_files),
            )
        read = ["*"] if function.reads_files else []
        for objects in (*read, *(f"{folder.prefix}*" for folder in function.writes_files)):
            accept(
                role,
                f"AwsSolutions-IAM5[Resource::{self._stores.files_finding}/{objects}]",
                "Objects are not known in advance; the tenant in their key comes from the access token or the run's row.",
            )


def _allow(role: iam.Role, actions: tuple[str, ...] | list[str], *resources: str) -> None:
    role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=list(resources)))
