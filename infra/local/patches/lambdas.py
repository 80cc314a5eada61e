"""Lambda in the local cloud: our own worker processes behind the emulator's pool."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import atexit
import hashlib
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import zipfile
from pathlib import Path
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import cloudwatch_logs, lambda_svc

WORKER = Path(__file__).resolve().parent.parent / "worker.py"
_INHERITED_ENVIRONMENT = ("PATH", "HOME", "LANG", "TMPDIR", "MAILBOX_DIR", "FISCAL_AUTHORITY_URL")
_INIT_SECONDS = 60.0
_RECEIVE_BYTES = 1 << 18
MOST_WORKERS = 24
"""How many work at once. Each is a process of some 40 MB with connections of its own; more would only wait for each
other."""
PATIENCE_SECONDS = 20.0
"""How long an invocation waits for its turn before it is throttled; a gateway waits 29 s."""


def run_handlers_in_forked_workers(code_dir: Path, logs_dir: Path) -> None:
    """Every exception is reported as `Runtime.HandlerError` and costs the worker: Catch and Retry by class never match.

    The emulator's own worker also waits 50 ms for stderr in every call that prints nothing, unpacks and compiles
    function and layers for each process, and gives the handler the emulator's whole environment (with its PYTHONPATH,
    so that a file missing from the layer is found all the same).
    """
    workshop = _Workshop(code_dir, logs_dir)
    lambda_runtime._worker_class_for = lambda _config: workshop.worker
    lambda_svc._execute_function_warm = _execute


def keep_logs_in_one_stream_per_version() -> None:
    """Each invocation opens its own log stream: a story of ten thousand calls means ten thousand streams in memory."""
    lambda_svc._emit_lambda_logs = _emit_logs


class _Workshop:
    """Makes workers: the process they are forked from, the folders of unpacked code, the folder of logs."""

    def __init__(self, code_dir: Path, logs_dir: Path) -> None:
        self.code_dir = code_dir
        self.logs_dir = logs_dir
        self._lock = threading.Lock()
        self._control = _start_parent()

    def worker(self, function_name: str, config: dict[str, Any], code_zip: bytes) -> "ForkedWorker":
        return ForkedWorker(self, function_name, config, code_zip)

    def unpack(self, archive: bytes) -> Path:
        """The folder of this archive's files, named after its content: unpacked, and compiled by Python, once."""
        folder = self.code_dir / hashlib.sha256(archive).hexdigest()
        with self._lock:
            if not folder.exists():
                self.code_dir.mkdir(parents=True, exist_ok=True)
                partial = Path(tempfile.mkdtemp(dir=self.code_dir))
                with zipfile.ZipFile(io.BytesIO(archive)) as zipped:
                    zipped.extractall(partial)
                partial.rename(folder)
        return folder

    def fork(self, log: Path) -> socket.socket:
        """A new worker process, as the socket that leads to it; what it prints goes to `log`."""
        ours, theirs = socket.socketpair()
        log.parent.mkdir(parents=True, exist_ok=True)
        with theirs, log.open("ab") as output, self._lock:
            socket.send_fds(self._control, [b"+"], [theirs.fileno(), output.fileno()])
        return ours


def _start_parent() -> socket.socket:
    """The process that forks the workers; it ends when this one does, because the socket closes."""
    ours, theirs = socket.socketpair()
    with theirs:
        parent = subprocess.Popen(
            [sys.executable, "-P", str(WORKER), str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            pass_fds=[theirs.fileno()],
            env=_inherited_environment(),
        )

    def stop() -> None:
        ours.close()
        parent.wait()

    atexit.register(stop)
    return ours


class _ForkedProcess:
    """A worker: lines of JSON both ways, and the methods of `Popen` that the emulator's pool calls."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self._received = b""
        self.pid = 0  # until the worker says it is ready

    def send(self, message: dict[str, Any]) -> None:
        self._channel.settimeout(None)
        self._channel.sendall(json.dumps(message, ensure_ascii=False).encode() + b"\n")

    def receive(self, timeout: float) -> dict[str, Any]:
        """The next line. Raises TimeoutError after so many seconds, ConnectionResetError if the worker is gone."""
        deadline = time.monotonic() + timeout
        chunks = [self._received]
        while b"\n" not in chunks[-1]:
            self._channel.settimeout(max(0.001, deadline - time.monotonic()))
            chunks.append(self._channel.recv(_RECEIVE_BYTES))
            if not chunks[-1]:
                raise ConnectionResetError
        line, _, self._received = b"".join(chunks).partition(b"\n")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def poll(self) -> int | None:
        """None while the worker lives, as its open socket shows."""
        if self._channel.fileno() < 0:
            return 0
        poll = (
            select.poll()
        )  # select() cannot handle descriptors above 1023, which 200 concurrent requests reach
        poll.register(self._channel, select.POLLIN)
        return 0 if poll.poll(0) and not self._channel.recv(1, socket.MSG_PEEK) else None

    def kill(self) -> None:
        if self.poll() is None and self.pid:
            os.kill(self.pid, signal.SIGKILL)
        self._channel.close()

    terminate = kill

    def wait(self, timeout: float | None = None) -> int:  # noqa: ARG002 - the parent of the workers reaps it
        return 0


class ForkedWorker(lambda_runtime.Worker):  # type: ignore[misc]
    """One warm execution environment of one function."""

    def __init__(
        self, workshop: _Workshop, function_name: str, config: dict[str, Any], code_zip: bytes
    ) -> None:
        super().__init__(function_name, config, code_zip)
        self._workshop = workshop
        self._log = workshop.logs_dir / function_name / f"{uuid.uuid4().hex}.log"
        self._log_read = 0

    def _spawn(self) -> None:
        code_dir = self._workshop.unpack(self.code_zip)
        layers = [self._workshop.unpack(archive) for archive in _layer_archives(self.config)]
        process = _ForkedProcess(self._workshop.fork(self._log))
        process.send(
            {
                "code_dir": str(code_dir),
                "import_path": [str(code_dir), *(str(layer / "python") for layer in reversed(layers))],
                "handler": self.config["Handler"],
                "environment": _environment(self.config, code_dir, self._log.stem),
            }
        )
        answer = process.receive(_INIT_SECONDS)
        if "failure" in answer:
            process.kill()
            raise InitFailed(answer["failure"])
        process.pid = answer["ready"]
        self._proc = process

    def invoke(
        self, event: object, request_id: str, *, trace_id: str | None = None, invoked_function_arn: str
    ) -> dict[str, Any]:
        """`{"result": ...}` or `{"failure": {...}}`, always with the `log` of this call."""
        message = {
            "event": event,
            "request_id": request_id,
            "trace_id": trace_id,
            "function_arn": invoked_function_arn,
            "timeout_seconds": float(self.config.get("Timeout", 3)),
        }
        with self._lock:
            try:
                if self._proc is None or self._proc.poll() is not None:
                    self._spawn()
                answer = _call(self._proc, message)
            except InitFailed as error:
                answer = {"failure": error.failure}
            return {**answer, "log": self._new_log()}

    def _new_log(self) -> str:
        """What the worker printed since the last call; it has flushed before it answered."""
        with self._log.open("rb") as log:
            log.seek(self._log_read)
            text = log.read()
        self._log_read += len(text)
        return text.decode(errors="replace")


def _call(process: _ForkedProcess, message: dict[str, Any]) -> dict[str, Any]:
    """The worker's answer, or the failure that Lambda reports for a worker that hangs or dies, which is then killed."""
    try:
        process.send(message)
        return process.receive(message["timeout_seconds"])
    except TimeoutError:
        failure = ("Sandbox.Timedout", f"Task timed out after {message['timeout_seconds']:.2f} seconds")
    except OSError:
        failure = ("Runtime.ExitError", "Runtime exited without providing a reason")
    process.kill()
    return {"failure": {"errorType": failure[0], "errorMessage": failure[1]}}


class InitFailed(Exception):
    """The handler's module could not be imported; `failure` is what Lambda would report."""

    def __init__(self, failure: dict[str, Any]) -> None:
        super().__init__(f"{failure['errorType']}: {failure['errorMessage']}")
        self.failure = failure


_turns = threading.BoundedSemaphore(MOST_WORKERS)


def _execute(function: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
    """Run one invocation when its turn comes, in the form that the emulator expects; throttled if its turn does not
    come."""
    if not _turns.acquire(timeout=PATIENCE_SECONDS):
        return throttled()
    try:
        return _execute_in_worker(function, event, request_id)
    finally:
        _turns.release()


def throttled() -> dict[str, Any]:
    """What the emulator turns into a 429; state machines recognise its class and try again."""
    message = f"Rate Exceeded: {MOST_WORKERS} workers are busy"
    answer: dict[str, Any] = lambda_svc._throttle_response("ConcurrentInvocationLimitExceeded", message)
    answer["body"]["errorType"] = "Lambda.TooManyRequestsException"
    return answer


def _execute_in_worker(function: dict[str, Any], event: object, request_id: str) -> dict[str, Any]:
    config = function["config"]
    worker, _ = lambda_svc.acquire_worker(
        config["FunctionName"], config, function["code_zip"], qualifier=config.get("Version", "$LATEST")
    )
    lambda_svc._ensure_reaper_thread()
    try:
        answer = worker.invoke(
            event,
            request_id,
            trace_id=lambda_svc._xray_trace_id_for_invocation(config),
            invoked_function_arn=config["FunctionArn"],
        )
    finally:
        lambda_svc.release_worker(worker)
    if "failure" in answer:
        return {
            "body": {**answer["failure"], "requestId": request_id},
            "error": True,
            "log": answer["log"],
        }
    return {"body": answer["result"], "log": answer["log"]}


def _layer_archives(config: dict[str, Any]) -> list[bytes]:
    return [
        archive for layer in config.get("Layers", []) if (archive := lambda_svc._resolve_layer_zip(layer))
    ]


def _inherited_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in _INHERITED_ENVIRONMENT if name in os.environ}


def _environment(config: dict[str, Any], code_dir: Path, log_stream: str) -> dict[str, str]:
    """The function's variables and Lambda's own, and none of the emulator's; the clock is in UTC, as on Lambda."""
    _, region = lambda_runtime._account_region_from_function_config(config)
    name = config["FunctionName"]
    return {
        **_inherited_environment(),
        "TZ": "UTC",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{os.environ['GATEWAY_PORT']}",
        **config.get("Environment", {}).get("Variables", {}),
        **lambda_runtime.execution_credentials(config),
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_LAMBDA_FUNCTION_NAME": name,
        "AWS_LAMBDA_FUNCTION_VERSION": config.get("Version", "$LATEST"),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(config.get("MemorySize", 128)),
        "AWS_LAMBDA_LOG_GROUP_NAME": _log_group(config),
        "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
        "LAMBDA_TASK_ROOT": str(code_dir),
        "_HANDLER": config["Handler"],
    }


def _log_group(config: dict[str, Any]) -> str:
    group: str = (config.get("LoggingConfig") or {}).get(
        "LogGroup"
    ) or f"/aws/lambda/{config['FunctionName']}"
    return group


def _emit_logs(
    function: dict[str, Any],
    request_id: str,
    log_text: str,
    error: bool,  # noqa: ARG001 - the emulator's signature
    duration_ms: int,
    *,
    log_source: str | None = None,  # noqa: ARG001
) -> None:
    """Write one invocation's lines to CloudWatch Logs, in the stream of the function's version."""
    config = function.get("config") or function
    version = config.get("Version", "$LATEST")
    now = int(time.time() * 1000)
    group_name, stream_name = _log_group(config), f"[{version}]"
    group = cloudwatch_logs._log_groups.setdefault(group_name, _new_log_group(group_name, now))
    stream = group["streams"].setdefault(stream_name, _new_log_stream(now))
    lines = [
        f"START RequestId: {request_id} Version: {version}",
        *log_text.splitlines(),
        f"END RequestId: {request_id}",
        f"REPORT RequestId: {request_id}\tDuration: {duration_ms} ms",
    ]
    events = [{"timestamp": now, "message": line, "ingestionTime": now} for line in lines]
    cloudwatch_logs._append_log_events(stream, events)
    cloudwatch_logs._fanout_to_subscription_filters(group_name, stream_name, events)


def _new_log_group(name: str, now: int) -> dict[str, Any]:
    return {
        "arn": cloudwatch_logs._make_group_arn(name),
        "creationTime": now,
        "retentionInDays": None,
        "tags": {},
        "subscriptionFilters": {},
        "streams": {},
    }


def _new_log_stream(now: int) -> dict[str, Any]:
    return {
        "events": [],
        "uploadSequenceToken": "1",
        "creationTime": now,
        "firstEventTimestamp": None,
        "lastEventTimestamp": None,
        "lastIngestionTime": None,
    }
