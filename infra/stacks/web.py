"""The web console on AWS: a private bucket behind CloudFront, with the API on the same origin, and a firewall in front
of both.

The files themselves are uploaded by `infra.publish` after the deployment: a stack that carries them needs its own
Lambda.
"""

from urllib.parse import urlsplit

from aws_cdk import App, CfnOutput, Duration, Environment, Fn, RemovalPolicy, Stack
from aws_cdk import aws_certificatemanager as certificates
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_wafv2 as waf

from infra.constructs.reasons import accept
from infra.security_headers import content_security_policy
from infra.settings import Settings

_SCREENS = """
function handler(event) {
  var request = event.request;
  if (request.uri.lastIndexOf('.') <= request.uri.lastIndexOf('/')) request.uri = '/index.html';
  return request;
}
"""
"""Every screen is the same page. This is not done with error pages, which would turn the API's 404 into HTML."""

_API = """
function handler(event) {
  var request = event.request;
  request.uri = request.uri.substring(4);
  return request;
}
"""
"""/api/customers is the API's /customers."""

REQUESTS_PER_ADDRESS = 3000
"""In five minutes; ten people behind one address stay far below."""


def make_web(app: App, settings: Settings, api_endpoint: str, sign_in: str, bucket_domain: str) -> None:
    """`sign_in` and `bucket_domain` are the origins that pages call besides their own."""
    stack = Stack(app, "MensalWeb", description="Mensal: web console")
    bucket = s3.Bucket(
        stack,
        "Pages",
        encryption=s3.BucketEncryption.S3_MANAGED,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
        enforce_ssl=True,
        versioned=True,
        lifecycle_rules=[s3.LifecycleRule(noncurrent_version_expiration=Duration.days(30))],
        removal_policy=RemovalPolicy.RETAIN,
    )
    accept(
        bucket,
        "AwsSolutions-S1",
        "Pages that anybody may read; who asked for what is in CloudFront's metrics.",
    )
    headers = _headers(stack, sign_in, f"https://{bucket_domain}")
    certificate = settings.console_certificate
    distribution = cloudfront.Distribution(
        stack,
        "Console",
        comment="Mensal: web console",
        default_root_object="index.html",
        minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
        price_class=cloudfront.PriceClass.PRICE_CLASS_ALL,  # the cheaper classes have no edge in Brazil
        web_acl_id=settings.console_web_acl or None,
        domain_names=[urlsplit(settings.console_origin).netloc] if certificate else None,
        certificate=certificates.Certificate.from_certificate_arn(stack, "Certificate", certificate)
        if certificate
        else None,
        default_behavior=cloudfront.BehaviorOptions(
            origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
            response_headers_policy=headers,
            compress=True,
            function_associations=[_on_request(stack, "Screens", _SCREENS)],
        ),
        additional_behaviors={
            "/api/*": cloudfront.BehaviorOptions(
                origin=origins.HttpOrigin(Fn.select(2, Fn.split("/", api_endpoint))),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
                allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
                cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
                origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
                response_headers_policy=headers,
                function_associations=[_on_request(stack, "Api", _API)],
            )
        },
    )
    accept(
        distribution, "AwsSolutions-CFR1", "Brazilians travel, and what they may do is decided by sign-in."
    )
    accept(
        distribution,
        "AwsSolutions-CFR3",
        "Standard logs hold addresses and paths; the gateway's access log has each call without either.",
    )
    if not settings.console_web_acl:
        accept(
            distribution, "AwsSolutions-CFR2", "Set `console_web_acl` to the ARN that MensalFirewall tells."
        )
    if not certificate:
        accept(distribution, "AwsSolutions-CFR4", "Set `console_certificate` for a domain of one's own.")
    CfnOutput(stack, "ConsoleBucketName", value=bucket.bucket_name)
    CfnOutput(stack, "ConsoleDistributionId", value=distribution.distribution_id)
    CfnOutput(stack, "ConsoleUrl", value=f"https://{distribution.distribution_domain_name}")


def make_firewall(app: App) -> None:
    """In us-east-1, where CloudFront takes its firewall from; its ARN goes into the context `console_web_acl`."""
    stack = Stack(app, "MensalFirewall", description="Mensal: firewall", env=Environment(region="us-east-1"))
    rules = [
        _managed("AWSManagedRulesAmazonIpReputationList", 0),
        # bodies of up to 1 MB are left to the API, which refuses larger ones
        _managed("AWSManagedRulesCommonRuleSet", 1, counted="SizeRestrictions_BODY"),
        _managed("AWSManagedRulesKnownBadInputsRuleSet", 2),
        waf.CfnWebACL.RuleProperty(
            name="RequestsPerAddress",
            priority=3,
            action=waf.CfnWebACL.RuleActionProperty(block={}),
            statement=waf.CfnWebACL.StatementProperty(
                rate_based_statement=waf.CfnWebACL.RateBasedStatementProperty(
                    aggregate_key_type="IP", limit=REQUESTS_PER_ADDRESS
                )
            ),
            visibility_config=_visible("RequestsPerAddress"),
        ),
    ]
    acl = waf.CfnWebACL(
        stack,
        "WebAcl",
        scope="CLOUDFRONT",
        default_action=waf.CfnWebACL.DefaultActionProperty(allow={}),
        rules=rules,
        visibility_config=_visible("Console"),
    )
    CfnOutput(stack, "WebAclArn", value=acl.attr_arn)


def _headers(stack: Stack, *other_origins: str) -> cloudfront.ResponseHeadersPolicy:
    """The same as `infra.security_headers` has for this machine, and HSTS."""
    return cloudfront.ResponseHeadersPolicy(
        stack,
        "Headers",
        security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
            content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                content_security_policy=content_security_policy(*other_origins), override=True
            ),
            content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
            frame_options=cloudfront.ResponseHeadersFrameOptions(
                frame_option=cloudfront.HeadersFrameOption.DENY, override=True
            ),
            referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
            ),
            strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                access_control_max_age=Duration.days(365), include_subdomains=True, override=True
            ),
        ),
        custom_headers_behavior=cloudfront.ResponseCustomHeadersBehavior(
            custom_headers=[
                cloudfront.ResponseCustomHeader(
                    header="Cross-Origin-Opener-Policy", value="same-origin", override=True
                )
            ]
        ),
    )


def _on_request(stack: Stack, name: str, code: str) -> cloudfront.FunctionAssociation:
    function = cloudfront.Function(
        stack,
        f"{name}Path",
        code=cloudfront.FunctionCode.from_inline(code.strip()),
        runtime=cloudfront.FunctionRuntime.JS_2_0,
    )
    return cloudfront.FunctionAssociation(
        function=function, event_type=cloudfront.FunctionEventType.VIEWER_REQUEST
    )


def _managed(name: str, priority: int, counted: str | None = None) -> waf.CfnWebACL.RuleProperty:
    overrides = (
        [
            waf.CfnWebACL.RuleActionOverrideProperty(
                name=counted, action_to_use=waf.CfnWebACL.RuleActionProperty(count={})
            )
        ]
        if counted
        else None
    )
    return waf.CfnWebACL.RuleProperty(
        name=name,
        priority=priority,
        override_action=waf.CfnWebACL.OverrideActionProperty(none={}),
        statement=waf.CfnWebACL.StatementProperty(
            managed_rule_group_statement=waf.CfnWebACL.ManagedRuleGroupStatementProperty(
                vendor_name="AWS", name=name, rule_action_overrides=overrides
            )
        ),
        visibility_config=_visible(name),
    )


def _visible(name: str) -> waf.CfnWebACL.VisibilityConfigProperty:
    return waf.CfnWebACL.VisibilityConfigProperty(
        cloud_watch_metrics_enabled=True, metric_name=name, sampled_requests_enabled=False
    )
