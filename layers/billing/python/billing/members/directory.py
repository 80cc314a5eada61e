"""The directory of those who may sign in, whatever the tenant; it knows addresses and passwords, and no rights."""

from typing import Protocol


class Directory(Protocol):
    def invite(self, email: str) -> str:
        """The subject of the user with this address; one who is not there yet is made and mailed a first password."""
        ...
