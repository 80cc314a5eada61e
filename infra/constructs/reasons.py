"""Findings of cdk-nag that are accepted, each with its reason beside it."""

from aws_cdk import Acknowledgment, Validations
from constructs import IConstruct


def accept(construct: IConstruct, rule: str, reason: str) -> None:
    """The finding `rule`, such as "AwsSolutions-COG3", is right about `construct`, and is accepted for `reason`."""
    Validations.of(construct).acknowledge(Acknowledgment(id=rule, reason=reason))
