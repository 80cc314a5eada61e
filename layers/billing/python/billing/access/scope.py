"""The companies whose data a call may reach within its tenant: all of them, or those that a person serves (SEC-02).

Code that needs a set of companies asks the scope; nothing else iterates over company ids. As text, in an access token
and in a run's input, all companies are `*`, and some are their ids, sorted and separated by blanks; an empty text is
invalid.

>>> Scope.of("com_b", "com_a").text
'com_a com_b'
>>> Scope.read("*").includes("com_a"), Scope.read("com_b").includes("com_a")
(True, False)
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

_ALL = "*"


@dataclass(frozen=True)
class Scope:
    """`ids` is None for all companies of the tenant. A scope without any company cannot be made."""

    ids: frozenset[str] | None

    def __post_init__(self) -> None:
        if self.ids is not None and (not self.ids or not all(self.ids)):
            raise ValueError("a scope of no company")

    @classmethod
    def of(cls, *company_ids: str) -> "Scope":
        return cls(frozenset(company_ids))

    @classmethod
    def read(cls, text: str) -> "Scope":
        """Reads what `text` writes. Raises ValueError for anything else."""
        return ALL_COMPANIES if text == _ALL else cls.of(*text.split(" "))

    @property
    def text(self) -> str:
        return _ALL if self.ids is None else " ".join(sorted(self.ids))

    def includes(self, company_id: str) -> bool:
        return self.ids is None or company_id in self.ids

    def covers(self, other: "Scope") -> bool:
        """Whether everything within `other` is within this scope."""
        return self.ids is None or (other.ids is not None and other.ids <= self.ids)

    def meets(self, other: "Scope") -> bool:
        """Whether anything within `other` is within this scope."""
        return self.ids is None or other.ids is None or not self.ids.isdisjoint(other.ids)

    def company_ids(self, of_tenant: Callable[[], Iterable[str]]) -> tuple[str, ...]:
        """The ids of the companies in scope; `of_tenant` is called for the tenant's companies only if all are in
        scope."""
        return tuple(sorted(of_tenant() if self.ids is None else self.ids))


ALL_COMPANIES = Scope(None)
