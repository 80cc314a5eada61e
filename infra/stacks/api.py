"""The HTTP API: one function per context behind one gateway, which lets in access tokens of our pool only."""

import json
from collections.abc import Mapping

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from billing.runs.model import RunKind
from infra.constructs.lambdas import LOG_RETENTION, Lambdas, Stores
from infra.constructs.routes import METHODS, routes_of
from infra.functions import API_FUNCTIONS
from infra.settings import Settings
from infra.stacks.identity import IdentityStack

REQUESTS_PER_SECOND = 200
BURST = 400
"""Of all callers together; above it the gateway answers 429."""

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLatency": "$context.responseLatency",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}
"""Ids and codes. Neither the caller's address nor the path, which may hold what a person typed."""


class ApiStack(Stack):
    def __init__(
        self,
        scope: Construct,
        settings: Settings,
        *,
        stores: Stores,
        identity: IdentityStack,
        machines: Mapping[RunKind, sfn.StateMachine],
        alarms: sns.ITopic,
    ) -> None:
        super().__init__(scope, "MensalApi", description="Mensal: HTTP API")
        self._api = self._gateway(settings, identity)
        arns = {kind: machine.state_machine_arn for kind, machine in machines.items()}
        lambdas = Lambdas(self, settings, stores)
        for function in API_FUNCTIONS:
            made = lambdas.make(function, arns)
            if function.invites:
                made.add_environment("USER_POOL_ID", identity.pool.user_pool_id)
                made.add_to_role_policy(
                    iam.PolicyStatement(
                        actions=["cognito-idp:AdminCreateUser", "cognito-idp:AdminGetUser"],
                        resources=[identity.pool.user_pool_arn],
                    )
                )
            integration = integrations.HttpLambdaIntegration(
                f"{function.logical_name}Integration",
                made.add_alias("live"),
                payload_format_version=gateway.PayloadFormatVersion.VERSION_2_0,
                scope_permission_to_route=False,
            )
            for route in routes_of(function):
                self._api.add_routes(
                    path=route.path, methods=[gateway.HttpMethod(route.method)], integration=integration
                )
        cloudwatch.Alarm(
            self,
            "ApiFails",
            metric=self._api.metric_server_error(statistic="Sum", period=Duration.minutes(5)),
            threshold=5,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description="The API answers 5xx; the function's log has the request id.",
        ).add_alarm_action(actions.SnsAction(alarms))
        CfnOutput(self, "ApiUrl", value=self._api.api_endpoint)
        CfnOutput(self, "ApiId", value=self._api.api_id)

    def _gateway(self, settings: Settings, identity: IdentityStack) -> gateway.HttpApi:
        api = gateway.HttpApi(
            self,
            "Api",
            api_name="mensal",
            default_authorizer=authorizers.HttpJwtAuthorizer(
                "AccessToken",
                f"https://cognito-idp.{self.region}.amazonaws.com/{identity.pool.user_pool_id}",
                jwt_audience=[identity.client.user_pool_client_id],
            ),
            cors_preflight=gateway.CorsPreflightOptions(
                allow_origins=list(settings.web_origins),
                allow_methods=[gateway.CorsHttpMethod(method.upper()) for method in METHODS],
                allow_headers=["authorization", "content-type", "idempotency-key", "if-match"],
                expose_headers=["etag", "idempotency-replayed"],
                max_age=Duration.hours(1),
            ),
            create_default_stage=False,
        )
        access_log = logs.LogGroup(
            self, "AccessLog", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY
        )
        stage = gateway.HttpStage(
            self,
            "DefaultStage",
            http_api=api,
            stage_name="$default",
            auto_deploy=True,
            throttle=gateway.ThrottleSettings(rate_limit=REQUESTS_PER_SECOND, burst_limit=BURST),
        )
        resource = stage.node.default_child
        assert isinstance(resource, gateway.CfnStage)
        resource.access_log_settings = gateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=access_log.log_group_arn, format=json.dumps(ACCESS_LOG)
        )
        return api
