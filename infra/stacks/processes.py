"""What happens without a person waiting: tasks, state machines, schedules, events, and who hears of failures."""

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_destinations as destinations
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from billing.runs.model import RunKind
from infra.constructs.lambdas import Lambdas, Stores
from infra.constructs.machines import logical_name, make_machine
from infra.constructs.reasons import accept
from infra.constructs.schedules import SCHEDULES, TIME_ZONE, Daily
from infra.functions import EVENTS, REDRIVE, RETURN_UPLOADED, START_SCHEDULED, TASKS
from infra.settings import Settings

RETURNS_FOLDER = "returns/"
"""Where banks' files are put; what follows names the tenant."""

MAX_CONCURRENCY = 10
LOCAL_MAX_CONCURRENCY = 2
"""Each chunk at work is a process; more than the machine's cores only wait for each other."""


class ProcessesStack(Stack):
    def __init__(self, scope: Construct, settings: Settings, stores: Stores) -> None:
        super().__init__(scope, "MensalProcesses", description="Mensal: runs, schedules, events")
        lambdas = Lambdas(self, settings, stores)
        tasks = {task.logical_name: lambdas.make(task) for task in TASKS}
        concurrency = LOCAL_MAX_CONCURRENCY if settings.local else MAX_CONCURRENCY
        self.machines = {
            kind: make_machine(self, kind, tasks=tasks, settings={"MaxConcurrency": str(concurrency)})
            for kind in RunKind
        }
        arns = {kind: machine.state_machine_arn for kind, machine in self.machines.items()}
        dead_letters = self._dead_letters(settings)
        woken = {function: lambdas.make(function, arns) for function in EVENTS}
        for function in woken.values():
            function.configure_async_invoke(
                on_failure=destinations.SqsDestination(dead_letters), retry_attempts=2
            )
        self._start_returns(woken[RETURN_UPLOADED], stores, dead_letters)
        for daily in SCHEDULES:
            self._schedule(daily, woken[START_SCHEDULED], dead_letters)
        self._redrive(lambdas, list(woken.values()), dead_letters)
        self.alarms = self._alarms(settings, dead_letters)
        for kind, machine in self.machines.items():
            CfnOutput(self, f"{logical_name(kind)}Arn", value=machine.state_machine_arn)

    def _dead_letters(self, settings: Settings) -> sqs.Queue:
        """Events that their function refused three times, with what it said; kept for 14 days."""
        queue = sqs.Queue(
            self,
            "DeadLetters",
            retention_period=Duration.days(14),
            visibility_timeout=Duration.seconds(REDRIVE.timeout_s),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=not settings.local,
        )
        accept(queue, "AwsSolutions-SQS3", "It is the dead-letter queue.")
        CfnOutput(self, "DeadLettersUrl", value=queue.queue_url)
        return queue

    def _start_returns(self, function: lambda_.Function, stores: Stores, dead_letters: sqs.Queue) -> None:
        events.Rule(
            self,
            "ReturnUploaded",
            description="A bank's return file was put in the bucket",
            event_pattern=events.EventPattern(
                source=["aws.s3"],
                detail_type=["Object Created"],
                detail={
                    "bucket": {"name": [stores.files.bucket_name]},
                    "object": {"key": [{"prefix": RETURNS_FOLDER}]},
                },
            ),
            targets=[targets.LambdaFunction(function, dead_letter_queue=dead_letters)],
        )

    def _schedule(self, daily: Daily, function: lambda_.Function, dead_letters: sqs.Queue) -> None:
        name = logical_name(daily.kind)
        role = iam.Role(
            self, f"{name}ScheduleRole", assumed_by=iam.ServicePrincipal("scheduler.amazonaws.com")
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["lambda:InvokeFunction"], resources=[function.function_arn])
        )
        role.add_to_policy(
            iam.PolicyStatement(actions=["sqs:SendMessage"], resources=[dead_letters.queue_arn])
        )
        scheduler.CfnSchedule(
            self,
            f"{name}Schedule",
            description=f"Starts {daily.kind} for every tenant",
            schedule_expression=daily.expression,
            schedule_expression_timezone=TIME_ZONE,
            flexible_time_window=scheduler.CfnSchedule.FlexibleTimeWindowProperty(mode="OFF"),
            target=scheduler.CfnSchedule.TargetProperty(
                arn=function.function_arn,
                role_arn=role.role_arn,
                input=self.to_json_string(
                    {"kind": str(daily.kind), "time": "<aws.scheduler.scheduled-time>"}
                ),
                dead_letter_config=scheduler.CfnSchedule.DeadLetterConfigProperty(arn=dead_letters.queue_arn),
            ),
        )

    def _redrive(self, lambdas: Lambdas, woken: list[lambda_.Function], dead_letters: sqs.Queue) -> None:
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
        CfnOutput(self, "RedriveFunctionName", value=redrive.function_name)

    def _alarms(self, settings: Settings, dead_letters: sqs.Queue) -> sns.Topic:
        """One topic for whoever is on duty: events that were given up, and machines that failed."""
        topic = sns.Topic(self, "Alarms", enforce_ssl=not settings.local)
        CfnOutput(self, "AlarmsTopicArn", value=topic.topic_arn)
        waiting = dead_letters.metric_approximate_number_of_messages_visible(
            statistic="Maximum", period=Duration.minutes(5)
        )
        self._alarm("DeadLettersWaiting", waiting, topic, "Events were given up; mend the cause and redrive.")
        for kind, machine in self.machines.items():
            failed = machine.metric_failed(statistic="Sum", period=Duration.minutes(5))
            self._alarm(
                f"{logical_name(kind)}Failed", failed, topic, f"A run of {kind} failed; its row says why."
            )
        return topic

    def _alarm(self, name: str, metric: cloudwatch.IMetric, topic: sns.ITopic, description: str) -> None:
        cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=1,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=description,
        ).add_alarm_action(actions.SnsAction(topic))
