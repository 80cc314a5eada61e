"""The tables, with the keys and indexes that the record classes declare."""

import re
from typing import Any

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_kms as kms
from constructs import Construct

from billing.core.table import Table
from billing.entry.tables import ALL_TABLES
from infra.functions import FOLLOW_ROWS

_TYPES = {"S": dynamodb.AttributeType.STRING, "N": dynamodb.AttributeType.NUMBER}


def table_name(record: type[Table]) -> str:
    """The table's name in the registry and the environment: BankFilesTable -> bank_files."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__.removesuffix("Table")).lower()


RECORDS: dict[str, type[Table]] = {table_name(record): record for record in ALL_TABLES}


def index_names_of(name: str) -> tuple[str, ...]:
    return tuple(index["index_name"] for index in _schema(RECORDS[name])["global_secondary_indexes"])


def make_tables(scope: Construct, *, protected: bool, key: kms.IKey | None) -> dict[str, dynamodb.Table]:
    """Every table by name. `protected` tables outlive their stack and cannot be deleted by mistake; without a `key` of
    the customer's own, they use one that AWS manages."""
    return {
        name: _make_table(scope, record, protected=protected, key=key) for name, record in RECORDS.items()
    }


def _make_table(
    scope: Construct, record: type[Table], *, protected: bool, key: kms.IKey | None
) -> dynamodb.Table:
    schema = _schema(record)
    types = {a["AttributeName"]: _TYPES[a["AttributeType"]] for a in schema["attribute_definitions"]}
    partition, sort = _keys(schema["key_schema"], types)
    table = dynamodb.Table(
        scope,
        record.__name__,
        partition_key=partition,
        sort_key=sort,
        billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
        encryption=dynamodb.TableEncryption.AWS_MANAGED
        if key is None
        else dynamodb.TableEncryption.CUSTOMER_MANAGED,
        encryption_key=key,
        point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
            point_in_time_recovery_enabled=True
        ),
        time_to_live_attribute="ttl",
        stream=dynamodb.StreamViewType.NEW_IMAGE if table_name(record) in FOLLOW_ROWS.streams else None,
        deletion_protection=protected,
        removal_policy=RemovalPolicy.RETAIN if protected else RemovalPolicy.DESTROY,
    )
    for index in schema["global_secondary_indexes"]:
        partition, sort = _keys(index["key_schema"], types)
        table.add_global_secondary_index(
            index_name=index["index_name"],
            partition_key=partition,
            sort_key=sort,
            projection_type=dynamodb.ProjectionType[index["projection"]["ProjectionType"]],
        )
    return table


def _keys(
    key_schema: list[dict[str, str]], types: dict[str, dynamodb.AttributeType]
) -> tuple[dynamodb.Attribute, dynamodb.Attribute | None]:
    by_role = {
        key["KeyType"]: dynamodb.Attribute(name=key["AttributeName"], type=types[key["AttributeName"]])
        for key in key_schema
    }
    return by_role["HASH"], by_role.get("RANGE")


def _schema(record: type[Table]) -> dict[str, Any]:
    """What pynamodb would create the table with."""
    return dict(record._get_schema())  # noqa: SLF001  (the only place where it says so)
