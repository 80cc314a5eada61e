"""An alarm: when the figure of five minutes reaches a threshold, whoever is on duty is told."""

from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_sns as sns
from constructs import Construct


def alarm(
    scope: Construct, name: str, metric: cloudwatch.IMetric, *, threshold: int, topic: sns.ITopic, text: str
) -> None:
    """`text` says what happened and what to do."""
    cloudwatch.Alarm(
        scope,
        name,
        metric=metric,
        threshold=threshold,
        evaluation_periods=1,
        comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        alarm_description=text,
    ).add_alarm_action(actions.SnsAction(topic))
