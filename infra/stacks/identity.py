"""Who may sign in: the user pool, whose access tokens carry what our own membership rows say."""

from dataclasses import dataclass

from aws_cdk import App, CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_

from infra.constructs.lambdas import Lambdas, Stores
from infra.constructs.reasons import accept
from infra.functions import PRE_TOKEN
from infra.settings import Settings


@dataclass(frozen=True, slots=True)
class Identity:
    pool: cognito.UserPool
    client: cognito.UserPoolClient
    passwords: cognito.UserPoolClient
    """Only the server uses it, to ask whether a password is right; the gateway accepts none of its tokens."""
    pre_token: lambda_.Function
    sign_in_url: str
    """The address of the managed login's pages."""


def make_identity(app: App, settings: Settings, stores: Stores) -> Identity:
    stack = Stack(app, "MensalIdentity", description="Mensal: sign-in")
    pool = _user_pool(stack, settings)
    pre_token = Lambdas(stack, settings, stores).make(PRE_TOKEN)
    pool.add_trigger(
        cognito.UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, pre_token, cognito.LambdaVersion.V2_0
    )
    _let_ask_for_second_factor(stack, pool, pre_token)
    client = pool.add_client(
        "Web",
        auth_flows=cognito.AuthFlow(user_srp=True, user_password=settings.local),
        access_token_validity=Duration.minutes(60),
        id_token_validity=Duration.minutes(60),
        refresh_token_validity=Duration.days(1),
        prevent_user_existence_errors=True,
        enable_token_revocation=True,
        o_auth=cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.COGNITO_ADMIN],
            callback_urls=[f"{settings.console_origin}/entrar"],
            logout_urls=[f"{settings.console_origin}/"],
        ),
        supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
        generate_secret=False,
        read_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
        write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
    )
    passwords = pool.add_client(
        "Passwords",
        auth_flows=cognito.AuthFlow(admin_user_password=True),
        disable_o_auth=True,
        prevent_user_existence_errors=True,
        access_token_validity=Duration.minutes(5),
        id_token_validity=Duration.minutes(5),
        refresh_token_validity=Duration.hours(1),
        generate_secret=False,
    )
    # the emulator serves the same pages at its own address
    sign_in_url = "" if settings.local else _managed_login(stack, pool, client)
    CfnOutput(stack, "UserPoolId", value=pool.user_pool_id)
    CfnOutput(stack, "UserPoolClientId", value=client.user_pool_client_id)
    return Identity(pool, client, passwords, pre_token, sign_in_url)


def _managed_login(stack: Stack, pool: cognito.UserPool, client: cognito.UserPoolClient) -> str:
    """The pages on which people sign in: AWS's own, so that no password ever reaches our scripts. Returns their
    address."""
    domain = pool.add_domain(
        "SignIn",
        cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"mensal-{stack.account}"),
        managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
    )
    cognito.CfnManagedLoginBranding(
        stack,
        "SignInBranding",
        user_pool_id=pool.user_pool_id,
        client_id=client.user_pool_client_id,
        use_cognito_provided_values=True,
    )
    address: str = domain.base_url()
    CfnOutput(stack, "SignInUrl", value=address)
    return address


def _let_ask_for_second_factor(stack: Stack, pool: cognito.UserPool, pre_token: lambda_.Function) -> None:
    """A separate policy: the pool needs the function, so the function's own role cannot need the pool."""
    assert pre_token.role is not None
    statement = iam.PolicyStatement(actions=["cognito-idp:AdminGetUser"], resources=[pool.user_pool_arn])
    iam.Policy(stack, "AskForSecondFactor", roles=[pre_token.role], statements=[statement])


def _user_pool(stack: Stack, settings: Settings) -> cognito.UserPool:
    pool = cognito.UserPool(
        stack,
        "Users",
        self_sign_up_enabled=False,
        sign_in_aliases=cognito.SignInAliases(email=True),
        sign_in_case_sensitive=False,
        auto_verify=cognito.AutoVerifiedAttrs(email=True),
        account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
        feature_plan=cognito.FeaturePlan.ESSENTIALS,  # the first plan that lets a trigger write the access token
        password_policy=cognito.PasswordPolicy(
            min_length=12,
            require_lowercase=True,
            require_uppercase=True,
            require_digits=True,
            require_symbols=True,
            temp_password_validity=Duration.days(3),
        ),
        mfa=cognito.Mfa.OPTIONAL,
        mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
        user_invitation=cognito.UserInvitationConfig(
            email_subject="Seu acesso ao Mensal",
            email_body="Olá! Seu usuário é {username} e sua senha provisória é {####}. Ela vale por 3 dias.",
        ),
        deletion_protection=not settings.local,
        removal_policy=RemovalPolicy.DESTROY if settings.local else RemovalPolicy.RETAIN,
    )
    accept(
        pool,
        "AwsSolutions-COG2",
        "The API asks for it of who moves money, and a tenant may waive it with its reason (ADR 8): the pool has all tenants.",
    )
    accept(
        pool,
        "AwsSolutions-COG8",
        "The Plus plan adds threat protection at a price per user; wrong passwords are throttled without it.",
    )
    return pool
