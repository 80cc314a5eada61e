"""The directory of users who may sign in, for all tenants; it has addresses and passwords, but no rights."""

from typing import Protocol


class Directory(Protocol):
    def invite(self, email: str) -> str:
        """The subject of the user with this address; a new user is created and mailed a first password."""
        ...

    def sign_out(self, user_id: str) -> None:
        """End all sessions of a user, wherever they are; an unknown user has none."""
        ...

    def begin_second_factor(self, access_token: str) -> str:
        """The secret of a new authenticator for the token's user; the present one holds until the new one is confirmed.
        Raises Forbidden for a token that does not permit it."""
        ...

    def confirm_second_factor(self, access_token: str, code: str) -> None:
        """From now on sign-in asks for the new authenticator. Raises Refused for a wrong code, Forbidden as above."""
        ...

    def remove_second_factor(self, user_id: str) -> None:
        """From now on sign-in asks for the password alone, until another authenticator is registered."""
        ...

    def has_second_factor(self, user_id: str) -> bool:
        """Whether signing in asks the user for more than the password."""
        ...


class Passwords(Protocol):
    """Check who someone is without signing them in: an authoriser types their password at someone else's counter."""

    def owner_of(self, email: str, password: str) -> str | None:
        """The subject of the user with this address and password; None if they do not match."""
        ...
