"""The templates as they go to AWS: what is retained, who may do what, what triggers what."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template

from billing.core.files import Folder
from billing.entry.tables import ALL_TABLES
from billing.projections.kinds import KINDS
from billing.runs.kinds import DAILY, PROCESSES, RunKind
from infra.function import Function, Sends
from infra.functions import ALL_FUNCTIONS, API_FUNCTIONS, EVENTS, FOLLOW_ROWS, RECOVER_RUNS
from infra.machines import definition_file
from infra.settings import ROOT
from tests.support.assembly import AREAS, STACKS, accepted, findings, keyed_data, template

pytestmark = [pytest.mark.slow, pytest.mark.req("PLT-01")]

Resource = dict[str, Any]

READ = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:ConditionCheckItem"}
WRITE = READ | {"dynamodb:PutItem"}
DELETE = {"dynamodb:DeleteItem"}
FOLLOW = {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"}


@dataclass(frozen=True)
class Grant:
    actions: frozenset[str]
    resources: tuple[str, ...]


def test_new_code_in_a_layer_is_served_by_a_new_version(tmp_path: Path) -> None:
    """Requests go to the alias: without a new version a deployment would leave the old code in service."""
    assert len({version_of_function_over(tmp_path / name) for name in ("before", "after")}) == 2


def version_of_function_over(layer: Path) -> str:
    layer.mkdir()
    (layer / "code.py").write_text(f"CODE = {layer.name!r}")
    stack = Stack(App(context=json.loads((ROOT / "cdk.json").read_text())["context"]))
    code = lambda_.Code.from_inline("def handler(event, context): return None")
    made = lambda_.Function(
        stack,
        "Function",
        code=code,
        handler="index.handler",
        runtime=lambda_.Runtime.PYTHON_3_13,
        layers=[lambda_.LayerVersion(stack, "Layer", code=lambda_.Code.from_asset(str(layer)))],
    )
    made.add_alias("live")
    (version,) = Template.from_stack(stack).find_resources("AWS::Lambda::Version")
    return str(version)


def resources(kind: str, *stacks: str) -> Iterator[tuple[str, Resource]]:
    for stack in stacks or STACKS:
        for logical_id, resource in template(stack)["Resources"].items():
            if resource["Type"] == kind:
                yield logical_id, resource


def properties(kind: str, *stacks: str) -> list[Any]:
    return [resource["Properties"] for _, resource in resources(kind, *stacks)]


def lambda_of(function: Function) -> Any:
    (resource,) = [p for p in properties("AWS::Lambda::Function") if p["Handler"] == function.handler]
    return resource


def grants_of(role: str) -> list[Grant]:
    """What the policies of a role allow; a resource is its text with its references named."""
    return [
        Grant(frozenset(as_list(statement["Action"])), tuple(text(r) for r in allowed(statement)))
        for policy in properties("AWS::IAM::Policy")
        if {"Ref": role} in policy["Roles"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]


def allowed(statement: Any) -> list[Any]:
    """The resources of a statement; none for a statement that names what it does not allow."""
    return as_list(statement.get("Resource", []))


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def text(value: Any) -> str:
    match value:
        case str():
            return value
        case {"Fn::Join": ["", parts]}:
            return "".join(text(part) for part in parts)
        case {"Fn::ImportValue": name}:
            return f"<{name.removeprefix('MensalData:ExportsOutput').removeprefix('FnGetAtt')}>"
        case {"Fn::GetAtt": [name, _]} | {"Ref": name}:
            return f"<{name}>"
        case _:
            raise AssertionError(f"unknown reference {value}")


def tables_granted(role: str, known: set[str] = READ | WRITE | DELETE) -> dict[str, set[str]]:
    """The granted ones among the known actions, by the record class of each table."""
    granted: dict[str, set[str]] = {}
    for grant in grants_of(role):
        if grant.actions == {"dynamodb:UpdateItem"}:
            continue  # the counters of requests
        for resource in grant.resources:
            for record in ALL_TABLES:
                if resource.startswith(f"<{record.__name__}") and grant.actions & known:
                    granted.setdefault(record.__name__, set()).update(grant.actions & known)
    return granted


def class_name(table: str) -> str:
    return "".join(word.capitalize() for word in table.split("_")) + "Table"


each_function = pytest.mark.parametrize("function", ALL_FUNCTIONS, ids=lambda function: function.logical_name)
each_table = pytest.mark.parametrize("record", ALL_TABLES, ids=lambda record: record.__name__)


# What is kept


@each_table
def test_table_has_the_keys_and_indexes_of_its_record(record: Any) -> None:
    (table,) = [r for name, r in resources("AWS::DynamoDB::Table") if name.startswith(record.__name__)]
    made = table["Properties"]
    schema = record._get_schema()

    assert made["KeySchema"] == schema["key_schema"]
    assert {i["IndexName"]: i["KeySchema"] for i in made["GlobalSecondaryIndexes"]} == {
        i["index_name"]: i["key_schema"] for i in schema["global_secondary_indexes"]
    }
    assert {i["Projection"]["ProjectionType"] for i in made["GlobalSecondaryIndexes"]} == {"KEYS_ONLY"}


@each_table
def test_table_is_kept_encrypted_and_restorable(record: Any) -> None:
    (table,) = [r for name, r in resources("AWS::DynamoDB::Table") if name.startswith(record.__name__)]
    made = table["Properties"]

    assert made["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert made["SSESpecification"] == {"SSEEnabled": True}
    assert made["TimeToLiveSpecification"] == {"AttributeName": "ttl", "Enabled": True}
    assert made["DeletionProtectionEnabled"] is True
    assert table["DeletionPolicy"] == table["UpdateReplacePolicy"] == "Retain"


def test_every_record_class_has_its_table_and_no_other_is_there() -> None:
    assert len(properties("AWS::DynamoDB::Table")) == len(ALL_TABLES)


def test_files_are_private_encrypted_versioned_and_announced() -> None:
    (files,) = [
        r for name, r in resources("AWS::S3::Bucket", "MensalData") if not name.startswith("FilesAccessLogs")
    ]
    made = files["Properties"]

    assert set(made["PublicAccessBlockConfiguration"].values()) == {True}
    assert made["VersioningConfiguration"] == {"Status": "Enabled"}
    assert made["NotificationConfiguration"] == {"EventBridgeConfiguration": {"EventBridgeEnabled": True}}
    assert "BucketEncryption" in made
    assert files["DeletionPolicy"] == "Retain"


@pytest.mark.req("SEC-04")
def test_only_the_machine_of_a_bank_writes_in_its_folder() -> None:
    (denied,) = [
        statement
        for policy in properties("AWS::S3::BucketPolicy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "s3:PutObject" in as_list(statement["Action"]) and statement["Effect"] == "Deny"
    ]

    assert denied["Principal"] == {"AWS": "*"}
    assert text(denied["Resource"]).endswith("/bank-channel/*")
    assert denied["Condition"] == {"StringNotEquals": {"aws:PrincipalTag/mensal-bank-channel": "true"}}


def test_every_folder_expires_or_is_kept_as_proof() -> None:
    rules = [
        rule
        for bucket in properties("AWS::S3::Bucket")
        for rule in bucket["LifecycleConfiguration"]["Rules"]
        if "Prefix" in rule
    ]
    proof = {Folder.FISCAL, Folder.RETURNS, Folder.REMITTANCES, Folder.MESSAGES, Folder.RUNS}
    read_today = {Folder.STATES}  # a fold removes what is old

    assert {rule["Prefix"] for rule in rules} == {
        folder.prefix for folder in set(Folder) - proof - read_today
    }
    assert all(rule["ExpirationInDays"] >= 90 for rule in rules)


@pytest.mark.parametrize("kind", ["AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy", "AWS::SNS::TopicPolicy"])
def test_every_connection_uses_tls(kind: str) -> None:
    policies = properties(kind)

    assert policies
    for policy in policies:
        assert any(
            statement["Effect"] == "Deny"
            and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
            for statement in policy["PolicyDocument"]["Statement"]
        )


# Functions and what they may do


@each_function
def test_function_runs_as_registered(function: Function) -> None:
    made = lambda_of(function)

    assert (made["Runtime"], made["Architectures"]) == ("python3.13", ["arm64"])
    assert (made["MemorySize"], made["Timeout"]) == (function.memory_mb, function.timeout_s)
    assert "TracingConfig" not in made
    assert "FunctionName" not in made
    assert len(made["Layers"]) == 2


@each_function
@pytest.mark.req("SEC-01")
def test_function_may_use_the_tables_of_its_line_and_no_other(function: Function) -> None:
    granted = tables_granted(role_of(function))

    assert granted == {
        **{class_name(table): READ for table in function.reads},
        **{class_name(table): WRITE for table in function.writes},
        **{class_name(table): WRITE | DELETE for table in function.deletes},
    }


@each_function
def test_function_may_follow_the_streams_of_its_line_and_no_other(function: Function) -> None:
    granted = tables_granted(role_of(function), FOLLOW)

    assert granted == {class_name(table): FOLLOW for table in function.streams}


def test_each_stream_is_followed_row_by_row_of_what_is_kept_as_states() -> None:
    mappings = properties("AWS::Lambda::EventSourceMapping")

    assert len(mappings) == len(FOLLOW_ROWS.streams)
    for mapping in mappings:
        ((pattern,),) = (mapping["FilterCriteria"]["Filters"],)
        prefixes = json.loads(pattern["Pattern"])["dynamodb"]["Keys"]["row"]["S"]
        assert {rule["prefix"] for rule in prefixes} == {kind.prefix for kind in KINDS.values()}
        assert "OnFailure" in mapping["DestinationConfig"]
        assert mapping["BisectBatchOnFunctionError"]


@each_function
def test_function_is_told_the_names_of_what_it_may_use(function: Function) -> None:
    variables = set(lambda_of(function)["Environment"]["Variables"])
    tables = {f"{table.upper()}_TABLE" for table in (*function.reads, *function.writes)}
    machines = {f"{kind.upper()}_ARN" for kind in function.starts}

    assert {name for name in variables if name.endswith("_TABLE")} == tables
    assert {name for name in variables if name.endswith("_ARN")} == machines
    assert ("FILES_BUCKET" in variables) == function.uses_files
    assert "MENSAL_CLOCK" not in variables  # the time is the machine's


@each_function
def test_function_may_touch_files_start_runs_and_send_as_its_line_says(function: Function) -> None:
    actions = {action for grant in grants_of(role_of(function)) for action in grant.actions}

    assert ("s3:GetObject" in actions) == function.reads_files
    assert ("s3:GetObjectVersion" in actions) == function.reads_files
    assert ("states:StartExecution" in actions) == bool(function.starts)
    assert ("ses:SendEmail" in actions) == (Sends.MAIL in function.sends)
    assert ("ses:CreateEmailIdentity" in actions) == function.proves_senders
    assert ("sns:Publish" in actions) == (Sends.SMS in function.sends)
    assert ("cognito-idp:AdminCreateUser" in actions) == function.invites
    assert ("cognito-idp:AdminInitiateAuth" in actions) == function.checks_passwords


@each_function
@pytest.mark.req("SEC-04")
def test_function_may_put_files_in_the_folders_of_its_line_and_nowhere_else(function: Function) -> None:
    granted = {
        text(resource).partition("/")[2]
        for grant in grants_of(role_of(function))
        if "s3:PutObject" in grant.actions
        for resource in grant.resources
    }

    assert granted == {f"{folder}/*" for folder in function.writes_files}


def role_of(function: Function) -> str:
    role: str = lambda_of(function)["Role"]["Fn::GetAtt"][0]
    return role


@pytest.mark.req("SEC-05")
def test_mail_goes_out_in_the_name_of_identities_of_tenants_alone() -> None:
    bound = {"Null": {"aws:ResourceTag/mensal-tenant": "false"}}
    sending = [
        statement
        for policy in properties("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if {"ses:SendEmail", "ses:DeleteEmailIdentity"} & {*as_list(statement["Action"])}
    ]

    assert len(sending) == 3
    assert [statement.get("Condition") for statement in sending] == [bound] * 3


def test_no_action_is_a_wildcard_and_no_table_is_scanned() -> None:
    for policy in properties("AWS::IAM::Policy"):
        for statement in policy["PolicyDocument"]["Statement"]:
            for action in as_list(statement["Action"]):
                assert "*" not in action
                assert action not in {"dynamodb:Scan", "iam:PassRole"}
                if action == "dynamodb:UpdateItem":
                    counters = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["requests#*"]}}
                    assert statement["Condition"] == counters
                if action == "dynamodb:BatchWriteItem":
                    accesses = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["access#*"]}}
                    assert statement["Condition"] == accesses


def test_resources_are_wildcards_only_where_aws_knows_no_other_way() -> None:
    wild = Counter(
        (action, text(resource).split(">")[-1])
        for policy in properties("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        for resource in allowed(statement)
        if "*" in text(resource)
        for action in as_list(statement["Action"])
    )

    assert {action for action, _ in wild} == {
        "s3:GetObject",
        "s3:GetObjectVersion",
        "s3:PutObject",
        "s3:DeleteObject",
        "dynamodb:ListStreams",
        "ses:CreateEmailIdentity",
        "ses:DeleteEmailIdentity",
        "ses:GetEmailIdentity",
        "ses:SendEmail",
        "ses:SendRawEmail",
        "ses:TagResource",
        "states:DescribeExecution",
        "states:StopExecution",
        "logs:CreateLogDelivery",
        "logs:GetLogDelivery",
        "logs:UpdateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:DescribeResourcePolicies",
        "logs:DescribeLogGroups",
    }


def test_text_messages_go_to_telephones_and_to_no_topic() -> None:
    excluding = [
        (statement["Action"], [text(resource) for resource in as_list(statement["NotResource"])])
        for policy in properties("AWS::IAM::Policy")
        for statement in policy["PolicyDocument"]["Statement"]
        if "NotResource" in statement
    ]

    assert excluding
    assert all(grant == ("sns:Publish", ["arn:<AWS::Partition>:sns:*:*:*"]) for grant in excluding)


def test_no_role_has_a_managed_policy() -> None:
    assert [role for role in properties("AWS::IAM::Role") if role.get("ManagedPolicyArns")] == []


def test_logs_are_kept_for_ninety_days() -> None:
    assert {group["RetentionInDays"] for group in properties("AWS::Logs::LogGroup")} == {90}


# Sign-in and API


@pytest.mark.req("SEC-01")
def test_access_token_is_written_by_our_trigger() -> None:
    (pool,) = properties("AWS::Cognito::UserPool")
    (permission,) = properties("AWS::Lambda::Permission", "MensalIdentity")

    assert pool["LambdaConfig"]["PreTokenGenerationConfig"]["LambdaVersion"] == "V2_0"
    assert pool["UserPoolTier"] == "ESSENTIALS"
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    assert "Schema" not in pool  # no attribute of the pool carries authority
    assert permission["Principal"] == "cognito-idp.amazonaws.com"


@pytest.mark.req("SEC-01")
def test_passwords_are_proven_and_never_sent() -> None:
    assert set(console_client()["ExplicitAuthFlows"]) == {"ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    for client in properties("AWS::Cognito::UserPoolClient"):
        assert client["PreventUserExistenceErrors"] == "ENABLED"


@pytest.mark.req("PAY-02")
def test_client_that_proves_an_authorisers_password_signs_nobody_in() -> None:
    """Only those with the pool's own credentials may ask, and the gateway accepts none of its tokens."""
    (client,) = (c for c in properties("AWS::Cognito::UserPoolClient") if c != console_client())

    assert set(client["ExplicitAuthFlows"]) == {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert "AllowedOAuthFlows" not in client
    assert "CallbackURLs" not in client


def console_client() -> dict[str, Any]:
    (client,) = (c for c in properties("AWS::Cognito::UserPoolClient") if "CallbackURLs" in c)
    return client


@pytest.mark.req("SEC-01")
def test_every_route_asks_for_an_access_token() -> None:
    routes = properties("AWS::ApiGatewayV2::Route")

    assert routes
    assert {route["AuthorizationType"] for route in routes} == {"JWT"}
    assert not any(route["RouteKey"].startswith(("ANY", "OPTIONS", "$default")) for route in routes)


def test_api_functions_are_reached_through_a_version_that_was_started_before() -> None:
    aliases = dict(resources("AWS::Lambda::Alias", *AREAS))
    for integration in properties("AWS::ApiGatewayV2::Integration"):
        assert integration["IntegrationUri"]["Ref"] in aliases
        assert integration["PayloadFormatVersion"] == "2.0"
    for function in API_FUNCTIONS:
        assert lambda_of(function)["SnapStart"] == {"ApplyOn": "PublishedVersions"}


def test_gateway_throttles_and_logs_no_personal_data() -> None:
    (stage,) = properties("AWS::ApiGatewayV2::Stage")
    logged = json.loads(stage["AccessLogSettings"]["Format"])

    assert stage["DefaultRouteSettings"] == {"ThrottlingBurstLimit": 2000, "ThrottlingRateLimit": 1000}
    assert not {"$context.identity.sourceIp", "$context.path"} & set(logged.values())


# Processes


@pytest.mark.parametrize("kind", list(RunKind))
def test_machine_is_readable_in_the_template_and_its_names_are_substituted(kind: RunKind) -> None:
    (machine,) = [
        machine
        for machine in properties("AWS::StepFunctions::StateMachine")
        if machine["DefinitionSubstitutions"]["Purpose"] == PROCESSES[kind].purpose
    ]

    assert machine["DefinitionString"] == definition_file(kind).read_text()
    assert all(f"${{{name}}}" in machine["DefinitionString"] for name in machine["DefinitionSubstitutions"])
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_runs_start_by_the_clock_of_sao_paulo() -> None:
    schedules = properties("AWS::Scheduler::Schedule")

    assert {schedule["ScheduleExpressionTimezone"] for schedule in schedules} == {"America/Sao_Paulo"}
    started = [json.loads(schedule["Target"]["Input"]) for schedule in schedules]
    assert {start["kind"] for start in started if "kind" in start} == set(DAILY)
    assert {start["time"] for start in started} == {"<aws.scheduler.scheduled-time>"}
    assert all("DeadLetterConfig" in schedule["Target"] for schedule in schedules)


def test_runs_whose_execution_is_gone_are_looked_for_every_few_minutes() -> None:
    (schedule,) = [
        trigger
        for trigger in properties("AWS::Scheduler::Schedule")
        if "Recovery" in json.dumps(trigger["Target"]["RoleArn"])
    ]
    looks = {
        text(resource)
        for grant in grants_of(role_of(RECOVER_RUNS))
        if "states:DescribeExecution" in grant.actions
        for resource in grant.resources
    }

    assert schedule["ScheduleExpression"] == "rate(5 minutes)"
    assert json.loads(schedule["Target"]["Input"]) == {"time": "<aws.scheduler.scheduled-time>"}
    assert len(looks) == len(RunKind)
    assert all(":execution:" in resource for resource in looks)


@pytest.mark.req("BNK-05", "USE-03")
def test_a_file_in_a_folder_of_uploads_wakes_its_function() -> None:
    rules = properties("AWS::Events::Rule")

    woken = {
        tuple(key["prefix"] for key in rule["EventPattern"]["detail"]["object"]["key"]) for rule in rules
    }
    expected = {tuple(folder.prefix for folder in function.woken_by) for function in EVENTS}
    assert woken == expected - {()}
    assert all("DeadLetterConfig" in rule["Targets"][0] for rule in rules)


def test_failed_events_are_kept_and_raise_an_alarm() -> None:
    (queue,) = properties("AWS::SQS::Queue")
    invokes = properties("AWS::Lambda::EventInvokeConfig")

    assert queue["MessageRetentionPeriod"] == 14 * 24 * 3600
    assert len(invokes) == len(EVENTS)
    assert all("OnFailure" in invoke["DestinationConfig"] for invoke in invokes)
    assert watched()["ApproximateNumberOfMessagesVisible"] == 1


def watched() -> Counter[str]:
    """How many alarms there are for each metric."""
    return Counter(alarm["MetricName"] for alarm in properties("AWS::CloudWatch::Alarm"))


@pytest.mark.parametrize("ending", ["ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"])
def test_alarm_on_a_run_that_did_not_finish(ending: str) -> None:
    assert watched()[ending] == len(RunKind)


def test_alarm_when_nobody_can_sign_in() -> None:
    (alarm,) = [a for a in properties("AWS::CloudWatch::Alarm") if a["MetricName"] == "Errors"]
    (dimension,) = alarm["Dimensions"]

    assert (alarm["Namespace"], alarm["Threshold"]) == ("AWS/Lambda", 1)
    assert "PreToken" in json.dumps(dimension["Value"])


@each_table
@pytest.mark.parametrize("figure", ["ReadThrottleEvents", "WriteThrottleEvents"])
def test_alarm_on_a_throttled_table_or_index(record: Any, figure: str) -> None:
    alarm_dimensions = [
        {dimension["Name"]: text(dimension["Value"]) for dimension in alarm["Dimensions"]}
        for alarm in properties("AWS::CloudWatch::Alarm")
        if alarm["MetricName"] == figure
    ]
    heard = [
        dimensions.get("GlobalSecondaryIndexName", "")
        for dimensions in alarm_dimensions
        if dimensions["TableName"].startswith(f"<Ref{record.__name__}")
    ]
    indexes = [index["index_name"] for index in record._get_schema()["global_secondary_indexes"]]

    assert sorted(heard) == sorted(["", *indexes])


def test_alarm_on_a_failing_api() -> None:
    assert watched()["5xx"] == 1


def test_every_alarm_says_what_to_do_to_whoever_is_on_duty() -> None:
    for alarm in properties("AWS::CloudWatch::Alarm"):
        assert alarm["AlarmActions"]
        assert alarm["AlarmDescription"].endswith(".")


def test_alarms_may_be_published() -> None:
    (policy,) = properties("AWS::SNS::TopicPolicy")
    allowed = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    assert [(s["Action"], s["Principal"]) for s in allowed] == [
        ("sns:Publish", {"Service": "cloudwatch.amazonaws.com"})
    ]


# The whole


@pytest.mark.req("SEC-03")
def test_messages_of_alarms_are_encrypted_under_a_key_that_cloudwatch_may_use() -> None:
    (topic,) = properties("AWS::SNS::Topic")
    (key,) = [key for key in properties("AWS::KMS::Key") if "alarms" in key["Description"]]
    allowed_ = [
        statement
        for statement in key["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"Service": "cloudwatch.amazonaws.com"}
    ]

    assert "KmsMasterKeyId" in topic
    assert key["EnableKeyRotation"] is True
    assert [statement["Action"] for statement in allowed_] == [["kms:Decrypt", "kms:GenerateDataKey*"]]


@pytest.mark.req("SEC-03", "FIS-02")
def test_only_who_signs_may_open_the_private_keys_of_companies() -> None:
    def allowed_to(action: str) -> set[str]:
        return {
            function.logical_name
            for function in ALL_FUNCTIONS
            if any(action in grant.actions for grant in grants_of(role_of(function)))
        }

    assert allowed_to("kms:Decrypt") == {"FiscalApi", "IssueChunk"}
    assert allowed_to("kms:Encrypt") == {"FiscalApi"}


@pytest.mark.req("SEC-03")
def test_customer_may_have_a_key_of_their_own_for_tables_and_files() -> None:
    keyed = keyed_data()["Resources"]
    keys = {
        name: resource["Properties"]
        for name, resource in keyed.items()
        if resource["Type"] == "AWS::KMS::Key"
    }
    (key_id,) = [name for name, key in keys.items() if "tables" in key["Description"]]
    tables = [r["Properties"] for r in keyed.values() if r["Type"] == "AWS::DynamoDB::Table"]
    buckets = {n: r["Properties"] for n, r in keyed.items() if r["Type"] == "AWS::S3::Bucket"}
    (files,) = [bucket for name, bucket in buckets.items() if not name.startswith("FilesAccessLogs")]
    (rule,) = files["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    through = [
        statement["Condition"]["StringEquals"]
        for statement in keyed[key_id]["Properties"]["KeyPolicy"]["Statement"]
        if statement["Principal"] == {"AWS": "*"}
    ]

    assert len(tables) == len(ALL_TABLES)
    assert {text(table["SSESpecification"]["KMSMasterKeyId"]) for table in tables} == {f"<{key_id}>"}
    assert text(rule["ServerSideEncryptionByDefault"]["KMSMasterKeyID"]) == f"<{key_id}>"
    assert [len(conditions["kms:ViaService"]) for conditions in through] == [2]
    assert all("kms:CallerAccount" in conditions for conditions in through)


@pytest.mark.parametrize("stack", STACKS)
def test_stack_has_room_to_grow(stack: str) -> None:
    """CloudFormation takes 500 resources."""
    room = (
        "new functions of the API go into a new Area (infra/function.py); what is deployed stays where it is"
    )
    assert len(template(stack)["Resources"]) < (300 if stack in AREAS else 440), room


def test_gateway_takes_as_many_routes() -> None:
    """300 is the quota of one API, which AWS raises when asked (infra/README.md); integrations stay at 300."""
    assert len(properties("AWS::ApiGatewayV2::Route")) < 300
    assert len(properties("AWS::ApiGatewayV2::Integration")) == len(API_FUNCTIONS)


@pytest.mark.parametrize("stack", STACKS)
def test_stack_refers_only_to_stacks_that_are_deployed_before_it(stack: str) -> None:
    """An area may refer to the gateway and to what is below it; nothing may refer to an area, so that areas stay
    independent of each other."""
    order = ["MensalData", "MensalIdentity", "MensalProcesses", "MensalApi"]
    before = order[: order.index(stack)] if stack in order else order
    imported = {name.partition(":")[0] for name in imports(template(stack))}

    assert imported <= set(before)
    assert ("MensalApi" in imported) == (stack in AREAS or stack == "MensalWeb")


def imports(value: Any) -> Iterator[str]:
    """What a template imports from other stacks."""
    match value:
        case {"Fn::ImportValue": str(name)}:
            yield name
        case dict():
            for part in value.values():
                yield from imports(part)
        case list():
            for part in value:
                yield from imports(part)


def test_every_finding_of_cdk_nag_has_its_reason() -> None:
    reasons = accepted()
    without = {
        (path, rule)
        for path, rule in findings()
        if not any(rule == known and path.startswith(f"{at}/") for at, known in reasons)
    }

    assert findings()
    assert without == set()
    assert all(reason.endswith(".") and len(reason) > 20 for reason in reasons.values())


def test_no_reason_is_kept_for_what_is_not_found() -> None:
    needless = {
        (at, rule)
        for at, rule in accepted()
        if not any(rule == finding and path.startswith(f"{at}/") for path, finding in findings())
    }

    assert needless == set()


# The console


@pytest.mark.req("WEB-08")
def test_pages_are_private_and_read_by_the_console_alone() -> None:
    (distribution,) = properties("AWS::CloudFront::Distribution")
    config = distribution["DistributionConfig"]
    pages, api = config["DefaultCacheBehavior"], config["CacheBehaviors"]
    (policy,) = properties("AWS::S3::BucketPolicy", "MensalWeb")
    readers = [s for s in policy["PolicyDocument"]["Statement"] if s["Effect"] == "Allow"]

    assert [statement["Principal"] for statement in readers] == [{"Service": "cloudfront.amazonaws.com"}]
    assert [statement["Action"] for statement in readers] == ["s3:GetObject"]
    assert pages["ViewerProtocolPolicy"] == "redirect-to-https"
    assert [(b["PathPattern"], b["ViewerProtocolPolicy"]) for b in api] == [("/api/*", "https-only")]
    assert "CustomErrorResponses" not in config  # they would turn the API's 404 into a page


@pytest.mark.req("WEB-08")
def test_console_has_the_headers_that_it_has_on_this_machine() -> None:
    (policy,) = properties("AWS::CloudFront::ResponseHeadersPolicy")
    headers = policy["ResponseHeadersPolicyConfig"]["SecurityHeadersConfig"]
    said = json.dumps(headers["ContentSecurityPolicy"])

    assert "script-src 'self';" in said
    assert "frame-ancestors 'none'" in said
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] == 365 * 24 * 3600
    assert headers["FrameOptions"]["FrameOption"] == "DENY"


def test_people_sign_in_with_a_code_and_return_to_the_console() -> None:
    client = console_client()

    assert client["AllowedOAuthFlows"] == ["code"]
    assert client["CallbackURLs"] == ["https://console.mensal.example/entrar"]
    assert client["LogoutURLs"] == ["https://console.mensal.example/"]
    assert client["GenerateSecret"] is False
    assert "ALLOW_USER_PASSWORD_AUTH" not in client["ExplicitAuthFlows"]


def test_firewall_lets_large_bodies_to_the_api_and_limits_each_address() -> None:
    (acl,) = properties("AWS::WAFv2::WebACL")
    overrides = [
        (override["Name"], override["ActionToUse"])
        for rule in acl["Rules"]
        for override in rule["Statement"].get("ManagedRuleGroupStatement", {}).get("RuleActionOverrides", [])
    ]

    assert acl["Scope"] == "CLOUDFRONT"
    assert overrides == [("SizeRestrictions_BODY", {"Count": {}})]
    assert acl["Rules"][-1]["Statement"]["RateBasedStatement"]["AggregateKeyType"] == "IP"
