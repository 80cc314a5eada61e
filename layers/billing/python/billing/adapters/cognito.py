"""The directory in a Cognito user pool, and the check of a password there."""

from typing import Any

from billing.core.errors import Forbidden, Refusal, Refused

WRONG_CODE = (
    "O código não confere. Digite o que o aplicativo mostra agora; um código já usado não serve de novo."
)


class CognitoDirectory:
    def __init__(self, user_pool_id: str) -> None:
        import boto3

        self._pool = user_pool_id
        self._cognito: Any = boto3.client("cognito-idp")

    def invite(self, email: str) -> str:
        attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}]
        try:
            made = self._cognito.admin_create_user(
                UserPoolId=self._pool,
                Username=email,
                UserAttributes=attributes,
                DesiredDeliveryMediums=["EMAIL"],
            )
        except self._cognito.exceptions.UsernameExistsException:
            user = self._cognito.admin_get_user(UserPoolId=self._pool, Username=email)
            return _subject(user["UserAttributes"])
        return _subject(made["User"]["Attributes"])

    def sign_out(self, user_id: str) -> None:
        try:
            self._cognito.admin_user_global_sign_out(UserPoolId=self._pool, Username=user_id)
        except self._cognito.exceptions.UserNotFoundException:
            return

    def begin_second_factor(self, access_token: str) -> str:
        try:
            answer = self._cognito.associate_software_token(AccessToken=access_token)
        except self._cognito.exceptions.NotAuthorizedException:
            raise _not_fresh() from None
        return str(answer["SecretCode"])

    def confirm_second_factor(self, access_token: str, code: str) -> None:
        raised = self._cognito.exceptions
        try:
            self._cognito.verify_software_token(AccessToken=access_token, UserCode=code)
            self._cognito.set_user_mfa_preference(
                AccessToken=access_token, SoftwareTokenMfaSettings={"Enabled": True, "PreferredMfa": True}
            )
        except raised.NotAuthorizedException:
            raise _not_fresh() from None
        except (raised.EnableSoftwareTokenMFAException, raised.CodeMismatchException):
            raise Refused.because([Refusal("second_factor.code", WRONG_CODE, field="code")]) from None

    def remove_second_factor(self, user_id: str) -> None:
        self._cognito.admin_set_user_mfa_preference(
            UserPoolId=self._pool,
            Username=user_id,
            SoftwareTokenMfaSettings={"Enabled": False, "PreferredMfa": False},
        )

    def has_second_factor(self, user_id: str) -> bool:
        """Whether one is registered: the pool then always asks for it, because its MFA is optional, not adaptive."""
        user = self._cognito.admin_get_user(UserPoolId=self._pool, Username=user_id)
        return bool(user.get("UserMFASettingList"))


class CognitoPasswords:
    """Uses a client of the pool that nobody signs in with: the gateway accepts none of its tokens, and none is used
    here."""

    def __init__(self, user_pool_id: str, client_id: str) -> None:
        import boto3

        self._pool, self._client = user_pool_id, client_id
        self._cognito: Any = boto3.client("cognito-idp")

    def owner_of(self, email: str, password: str) -> str | None:
        """The second factor is not asked for: the challenge alone shows that the password was right. A temporary
        password sent by e-mail, or one that must be reset, does not prove who the user is."""
        raised = self._cognito.exceptions
        try:
            answer = self._cognito.admin_initiate_auth(
                UserPoolId=self._pool,
                ClientId=self._client,
                AuthFlow="ADMIN_USER_PASSWORD_AUTH",
                AuthParameters={"USERNAME": email, "PASSWORD": password},
            )
        except (
            raised.NotAuthorizedException,
            raised.UserNotFoundException,
            raised.UserNotConfirmedException,
            raised.PasswordResetRequiredException,
        ):
            return None
        if answer.get("ChallengeName") not in {None, "SOFTWARE_TOKEN_MFA"}:
            return None
        user = self._cognito.admin_get_user(UserPoolId=self._pool, Username=email)
        return _subject(user["UserAttributes"])


def _not_fresh() -> Forbidden:
    return Forbidden("access.fresh_sign_in", "Entre de novo para cadastrar o segundo fator.")


def _subject(attributes: list[dict[str, str]]) -> str:
    return next(attribute["Value"] for attribute in attributes if attribute["Name"] == "sub")
