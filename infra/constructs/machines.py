"""State machines from `statemachines/`: the definition stays readable in the template, its names are substituted."""

from collections.abc import Mapping

from aws_cdk import ArnFormat, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from billing.runs.kinds import PROCESSES, RunKind
from infra.constructs.lambdas import LOG_RETENTION
from infra.constructs.reasons import accept
from infra.machines import definition_file, task_names
from infra.names import pascal_case


def make_machine(
    scope: Construct,
    kind: RunKind,
    *,
    tasks: Mapping[str, lambda_.IFunction],
    max_concurrency: int,
) -> sfn.StateMachine:
    """The machine for one kind of run; `tasks` are by PascalCase name."""
    name = pascal_case(kind)
    definition = definition_file(kind).read_text()
    called = {part: tasks[task] for part, task in task_names(kind).items()}
    role = iam.Role(
        scope,
        f"{name}Role",
        assumed_by=iam.ServicePrincipal("states.amazonaws.com"),
        description=f"What the machine {kind} may do",
    )
    machine = sfn.StateMachine(
        scope,
        name,
        definition_body=sfn.DefinitionBody.from_string(definition),
        definition_substitutions={
            **{part: function.function_arn for part, function in called.items()},
            "Purpose": PROCESSES[kind].purpose,
            "MaxConcurrency": str(max_concurrency),
        },
        role=role,
        comment=kind,
        logs=sfn.LogOptions(
            destination=logs.LogGroup(
                scope, f"{name}Logs", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY
            ),
            level=sfn.LogLevel.ALL,
            include_execution_data=False,
        ),
        tracing_enabled=False,
        removal_policy=RemovalPolicy.DESTROY,
    )
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["lambda:InvokeFunction"],
            resources=[function.function_arn for function in called.values()],
        )
    )
    _allow_children(scope, name, machine, role)
    accept(
        machine,
        "AwsSolutions-SF2",
        "The log of every event, without data, and the run's own rows say where time goes; X-Ray would double its cost.",
    )
    accept(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "The actions that deliver logs of Step Functions do not take a resource.",
    )
    return machine


def executions_of(scope: Construct, machine: sfn.StateMachine, name: str) -> str:
    """The ARN of a machine's execution."""
    arn: str = Stack.of(scope).format_arn(
        service="states",
        resource="execution",
        resource_name=f"{machine.state_machine_name}:{name}",
        arn_format=ArnFormat.COLON_RESOURCE_NAME,
    )
    return arn


def _allow_children(scope: Construct, name: str, machine: sfn.StateMachine, role: iam.Role) -> None:
    """A distributed Map starts its children under its own machine. A separate policy, because the machine waits for its
    role."""
    executions = executions_of(scope, machine, "*")
    policy = iam.Policy(
        scope,
        f"{name}Children",
        roles=[role],
        statements=[
            iam.PolicyStatement(actions=["states:StartExecution"], resources=[machine.state_machine_arn]),
            iam.PolicyStatement(
                actions=["states:DescribeExecution", "states:StopExecution"], resources=[executions]
            ),
        ],
    )
    logical_id = Stack.of(scope).get_logical_id(machine.node.default_child)
    accept(
        policy,
        "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:"
        f"execution:<{logical_id}.Name>:*]",
        "The machine's own children, whose names Step Functions gives.",
    )
