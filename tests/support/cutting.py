"""Cut a process off at one of its writes, or make something else happen there."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tests.support.aws import WRITES, InProcessAws


class Cut(BaseException):
    """The process ends at this point; none of its code may catch this."""


def count_writes(aws: InProcessAws, action: Callable[[], object]) -> int:
    """How many writes `action` makes."""
    seen: list[str] = []

    def observe(operation: str, _body: bytes, moment: str) -> None:
        if moment == "before" and operation in WRITES:
            seen.append(operation)

    aws.observers.append(observe)
    try:
        action()
    finally:
        aws.observers.remove(observe)
    return len(seen)


@contextmanager
def cut(aws: InProcessAws, point: int, moment: str) -> Iterator[None]:
    """Inside the block, the write number `point` (from 0) is the last: Cut is raised before or after it."""

    def stop() -> None:
        raise Cut

    with meanwhile(aws, point, stop, moment=moment):
        yield


@contextmanager
def meanwhile(
    aws: InProcessAws, point: int, action: Callable[[], object], *, moment: str = "before"
) -> Iterator[None]:
    """Inside the block, `action` happens once, before or after the write number `point` (from 0)."""
    count = 0
    done = False

    def observe(operation: str, _body: bytes, when: str) -> None:
        nonlocal count, done
        if when != moment or operation not in WRITES or done:
            return
        if count == point:
            done = True
            action()
        count += 1

    aws.observers.append(observe)
    try:
        yield
    finally:
        aws.observers.remove(observe)
