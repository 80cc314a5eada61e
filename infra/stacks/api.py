"""The HTTP API: one gateway, which accepts only access tokens of our pool, and the functions behind it in a stack per
area."""

import json

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_apigatewayv2 as gateway
from aws_cdk import aws_apigatewayv2_authorizers as authorizers
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs

from infra.constructs.alarms import alarm
from infra.constructs.lambdas import LOG_RETENTION, Lambdas, Stores
from infra.constructs.routes import METHODS, routes_of
from infra.function import Area, Function
from infra.functions import API_FUNCTIONS
from infra.settings import Settings
from infra.stacks.identity import Identity
from infra.stacks.processes import Processes

REQUESTS_PER_SECOND = 1000
BURST = 2000
"""For all callers together; above it, the gateway answers 429. A fuse: the limit of one tenant is far below and is kept
by the functions (`entry/tenant_limit.py`), because an HTTP API does not know tenants."""

ACCESS_LOG = {
    "requestId": "$context.requestId",
    "requestTime": "$context.requestTime",
    "routeKey": "$context.routeKey",
    "status": "$context.status",
    "responseLatency": "$context.responseLatency",
    "authorizerError": "$context.authorizer.error",
    "integrationError": "$context.integrationErrorMessage",
}
"""Ids and codes, but neither the caller's address nor the path, which may hold what a person typed."""


def make_api(app: App, settings: Settings, stores: Stores, identity: Identity, processes: Processes) -> str:
    """Returns the API's address. The areas refer to the gateway's API and authorizer, and it to none of them."""
    stack = Stack(app, "MensalApi", description="Mensal: HTTP API")
    api = _gateway(stack, settings, identity)
    failing = api.metric_server_error(statistic="Sum", period=Duration.minutes(5))
    text = "The API answers 5xx; the function's log has the request id."
    alarm(stack, "ApiFails", failing, threshold=5, topic=processes.alarms, text=text)
    CfnOutput(stack, "ApiUrl", value=api.api_endpoint)
    CfnOutput(stack, "ApiId", value=api.api_id)
    for area in Area:
        lambdas = Lambdas(
            Stack(app, area.stack, description=f"Mensal: HTTP API, {area.lower()}"), settings, stores
        )
        for function in API_FUNCTIONS:
            if function.area is area:
                _serve(api, function, lambdas.make(function, processes.machine_arns), identity)
    address: str = api.api_endpoint
    return address


def _serve(api: gateway.HttpApi, function: Function, made: lambda_.Function, identity: Identity) -> None:
    """The routes are made beside the function, in the stack of its area; `api.add_routes` would make them in the
    gateway's."""
    if function.invites:
        _let_invite(made, identity)
    if function.checks_passwords:
        _let_check_passwords(made, identity)
    stack = Stack.of(made)
    integration = integrations.HttpLambdaIntegration(
        f"{function.logical_name}Integration",
        made.add_alias("live"),
        payload_format_version=gateway.PayloadFormatVersion.VERSION_2_0,
        scope_permission_to_route=False,
    )
    for route in routes_of(function):
        key = gateway.HttpRouteKey.with_(route.path, gateway.HttpMethod(route.method))
        gateway.HttpRoute(
            stack, f"{route.method.upper()}{route.path}", http_api=api, route_key=key, integration=integration
        )


def _let_invite(function: lambda_.Function, identity: Identity) -> None:
    function.add_environment("USER_POOL_ID", identity.pool.user_pool_id)
    function.add_to_role_policy(
        iam.PolicyStatement(
            actions=[
                "cognito-idp:AdminCreateUser",
                "cognito-idp:AdminGetUser",
                "cognito-idp:AdminUserGlobalSignOut",
                "cognito-idp:AdminSetUserMFAPreference",
            ],
            resources=[identity.pool.user_pool_arn],
        )
    )


def _let_check_passwords(function: lambda_.Function, identity: Identity) -> None:
    function.add_environment("USER_POOL_ID", identity.pool.user_pool_id)
    function.add_environment("PASSWORDS_CLIENT_ID", identity.passwords.user_pool_client_id)
    actions = ["cognito-idp:AdminInitiateAuth", "cognito-idp:AdminGetUser"]
    function.add_to_role_policy(iam.PolicyStatement(actions=actions, resources=[identity.pool.user_pool_arn]))


def _gateway(stack: Stack, settings: Settings, identity: Identity) -> gateway.HttpApi:
    api = gateway.HttpApi(
        stack,
        "Api",
        api_name="mensal",
        default_authorizer=authorizers.HttpJwtAuthorizer(
            "AccessToken",
            f"https://cognito-idp.{stack.region}.amazonaws.com/{identity.pool.user_pool_id}",
            jwt_audience=[identity.client.user_pool_client_id],
        ),
        cors_preflight=gateway.CorsPreflightOptions(
            allow_origins=[settings.console_origin],
            allow_methods=[gateway.CorsHttpMethod(method.upper()) for method in METHODS],
            allow_headers=["authorization", "content-type", "idempotency-key", "if-match", "mensal-base"],
            expose_headers=["etag", "idempotency-replayed"],
            max_age=Duration.hours(1),
        ),
        create_default_stage=False,
    )
    access_log = logs.LogGroup(
        stack, "AccessLog", retention=LOG_RETENTION, removal_policy=RemovalPolicy.DESTROY
    )
    stage = gateway.HttpStage(
        stack,
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
