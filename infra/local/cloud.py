"""The whole cloud on this machine: `with LocalCloud(folder) as cloud: cloud.client("s3")`.

An emulator of AWS (ministack, corrected by `infra.local.patches`) runs as a child process on the loopback interface.
Tables, files, stacks and users are kept in the folder and survive a stop; tables and files survive even a `kill -9`.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import boto3
from botocore.config import Config

from billing.adapters.sandbox_authority.server import AuthorityServer
from infra.local.authority import authority_beside

HOST = "127.0.0.1"
REGION = "sa-east-1"
ACCOUNT = "000000000000"

_ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 60.0
_STOP_SECONDS = 15.0
_SAVE_SECONDS = 60.0
_POLL_SECONDS = 0.05


class CloudDidNotStart(RuntimeError):
    """The port is taken, or the emulator ended or did not answer; in those two cases the message ends with its log."""


def answers(port: int) -> bool:
    """Whether some program listens at the loopback's port."""
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


class LocalCloud:
    """A local cloud kept in a folder; used as a context manager, or with `start` and `stop`."""

    def __init__(
        self,
        state_dir: Path,
        *,
        port: int | None = None,
        enforce_grants: bool = False,
        wait_scale: float = 1.0,
        server: str = "infra.local.server",
    ) -> None:
        """`port` is chosen if not given; `enforce_grants` refuses what a function's role does not allow; `wait_scale`
        multiplies the waits and retry intervals of state machines; `server` is the module that its process runs."""
        self.state_dir = state_dir.resolve()
        self.port = port or _free_port()
        self._enforce_grants = enforce_grants
        self._wait_scale = wait_scale
        self._server = server
        self._session = boto3.Session(ACCOUNT, "test", region_name=REGION)
        self._clients: dict[str, Any] = {}
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self.authority: AuthorityServer | None = None
        """The tax authority's stand-in, while the cloud runs."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def endpoint(self) -> str:
        """The address of every AWS service."""
        return f"http://{HOST}:{self.port}"

    @property
    def is_up(self) -> bool:
        """Whether a cloud, this one or another process's, answers at the port."""
        return answers(self.port)

    @property
    def exit_code(self) -> int | None:
        """The exit code of this process's emulator if it ended by itself, negative if a signal ended it; None while it
        runs."""
        return self._process.poll() if self._process is not None else None

    @property
    def logs_dir(self) -> Path:
        """One folder per function, with one file per worker of everything that its handlers printed."""
        return self.state_dir / "logs"

    @property
    def emulator_log(self) -> Path:
        return self.state_dir / "emulator.log"

    @property
    def mailbox_dir(self) -> Path:
        """Where e-mails (.eml) and SMS (.txt) are kept."""
        return self.state_dir / "mailbox"

    def api_url(self, api_id: str) -> str:
        """The address of an HTTP API's default stage, without a final slash."""
        return f"{self.endpoint}/_aws/execute-api/{api_id}"

    def client(self, service: str) -> Any:
        """A boto3 client of the account's owner, who is restricted by no grant."""
        if service not in self._clients:
            config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, read_timeout=120)
            self._clients[service] = self._session.client(service, endpoint_url=self.endpoint, config=config)
        return self._clients[service]

    def start(self) -> None:
        """Start the emulator with what the folder holds, and return once it answers."""
        if self.is_up:
            raise CloudDidNotStart(f"port {self.port} of {HOST} is already in use")
        temporary = self.state_dir / "tmp"
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir(parents=True)
        self.authority = authority_beside(self.client("dynamodb"), self.state_dir / "authority")
        self.authority.__enter__()
        self._control, theirs = socket.socketpair()
        with theirs, self.emulator_log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", self._server, str(self.state_dir), str(theirs.fileno())],
                cwd=_ROOT,
                env=self._environment(temporary),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl-C goes to the owner, which stops it
            )
        self._wait_until_healthy(self._process)

    def save(self) -> None:
        """Write stacks, functions and users to disk now; tables and files always are."""
        if self._control is None:
            raise RuntimeError("the cloud is not running")
        self._control.settimeout(_SAVE_SECONDS)
        self._control.sendall(b"save\n")
        if self._control.recv(16) != b"saved\n":
            raise ConnectionError("the emulator ended while saving")

    def stop(self) -> None:
        """Save everything and end the emulator and its workers."""
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
        self._close()

    def kill(self) -> None:
        """End the emulator as a power cut would (SIGKILL), for tests of what survives."""
        if self._process is not None:
            self._process.kill()
        self._close()

    def restart(self) -> None:
        """Start the emulator again after it ended by itself, at the same address."""
        self._close()
        self.start()

    def handler_logs(self) -> Iterator[tuple[str, str]]:
        """Function name and text, for every worker that ever ran in this folder."""
        for path in sorted(self.logs_dir.glob("*/*.log")):
            yield path.parent.name, path.read_text(encoding="utf-8", errors="replace")

    def _close(self) -> None:
        if self.authority is not None:
            self.authority.__exit__(None, None, None)
            self.authority = None
        for client in self._clients.values():
            client.close()
        self._clients.clear()
        if self._process is not None:
            self._process.wait()
            self._process = None
        if self._control is not None:
            self._control.close()
            self._control = None

    def _environment(self, temporary: Path) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
        return {
            **inherited,
            "PYTHONPATH": str(_ROOT),
            "TMPDIR": str(temporary),
            "BIND_HOST": HOST,
            "GATEWAY_PORT": str(self.port),
            "MINISTACK_HOST": "localhost",
            "MINISTACK_REGION": REGION,
            "MINISTACK_ACCOUNT_ID": ACCOUNT,
            "MINISTACK_COGNITO_PRETOKEN_STRICT": "1",
            "AUTH": "true" if self._enforce_grants else "false",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(self.state_dir / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(self.state_dir / "objects"),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "MAILBOX_DIR": str(self.mailbox_dir),
            **({"FISCAL_AUTHORITY_URL": self.authority.url} if self.authority is not None else {}),
            "LAMBDA_WARM_TTL_SECONDS": "60",
            "LAMBDA_ACCOUNT_CONCURRENCY": "0",  # our own workers have a limit, with a queue in front of it
            "SFN_WAIT_SCALE": str(self._wait_scale),
            "LOG_LEVEL": "WARNING",
        }

    def _wait_until_healthy(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.endpoint}/_ministack/ready", timeout=5):  # noqa: S310 - loopback
                    return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                time.sleep(_POLL_SECONDS)
        self.kill()
        tail = self.emulator_log.read_text(encoding="utf-8", errors="replace")[-4000:]
        raise CloudDidNotStart(f"the local cloud did not start on {self.endpoint}:\n{tail}")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port
