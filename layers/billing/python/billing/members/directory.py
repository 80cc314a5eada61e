"""The directory of those who may sign in, whatever the tenant; it knows addresses and passwords, and no rights."""

from typing import Protocol


class Directory(Protocol):
    def invite(self, email: str) -> str:
        """The subject of the user with this address; one who is not there yet is made and mailed a first password."""
        ...

    def sign_out(self, user_id: str) -> None:
        """End the sessions of a user, wherever they are; one who is not there has none."""
        ...

    def has_second_factor(self, user_id: str) -> bool:
        """Whether signing in asks the user for more than the password."""
        ...


class Passwords(Protocol):
    """Whether somebody at a screen is who they say, without signing in: what an authoriser types at another's counter."""

    def owner_of(self, email: str, password: str) -> str | None:
        """The subject of the user whose address and password these are; None for anything else."""
        ...
