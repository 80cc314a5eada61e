"""`make run` while its emulator dies: it says so, restarts it with the data, and ends if that does not help."""

import os
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from infra.local import watch as watching
from infra.local.cloud import LocalCloud
from infra.local.watch import MOST_DEATHS, KeepsDying, watch


class Dying:
    """An emulator that ends a moment after each start, `deaths` times."""

    def __init__(self, deaths: int, stop: threading.Event) -> None:
        self._left, self._stop = deaths, stop
        self.restarts = 0

    @property
    def exit_code(self) -> int | None:
        if self._left == 0:
            self._stop.set()
            return None
        self._left -= 1
        return -9

    def restart(self) -> None:
        self.restarts += 1


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "_POLL_SECONDS", 0.01)


def test_each_end_is_logged_and_followed_by_a_restart() -> None:
    stop, said = threading.Event(), list[str]()
    cloud = Dying(MOST_DEATHS - 1, stop)

    watch(cloud, stop, said.append)

    assert cloud.restarts == MOST_DEATHS - 1
    assert [line.split(" (")[0] for line in said[::2]] == ["A nuvem local caiu"] * (MOST_DEATHS - 1)


def test_emulator_that_keeps_dying_is_given_up() -> None:
    stop, said = threading.Event(), list[str]()
    cloud = Dying(MOST_DEATHS, stop)

    with pytest.raises(KeepsDying, match="3 vezes em 10 minutos"):
        watch(cloud, stop, said.append)
    assert cloud.restarts == MOST_DEATHS - 1


def test_ends_far_apart_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    cloud = Dying(MOST_DEATHS + 2, stop)
    monkeypatch.setattr(watching, "WITHIN_SECONDS", 0.0)

    watch(cloud, stop, lambda _line: None)

    assert cloud.restarts == MOST_DEATHS + 2


@pytest.mark.slow
def test_killed_emulator_comes_back_with_its_data(tmp_path: Path) -> None:
    stop, said = threading.Event(), list[str]()
    with LocalCloud(tmp_path) as cloud:
        cloud.client("s3").create_bucket(
            Bucket="kept", CreateBucketConfiguration={"LocationConstraint": "sa-east-1"}
        )
        cloud.client("s3").put_object(Bucket="kept", Key="a", Body=b"1")
        cloud.save()
        watcher = threading.Thread(target=watch, args=(cloud, stop, said.append), daemon=True)
        watcher.start()
        assert cloud._process is not None
        os.kill(cloud._process.pid, signal.SIGKILL)
        wait_for(lambda: len(said) == 2)

        assert said[0] == "A nuvem local caiu (código -9)."
        assert cloud.client("s3").get_object(Bucket="kept", Key="a")["Body"].read() == b"1"
        stop.set()
        watcher.join(5)


def wait_for(look: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)
