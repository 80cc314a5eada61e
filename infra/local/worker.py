"""The process that runs Lambda handlers: one parent with the libraries loaded, forked once per worker.

Started by `infra.local.patches.lambdas` as `python -P worker.py FD`. Each byte that the parent reads from the socket FD
carries two descriptors: a worker's own socket and the log for its stdout and stderr. A fork takes about 10 ms and
shares the libraries' memory, while a new interpreter costs half a second and 45 MB.

The child reads its settings from its socket, imports the handler, answers `{"ready": pid}` or `{"failure": {...}}`, and
then one line of JSON per line of JSON until the socket closes.
"""

import contextlib
import functools
import gc
import importlib
import json
import os
import signal
import socket
import sys
import time
import traceback
from types import SimpleNamespace
from typing import Any, NoReturn

PRELOADED = (
    "boto3",
    "pydantic.json_schema",  # pydantic loads its own parts only when they are first used
    "pydantic.type_adapter",
    "pydantic.types",
    "pynamodb.transactions",
    "aws_lambda_powertools.event_handler.middlewares.openapi_validation",
)
"""Third-party modules that most functions load; never our own, which change between deployments."""
SERVICES = ("dynamodb", "s3", "stepfunctions")
"""The AWS services that most functions call."""


def serve_forks(control: socket.socket) -> None:
    """Fork a worker per request until the emulator closes the socket."""
    for name in PRELOADED:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    read_descriptions_of_services()
    gc.freeze()  # so that a collection in a worker does not touch, and so copy, the shared memory
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel reaps the workers
    while True:
        request, descriptors, _, _ = socket.recv_fds(control, 1, 2)
        if not request:
            return
        if os.fork() == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            control.close()
            run_worker(*descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def read_descriptions_of_services() -> None:
    """botocore reads megabytes of JSON for each client in a process, which takes a tenth of a second or two: read them
    once, for all forks."""
    import botocore.session

    botocore.session.create_loader = functools.cache(botocore.session.create_loader)
    reader = botocore.session.Session()
    reader.set_credentials("-", "-")
    for service in SERVICES:
        reader.create_client(service, "sa-east-1")


def run_worker(channel_fd: int, log_fd: int) -> NoReturn:
    """Become the function that the first line on the channel describes, and answer its invocations."""
    for standard_fd in (1, 2):
        os.dup2(log_fd, standard_fd)
    os.close(log_fd)
    with socket.socket(fileno=channel_fd) as channel, channel.makefile("rb") as lines:
        settings = json.loads(lines.readline())
        os.environ.clear()
        os.environ.update(settings["environment"])
        time.tzset()
        os.chdir(settings["code_dir"])
        sys.path[:0] = settings["import_path"]
        handler, failure = _load(settings["handler"])
        channel.sendall(_line({"ready": os.getpid()} if handler else {"failure": failure}))
        if handler:
            for line in lines:
                channel.sendall(_invoke(handler, json.loads(line)))
    os._exit(0)  # the parent's exit handlers must not run here


def _load(name: str) -> tuple[Any, dict[str, Any] | None]:
    """The handler called `package.module.function`, or why it cannot be loaded."""
    module_name, _, function_name = name.replace("/", ".").rpartition(".")
    try:
        return getattr(importlib.import_module(module_name), function_name), None
    except ImportError as error:
        return None, _failure(error, "Runtime.ImportModuleError")
    except AttributeError as error:
        return None, _failure(error, "Runtime.HandlerNotFound")
    except Exception as error:  # noqa: BLE001 - whatever the module raises is the answer
        return None, _failure(error)


def _invoke(handler: Any, message: dict[str, Any]) -> bytes:
    """Call the handler and write its answer, which must be JSON, or its exception on one line."""
    if message["trace_id"]:
        os.environ["_X_AMZN_TRACE_ID"] = message["trace_id"]
    try:
        return _line({"result": handler(message["event"], _context(message))})
    except Exception as error:  # noqa: BLE001 - an exception is an answer too
        return _line({"failure": _failure(error)})
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def _context(message: dict[str, Any]) -> SimpleNamespace:
    """What Lambda passes as the second argument."""
    deadline = time.monotonic() + message["timeout_seconds"]
    return SimpleNamespace(
        function_name=os.environ["AWS_LAMBDA_FUNCTION_NAME"],
        function_version=os.environ["AWS_LAMBDA_FUNCTION_VERSION"],
        memory_limit_in_mb=int(os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]),
        invoked_function_arn=message["function_arn"],
        aws_request_id=message["request_id"],
        log_group_name=os.environ["AWS_LAMBDA_LOG_GROUP_NAME"],
        log_stream_name=os.environ["AWS_LAMBDA_LOG_STREAM_NAME"],
        identity=None,
        client_context=None,
        get_remaining_time_in_millis=lambda: max(0, int((deadline - time.monotonic()) * 1000)),
    )


def _failure(error: Exception, error_type: str | None = None) -> dict[str, Any]:
    """An exception in the form that Lambda reports; Step Functions matches `errorType` in Retry and Catch."""
    traceback.print_exception(error)
    return {
        "errorMessage": str(error),
        "errorType": error_type or type(error).__name__,
        "stackTrace": traceback.format_tb(error.__traceback__),
    }


def _line(answer: dict[str, Any]) -> bytes:
    return json.dumps(answer, ensure_ascii=False).encode() + b"\n"


if __name__ == "__main__":
    serve_forks(socket.socket(fileno=int(sys.argv[1])))
