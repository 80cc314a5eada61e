"""What happens without a person waiting: tasks, state machines, schedules, events, and who is told of failures."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from aws_cdk import App, CfnOutput, Duration, Stack
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn

from billing.projections.kinds import KINDS
from billing.runs.kinds import DAILY, PROCESSES, RunKind
from infra.constructs.alarms import alarm
from infra.constructs.keys import make_alarms_key
from infra.constructs.lambdas import Lambdas, Stores
from infra.constructs.machines import executions_of, make_machine
from infra.constructs.reasons import accept
from infra.constructs.schedules import AGREEMENTS, CATCH_UP, FOLDING, RECOVERY, TIME_ZONE, daily
from infra.constructs.tables import index_names_of
from infra.function import Function
from infra.functions import (
    CATCH_UP_STATES,
    EVENTS,
    FINISH_CHANGES,
    FOLD_STATES,
    FOLLOW_ROWS,
    KEEP_AGREEMENTS,
    RECOVER_RUNS,
    REDRIVE,
    START_SCHEDULED,
    TASKS,
)
from infra.machines import concurrency
from infra.names import pascal_case
from infra.settings import Settings

WATCHED = Duration.minutes(5)
"""The period over which an alarm's figure is counted."""

THROTTLED = 10
"""The client retries fewer than this, and nobody notices."""


@dataclass(frozen=True, slots=True)
class Processes:
    machine_arns: Mapping[RunKind, str]
    alarms: sns.Topic


def make_processes(app: App, settings: Settings, stores: Stores, pre_token: lambda_.IFunction) -> Processes:
    """`pre_token` is watched: when it fails, nobody can sign in."""
    stack = Stack(app, "MensalProcesses", description="Mensal: runs, schedules, events")
    lambdas = Lambdas(stack, settings, stores)
    tasks = {task.logical_name: lambdas.make(task) for task in TASKS}
    machines = {
        kind: make_machine(stack, kind, tasks=tasks, max_concurrency=concurrency(kind, local=settings.local))
        for kind in RunKind
    }
    arns = {kind: machine.state_machine_arn for kind, machine in machines.items()}
    dead_letters = _dead_letters(stack, settings)
    woken = {function: lambdas.make(function, arns) for function in EVENTS}
    for function in woken.values():
        function.configure_async_invoke(
            on_failure=destinations.SqsDestination(dead_letters), retry_attempts=2
        )
    for function, its_lambda in woken.items():
        if function.woken_by:
            _wake_on_upload(stack, function, its_lambda, stores, dead_letters)
    for kind in DAILY:
        _schedule_daily(stack, kind, woken[START_SCHEDULED], dead_letters)
    _schedule_recovery(stack, woken[RECOVER_RUNS], machines, dead_letters)
    _follow_rows(lambdas, stores, dead_letters)
    ending = {"work": "end_due"}
    for name, text, expression, function, event in (
        ("FinishChanges", "Carries out changes of contracts that were cut off", RECOVERY, FINISH_CHANGES, {}),
        ("FinishAgreements", "Finishes debt agreements that were cut off", RECOVERY, KEEP_AGREEMENTS, {}),
        ("EndAgreements", "Ends debt agreements, paid or broken", AGREEMENTS, KEEP_AGREEMENTS, ending),
        ("FoldStates", "Makes one file of many small ones", FOLDING, FOLD_STATES, {}),
        ("CatchUpStates", "Writes the states of what the day before changed", CATCH_UP, CATCH_UP_STATES, {}),
    ):
        _schedule(stack, name, text, expression, event, woken[function], dead_letters)
    CfnOutput(stack, "CatchUpStatesFunctionName", value=woken[CATCH_UP_STATES].function_name)
    _redrive(stack, lambdas, list(woken.values()), dead_letters)
    for kind, arn in arns.items():
        CfnOutput(stack, f"{pascal_case(kind)}Arn", value=arn)
    topic = _alarms_topic(stack, settings)
    _watch_events(stack, dead_letters, topic)
    _watch_machines(stack, machines, topic)
    _watch_sign_in(stack, pre_token, topic)
    _watch_tables(stack, stores.tables, topic)
    return Processes(arns, topic)


def _dead_letters(stack: Stack, settings: Settings) -> sqs.Queue:
    """Events that their function refused three times, with its error; kept for 14 days."""
    queue = sqs.Queue(
        stack,
        "DeadLetters",
        retention_period=Duration.days(14),
        visibility_timeout=Duration.seconds(REDRIVE.timeout_s),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=not settings.local,
    )
    accept(queue, "AwsSolutions-SQS3", "It is the dead-letter queue.")
    CfnOutput(stack, "DeadLettersUrl", value=queue.queue_url)
    return queue


def _wake_on_upload(
    stack: Stack,
    function: Function,
    woken: lambda_.Function,
    stores: Stores,
    dead_letters: sqs.Queue,
) -> None:
    events.Rule(
        stack,
        function.logical_name,
        description=f"A file was put under {' or '.join(function.woken_by)}",
        event_pattern=events.EventPattern(
            source=["aws.s3"],
            detail_type=["Object Created"],
            detail={
                "bucket": {"name": [stores.files.bucket_name]},
                "object": {"key": [{"prefix": folder.prefix} for folder in function.woken_by]},
            },
        ),
        targets=[targets.LambdaFunction(woken, dead_letter_queue=dead_letters)],
    )


def _schedule_daily(stack: Stack, kind: RunKind, function: lambda_.Function, dead_letters: sqs.Queue) -> None:
    at = PROCESSES[kind].daily_at
    assert at is not None
    text = f"Starts {kind} for every tenant"
    _schedule(stack, pascal_case(kind), text, daily(at), {"kind": kind}, function, dead_letters)


def _schedule_recovery(
    stack: Stack,
    function: lambda_.Function,
    machines: Mapping[RunKind, sfn.StateMachine],
    dead_letters: sqs.Queue,
) -> None:
    """Its function may look up the executions of every machine, which are named after their runs."""
    role = function.role
    assert role is not None
    text = "Starts again the runs whose execution is gone"
    _schedule(stack, "Recovery", text, RECOVERY, {}, function, dead_letters)
    for machine in machines.values():
        function.add_to_role_policy(
            iam.PolicyStatement(
                actions=["states:DescribeExecution"], resources=[executions_of(stack, machine, "*")]
            )
        )
        logical_id = stack.get_logical_id(machine.node.default_child)
        accept(
            role,
            "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:"
            f"execution:<{logical_id}.Name>:*]",
            "Executions are named after runs, which are not known in advance.",
        )


def _schedule(
    stack: Stack,
    name: str,
    description: str,
    expression: str,
    event: Mapping[str, str],
    function: lambda_.Function,
    dead_letters: sqs.Queue,
) -> None:
    """Gives the function `event`, with the schedule's own time."""
    role = iam.Role(stack, f"{name}ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com"))
    role.add_to_policy(
        iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])
    )
    role.add_to_policy(iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[dead_letters.queue_arn]))
    schedule = scheduler.CfnSchedule(
        stack,
        f"{name}Schedule",
        description=description,
        schedule_expression=expression,
        schedule_expression_timezone=TIME_ZONE,
        flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
        target=scheduler.CfnSchedule.TargetProperty(
            arn=function.function_arn,
            role_arn=role.role_arn,
            input=json.dumps({**event, "time": "<aws.scheduler.scheduled-time>"}),
            dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
        ),
    )
    schedule.node.add_dependency(role)


def _follow_rows(lambdas: Lambdas, stores: Stores, dead_letters: sqs.Queue) -> None:
    """Read the streams, but of them only the rows that are kept as states. A batch that fails is tried again in halves;
    what cannot be kept even so goes to the dead letters, and the daily catch-up makes it good.
    """
    follower = lambdas.make(FOLLOW_ROWS)
    role = follower.role
    assert role is not None
    accept(
        role,
        "AwsSolutions-IAM5[Resource::*]",
        "ListStreams knows no resource; whose rows are read is granted by stream.",
    )
    kept = [rule for kind in KINDS.values() for rule in lambda_.FilterRule.begins_with(kind.prefix)]
    for name in FOLLOW_ROWS.streams:
        follower.add_event_source(
            sources.DynamoEventSource(
                stores.tables[name],
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=1000,
                max_batching_window=Duration.seconds(1),
                bisect_batch_on_error=True,
                retry_attempts=20,
                on_failure=sources.SqsDlq(dead_letters),
                filters=[lambda_.FilterCriteria.filter({"dynamodb": {"Keys": {"row": {"S": kept}}}})],
            )
        )


def _redrive(stack: Stack, lambdas: Lambdas, woken: list[lambda_.Function], dead_letters: sqs.Queue) -> None:
    redrive = lambdas.make(REDRIVE)
    redrive.add_environment("DEAD_LETTERS_URL", dead_letters.queue_url)
    redrive.add_to_role_policy(
        iam.PolicyStatement(
            actions=["sqs:ReceiveMessage", "sqs:DeleteMessage"], resources=[dead_letters.queue_arn]
        )
    )
    redrive.add_to_role_policy(
        iam.PolicyStatement(
            actions=["lambda:InvokeFunction"], resources=[function.function_arn for function in woken]
        )
    )
    CfnOutput(stack, "RedriveFunctionName", value=redrive.function_name)


def _alarms_topic(stack: Stack, settings: Settings) -> sns.Topic:
    """One topic for whoever is on duty, encrypted."""
    key = None if settings.local else make_alarms_key(stack)
    topic = sns.Topic(stack, "Alarms", enforce_ssl=not settings.local, master_key=key)
    topic.add_to_resource_policy(  # a policy of our own replaces the default one, which let alarms in
        iam.PolicyStatement(
            principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
            actions=["sns:Publish"],
            resources=[topic.topic_arn],
            conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
        )
    )
    CfnOutput(stack, "AlarmsTopicArn", value=topic.topic_arn)
    return topic


def _watch_events(stack: Stack, dead_letters: sqs.Queue, topic: sns.Topic) -> None:
    waiting = dead_letters.metric_approximate_number_of_messages_visible(statistic="Maximum", period=WATCHED)
    text = "Events were given up; mend the cause and redrive."
    alarm(stack, "DeadLettersWaiting", waiting, threshold=1, topic=topic, text=text)


def _watch_machines(stack: Stack, machines: Mapping[RunKind, sfn.StateMachine], topic: sns.Topic) -> None:
    for kind, machine in machines.items():
        name = pascal_case(kind)
        failed = machine.metric_failed(statistic="Sum", period=WATCHED)
        text = f"A run of {kind} failed; its row says why."
        alarm(stack, f"{name}Failed", failed, threshold=1, topic=topic, text=text)
        stopped = {
            "TimedOut": machine.metric_timed_out(statistic="Sum", period=WATCHED),
            "Aborted": machine.metric_aborted(statistic="Sum", period=WATCHED),
        }
        text = f"A run of {kind} was stopped half-way, and its row still says that it runs; start it again."
        for how, metric in stopped.items():
            alarm(stack, f"{name}{how}", metric, threshold=1, topic=topic, text=text)


def _watch_sign_in(stack: Stack, pre_token: lambda_.IFunction, topic: sns.Topic) -> None:
    failing = pre_token.metric_errors(statistic="Sum", period=WATCHED)
    text = "Access tokens are not written: nobody can sign in. The log of the function pre_token says why."
    alarm(stack, "SignInFails", failing, threshold=1, topic=topic, text=text)


def _watch_tables(stack: Stack, tables: Mapping[str, dynamodb.Table], topic: sns.Topic) -> None:
    """Watch each table, and each of its indexes: a table's figures do not include theirs."""
    for name, table in tables.items():
        of_table = {"TableName": table.table_name}
        watched = {name: of_table} | {
            f"{name}_{index}": {**of_table, "GlobalSecondaryIndexName": index}
            for index in index_names_of(name)
        }
        for place, dimensions in watched.items():
            for what in ("Read", "Write"):
                throttled = table.metric(
                    f"{what}ThrottleEvents", dimensions_map=dimensions, statistic="Sum", period=WATCHED
                )
                text = (
                    f"DynamoDB throttles {what.lower()}s of {place}: a hot partition, or the account's quota."
                )
                alarm(
                    stack,
                    f"{pascal_case(place)}{what}sThrottled",
                    throttled,
                    threshold=THROTTLED,
                    topic=topic,
                    text=text,
                )
