"""Who may sign in: the user pool, whose access tokens carry what our own membership rows say."""

from aws_cdk import CfnOutput, Duration, RemovalPolicy, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.constructs.lambdas import Lambdas, Stores
from infra.constructs.reasons import accept
from infra.functions import PRE_TOKEN
from infra.settings import Settings


class IdentityStack(Stack):
    def __init__(self, scope: Construct, settings: Settings, stores: Stores) -> None:
        super().__init__(scope, "MensalIdentity", description="Mensal: sign-in")
        self.pool = cognito.UserPool(
            self,
            "Users",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            feature_plan=cognito.FeaturePlan.ESSENTIALS,  # the first that lets a trigger write the access token
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
            self.pool,
            "AwsSolutions-COG2",
            "A second factor is offered and each company asks it of its people; shared counters have no telephone.",
        )
        accept(
            self.pool,
            "AwsSolutions-COG8",
            "Threat protection is in the Plus plan, priced per user; wrong passwords are throttled without it.",
        )
        pre_token = Lambdas(self, settings, stores).make(PRE_TOKEN)
        self.pool.add_trigger(
            cognito.UserPoolOperation.PRE_TOKEN_GENERATION_CONFIG, pre_token, cognito.LambdaVersion.V2_0
        )
        self.client = self.pool.add_client(
            "Web",
            auth_flows=cognito.AuthFlow(user_srp=True, user_password=settings.local),
            access_token_validity=Duration.minutes(60),
            id_token_validity=Duration.minutes(60),
            refresh_token_validity=Duration.days(1),
            prevent_user_existence_errors=True,
            enable_token_revocation=True,
            disable_o_auth=True,
            generate_secret=False,
            read_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
            write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True),
        )
        CfnOutput(self, "UserPoolId", value=self.pool.user_pool_id)
        CfnOutput(self, "UserPoolClientId", value=self.client.user_pool_client_id)
