"""What the local cloud keeps when it is stopped, killed, or left alone."""

import contextlib
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import BotoCoreError, ClientError

from infra.local.cloud import HOST, CloudDidNotStart, LocalCloud
from infra.local.deploy import deploy

pytestmark = pytest.mark.slow

ASSEMBLY = Path(__file__).parent / "local" / "two_stacks"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[LocalCloud]:
    with LocalCloud(tmp_path) as running:
        yield running


def restart_after_kill(cloud: LocalCloud) -> Any:
    cloud.kill()
    cloud.start()
    return cloud.client("dynamodb")


def new_table(cloud: LocalCloud, name: str) -> None:
    cloud.client("dynamodb").create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def keys(tables: Any, name: str) -> set[str]:
    pages = tables.get_paginator("scan").paginate(TableName=name)
    return {item["pk"]["S"] for page in pages for item in page["Items"]}


def put(key: str, table: str) -> dict[str, Any]:
    return {"Put": {"TableName": table, "Item": {"pk": {"S": key}}}}


def test_kill_keeps_tables_items_objects_stacks_and_triggers(cloud: LocalCloud) -> None:
    outputs = deploy(cloud, ASSEMBLY)
    table, bucket = outputs["test-data"]["Table"], outputs["test-data"]["Files"]
    cloud.client("dynamodb").put_item(TableName=table, Item={"pk": {"S": "before"}})
    cloud.client("s3").put_object(Bucket=bucket, Key="a.pdf", Body=b"%PDF")
    wait_until(lambda: "seen#before" in keys(cloud.client("dynamodb"), table))
    cloud.save()  # with the position that the stream's reader has reached
    tables = restart_after_kill(cloud)
    assert "before" in keys(tables, table)
    assert cloud.client("s3").get_object(Bucket=bucket, Key="a.pdf")["Body"].read() == b"%PDF"
    assert deploy(cloud, ASSEMBLY) == outputs
    tables.put_item(TableName=table, Item={"pk": {"S": "after"}})
    wait_until(lambda: "seen#after" in keys(tables, table))


def test_kill_keeps_the_users_of_a_moment_ago(cloud: LocalCloud) -> None:
    pool = cloud.client("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]
    cloud.save()
    user = {"UserPoolId": pool, "Username": "ana@aurora.example"}
    cloud.client("cognito-idp").admin_create_user(**user, MessageAction="SUPPRESS")
    cloud.client("cognito-idp").admin_set_user_password(**user, Password="uma-Senha-99!", Permanent=True)
    restart_after_kill(cloud)
    assert cloud.client("cognito-idp").admin_get_user(**user)["UserStatus"] == "CONFIRMED"


def test_kill_in_the_midst_of_transactions_keeps_each_whole_or_not_at_all(cloud: LocalCloud) -> None:
    new_table(cloud, "invoices")
    acknowledged: list[int] = []
    enough = threading.Event()

    def write(first: int) -> None:
        tables = cloud.client("dynamodb")
        for number in range(first, 10_000, 2):
            items = [put(f"{number}-{part}", "invoices") for part in range(20)]
            try:
                tables.transact_write_items(TransactItems=items)
            except (BotoCoreError, ClientError):
                return
            acknowledged.append(number)
            if len(acknowledged) > 20:
                enough.set()

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, 1)]
    for writer in writers:
        writer.start()
    assert enough.wait(30)
    cloud.kill()
    for writer in writers:
        writer.join()
    cloud.start()
    kept = keys(cloud.client("dynamodb"), "invoices")
    numbers = {int(key.split("-")[0]) for key in kept}
    assert kept == {f"{number}-{part}" for number in numbers for part in range(20)}
    assert set(acknowledged) <= numbers


def test_deleted_table_does_not_come_back_after_a_kill(cloud: LocalCloud) -> None:
    new_table(cloud, "invoices")
    tables = cloud.client("dynamodb")
    tables.put_item(TableName="invoices", Item={"pk": {"S": "old"}})
    cloud.save()
    tables.delete_table(TableName="invoices")
    tables = restart_after_kill(cloud)
    assert tables.list_tables()["TableNames"] == []
    new_table(cloud, "invoices")
    tables = restart_after_kill(cloud)
    assert keys(tables, "invoices") == set()


def test_stop_keeps_the_users(cloud: LocalCloud) -> None:
    pool = cloud.client("cognito-idp").create_user_pool(PoolName="users")["UserPool"]["Id"]
    cloud.stop()
    cloud.start()
    pools = cloud.client("cognito-idp").list_user_pools(MaxResults=10)["UserPools"]
    assert [user_pool["Id"] for user_pool in pools] == [pool]


def test_emulator_and_workers_end_with_their_owner(tmp_path: Path) -> None:
    script = (
        "import os, sys; from pathlib import Path\n"
        "from infra.local.cloud import LocalCloud; from infra.local.deploy import deploy\n"
        "cloud = LocalCloud(Path(sys.argv[1])); cloud.start()\n"
        "function = deploy(cloud, Path(sys.argv[2]))['test-app']['Environment']\n"
        "cloud.client('lambda').invoke(FunctionName=function)\n"
        "print(sys.argv[1] in open('/proc/%d/environ' % cloud._process.pid).read())\n"
        "sys.stdout.flush(); os.kill(os.getpid(), 9)\n"
    )
    arguments = [sys.executable, "-c", script, str(tmp_path), str(ASSEMBLY)]
    owner = subprocess.run(arguments, check=False, capture_output=True, text=True)
    assert (owner.returncode, owner.stdout) == (-signal.SIGKILL, "True\n")
    wait_until(lambda: not processes_over(tmp_path))


def processes_over(folder: Path) -> list[str]:
    """Processes that were started with the folder in their environment: emulator, workers and their parent."""
    commands = []
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError, PermissionError):
            if str(folder).encode() in (process / "environ").read_bytes():
                commands.append((process / "cmdline").read_text())
    return commands


def test_port_in_use_is_reported(tmp_path: Path) -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        with pytest.raises(CloudDidNotStart, match=f"port {port} of 127.0.0.1 is already in use"):
            LocalCloud(tmp_path, port=port).start()


def wait_until(is_so: Callable[[], bool], seconds: float = 15) -> None:
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, f"not so within {seconds} s"
        time.sleep(0.02)
