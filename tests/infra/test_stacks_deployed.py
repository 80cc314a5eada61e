"""The stacks in the local cloud, each function with the grants of its line and no others."""

import base64
import hmac
import json
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count
from typing import Any

import boto3
import pytest
import urllib3
from botocore.config import Config
from botocore.exceptions import ClientError

from billing.access.model import Profile
from billing.access.tenants import SecondFactorWaiver, Tenant
from billing.core.files import Folder
from billing.core.table import Table
from billing.customers.company import Company
from billing.customers.company_store import company_row
from billing.members.model import Member
from billing.members.store import Listing, listing_row, member_row, tenant_row
from billing.runs.kinds import RunKind
from infra.constructs.routes import routes_of
from infra.function import Function
from infra.functions import API_FUNCTIONS, REDRIVE, START_SCHEDULED
from infra.local.cloud import REGION, LocalCloud
from infra.local.deploy import deploy
from infra.local.people import COMPANY
from infra.local.synth import synthesise
from infra.names import pascal_case

pytestmark = [pytest.mark.slow, pytest.mark.req("PLT-01", "PLT-03")]

PASSWORD = "Senha-forte-123"
SINCE = datetime(2026, 1, 1, tzinfo=UTC)


class Deployed:
    """The running cloud with the stacks, a tenant and its administrator."""

    def __init__(self, cloud: LocalCloud) -> None:
        self.cloud = cloud
        self.outputs = deploy(cloud, synthesise())
        self._keys = count(1)
        self.ana = self._sign_up("ana@example.com")
        waiver = SecondFactorWaiver(reason="Ensaio", decided_by="usr_0", decided_at=SINCE)
        self.tenant = Tenant(
            id="ten_alfa", name="Alfa", company_ids=("com_alfa",), second_factor_waiver=waiver
        )
        self.put(tenant_row(self.tenant))
        company = Company.model_validate({**COMPANY, "id": "com_alfa"})
        self.put(company_row("ten_alfa", company), "CustomersTableName")
        self.put(
            member_row(
                Member(
                    user_id=self.ana,
                    tenant_id="ten_alfa",
                    name="Ana",
                    email="ana@example.com",
                    profile=Profile.ADMINISTRADOR,
                    company_ids=("com_alfa",),
                    since=SINCE,
                )
            )
        )
        self.put(listing_row("ten_alfa", Listing(user_id=self.ana)))
        self.token = self.sign_in("ana@example.com")

    def put(self, row: Table, table: str = "PlatformTableName") -> None:
        row.version = 1
        name = self.outputs["MensalData"][table]
        self.cloud.client("dynamodb").put_item(TableName=name, Item=row.serialize())

    @property
    def pool(self) -> str:
        return self.outputs["MensalIdentity"]["UserPoolId"]

    def _sign_up(self, email: str) -> str:
        cognito = self.cloud.client("cognito-idp")
        made = cognito.admin_create_user(
            UserPoolId=self.pool,
            Username=email,
            UserAttributes=[{"Name": "email", "Value": email}],
            MessageAction="SUPPRESS",
        )
        self.set_password(email)
        return next(a["Value"] for a in made["User"]["Attributes"] if a["Name"] == "sub")

    def set_password(self, email: str) -> None:
        self.cloud.client("cognito-idp").admin_set_user_password(
            UserPoolId=self.pool, Username=email, Password=PASSWORD, Permanent=True
        )

    def sign_in(self, email: str, secret: str | None = None) -> str:
        """The access token; with the authenticator's `secret` if one is required."""
        cognito = self.cloud.client("cognito-idp")
        answer = cognito.initiate_auth(
            ClientId=self.outputs["MensalIdentity"]["UserPoolClientId"],
            AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": email, "PASSWORD": PASSWORD},
        )
        if secret is not None:
            answer = cognito.respond_to_auth_challenge(
                ClientId=self.outputs["MensalIdentity"]["UserPoolClientId"],
                ChallengeName=answer["ChallengeName"],
                Session=answer["Session"],
                ChallengeResponses={"USERNAME": email, "SOFTWARE_TOKEN_MFA_CODE": code_of(secret)},
            )
        token: str = answer["AuthenticationResult"]["AccessToken"]
        return token

    def request(
        self, method: str, path: str, body: Any = None, *, token: str | None = None, version: int = 1
    ) -> tuple[int, Any]:
        headers = {
            "authorization": f"Bearer {token or self.token}",
            "content-type": "application/json",
            "idempotency-key": f"key-{next(self._keys):08d}",
            "if-match": f'"{version}"',
        }
        api = self.cloud.api_url(self.outputs["MensalApi"]["ApiId"])
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"{api}{path}", method=method, headers=headers, data=data)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.loads(error.read())

    def name_of(self, function: Function) -> str:
        """Its physical name, given by the deployment."""
        pages = self.cloud.client("lambda").get_paginator("list_functions").paginate()
        (name,) = [
            one["FunctionName"]
            for page in pages
            for one in page["Functions"]
            if one["Handler"] == function.handler
        ]
        return str(name)

    def invoke(self, function: Function, event: dict[str, Any], *, wait: bool = True) -> Any:
        answer = self.cloud.client("lambda").invoke(
            FunctionName=self.name_of(function),
            InvocationType="RequestResponse" if wait else "Event",
            Payload=json.dumps(event).encode(),
        )
        assert "FunctionError" not in answer, answer["Payload"].read()
        return json.loads(answer["Payload"].read() or "null")

    def client_as(self, function: Function, service: str) -> Any:
        """A client with the credentials of the function's role."""
        name = self.name_of(function)
        role = self.cloud.client("lambda").get_function_configuration(FunctionName=name)["Role"]
        given = self.cloud.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
        return boto3.client(
            service,
            endpoint_url=self.cloud.endpoint,
            region_name=REGION,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
            config=Config(s3={"addressing_style": "path"}),
        )

    def waiting_letters(self) -> int:
        attributes = self.cloud.client("sqs").get_queue_attributes(
            QueueUrl=self.outputs["MensalProcesses"]["DeadLettersUrl"],
            AttributeNames=["ApproximateNumberOfMessages"],
        )
        return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


def code_of(secret: str) -> str:
    """What an authenticator shows now: RFC 6238, section 4, with six digits and 30 s."""
    digest = hmac.digest(base64.b32decode(secret), int(time.time() // 30).to_bytes(8), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06d}"


def wait_for(look: Callable[[], Any], seconds: float = 30) -> Any:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if value := look():
            return value
        time.sleep(0.1)
    raise AssertionError(f"not within {seconds} s")


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with LocalCloud(tmp_path_factory.mktemp("stacks"), enforce_grants=True, wait_scale=0) as cloud:
        yield Deployed(cloud)


@pytest.mark.req("SEC-01")
def test_access_token_carries_what_the_membership_says(deployed: Deployed) -> None:
    claims = json.loads(base64.urlsafe_b64decode(deployed.token.split(".")[1] + "==="))

    assert {name: claims[name] for name in ("token_use", "tenant", "profiles", "companies")} == {
        "token_use": "access",
        "tenant": "ten_alfa",
        "profiles": "administrador",
        "companies": "com_alfa",
    }
    assert deployed.request("GET", "/me")[1]["name"] == "Ana"


@pytest.mark.req("SEC-07")
def test_who_moves_money_registers_an_authenticator_and_signs_in_with_it(deployed: Deployed) -> None:
    email, cognito = "fabio@example.com", deployed.cloud.client("cognito-idp")
    fabio = {"name": "Fábio", "email": email, "profile_ids": ["financeiro"], "company_ids": ["com_gama"]}
    user_id = deployed._sign_up(email)
    tenant = Tenant(id="ten_gama", name="Gama", company_ids=("com_gama",))
    member = Member(user_id=user_id, tenant_id="ten_gama", since=SINCE, **fabio)
    deployed.put(tenant_row(tenant))
    deployed.put(member_row(member))
    deployed.put(listing_row("ten_gama", Listing(user_id=user_id)))
    token = deployed.sign_in(email)

    assert deployed.request("GET", "/companies", token=token)[1]["code"] == "access.second_factor"
    assert deployed.request("GET", "/me", token=token)[1]["name"] == "Fábio"

    secret = register_authenticator(deployed, token)
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.get_user(AccessToken=token)  # the session of the password alone has ended
    assert deployed.request("GET", "/companies", token=deployed.sign_in(email, secret))[0] == 200


@pytest.mark.req("SEC-07")
def test_lost_authenticator_is_taken_off_by_an_administrator(deployed: Deployed) -> None:
    email = "lia@example.com"
    lia = {"name": "Lia", "email": email, "profile_ids": ["consulta"], "company_ids": ["com_alfa"]}
    user_id = deployed.request("POST", "/members", lia)[1]["user_id"]
    deployed.set_password(email)
    token = deployed.sign_in(email)
    register_authenticator(deployed, token)
    factor = f"/members/{user_id}/second-factor"

    version = next(
        m["version"] for m in deployed.request("GET", "/members")[1]["items"] if m["name"] == "Lia"
    )
    assert deployed.request("DELETE", factor, version=version)[0] == 200

    assert deployed.request("GET", "/me/second-factor", token=deployed.sign_in(email))[1] == {
        "is_registered": False,
        "is_required": False,
    }


def register_authenticator(deployed: Deployed, token: str) -> str:
    """Through our API, as the console does; returns the secret."""
    root = "/me/second-factor"
    secret: str = deployed.request("POST", root, token=token)[1]["secret"]
    right = {"code": code_of(secret)}
    wrong = {"code": f"{(int(right['code']) + 1) % 1_000_000:06d}"}
    assert (
        deployed.request("POST", f"{root}/confirmation", wrong, token=token)[1]["code"]
        == "second_factor.code"
    )
    assert deployed.request("POST", f"{root}/confirmation", right, token=token)[0] == 200
    return secret


@pytest.mark.req("SEC-07")
def test_removed_person_is_signed_out(deployed: Deployed) -> None:
    email = "rui@example.com"
    rui = {"name": "Rui", "email": email, "profile_ids": ["consulta"], "company_ids": ["com_alfa"]}
    user_id = deployed.request("POST", "/members", rui)[1]["user_id"]
    deployed.set_password(email)
    token = deployed.sign_in(email)
    cognito = deployed.cloud.client("cognito-idp")
    assert cognito.get_user(AccessToken=token)["Username"]

    status, _ = deployed.request("DELETE", f"/members/{user_id}", version=1)

    assert status == 200
    with pytest.raises(cognito.exceptions.NotAuthorizedException):
        cognito.get_user(AccessToken=token)


@pytest.mark.req("SEC-01")
def test_request_without_a_token_of_ours_goes_no_further(deployed: Deployed) -> None:
    head, _, signature = deployed.token.rpartition(".")

    assert deployed.request("GET", "/me", token=f"{head}.{signature[::-1]}")[0] == 401


@pytest.mark.req("SEC-01")
def test_invited_person_signs_in_with_the_rights_given(deployed: Deployed) -> None:
    caio = {
        "name": "Caio",
        "email": "caio@example.com",
        "profile_ids": ["consulta"],
        "company_ids": ["com_alfa"],
    }
    assert deployed.request("POST", "/members", caio)[0] == 201
    deployed.set_password("caio@example.com")

    token = deployed.sign_in("caio@example.com")

    assert deployed.request("GET", "/me", token=token)[1]["profile_ids"] == ["consulta"]
    assert deployed.request("GET", "/members", token=token)[1]["code"] == "access.denied"


@pytest.mark.parametrize("function", API_FUNCTIONS, ids=lambda function: function.name)
def test_api_function_reads_what_its_routes_read(deployed: Deployed, function: Function) -> None:
    """There is nothing to be found; a missing grant or module would be the gateway's 500 or 502."""
    reads = [route.path for route in routes_of(function) if route.method == "GET"]
    answers = {path: deployed.request("GET", re.sub(r"\{\w+\}", "abc_00000000", path)) for path in reads}

    assert {path: answer for path, answer in answers.items() if answer[0] >= 500} == {}


@pytest.mark.req("PLT-04")
@pytest.mark.parametrize("kind", [RunKind.MONTHLY_CLOSING, RunKind.BILLING_RUN])
def test_scheduled_run_without_work_is_done(deployed: Deployed, kind: RunKind) -> None:
    started = deployed.invoke(START_SCHEDULED, {"kind": kind, "time": "2026-03-10T04:00:00Z"})
    mine = [run for run in started["runs"] if deployed.request("GET", f"/runs/{run}")[0] == 200]
    (run_id,) = mine  # other tests created bases besides this one
    states = deployed.cloud.client("stepfunctions")
    machine = deployed.outputs["MensalProcesses"][f"{pascal_case(kind)}Arn"]

    def ended() -> Any:
        listed = states.list_executions(stateMachineArn=machine)["executions"]
        return [e["status"] for e in listed if e["name"].startswith(run_id) and e["status"] != "RUNNING"]

    assert wait_for(ended) == ["SUCCEEDED"]
    run = deployed.request("GET", f"/runs/{run_id}")[1]
    assert (run["status"], run["chunks"], run["parked"]) == ("done", 0, 0)


def send(form: dict[str, Any], data: bytes) -> int:
    """Send a file by the form that the API gave; returns S3's status."""
    answer = urllib3.request("POST", form["url"], fields={**form["fields"], "file": ("a.ret", data)})
    return answer.status


@pytest.mark.req("SEC-04")
def test_form_takes_no_larger_file_no_other_key_and_no_other_type(deployed: Deployed) -> None:
    form = deployed.request("POST", "/bank-returns")[1]
    fields = form["fields"]

    assert send(form, b"x" * 20_000_001) == 400
    assert send({**form, "fields": {**fields, "key": "runs/ten_aurora/x"}}, b"x") == 403
    assert send({**form, "fields": {**fields, "Content-Type": "text/html"}}, b"x") == 403


@pytest.mark.req("SEC-04")
def test_bucket_takes_no_file_outside_the_signers_folders(deployed: Deployed) -> None:
    """The usage function cannot sign for returns, nor any function for a bank's channel."""
    (usage,) = [function for function in API_FUNCTIONS if function.name == "usage"]
    s3 = deployed.client_as(usage, "s3")
    bucket = deployed.outputs["MensalData"]["FilesBucketName"]
    s3.put_object(Bucket=bucket, Key=Folder.UPLOADED_USAGE.key("ten_alfa", "x"), Body=b"1")

    for folder in set(Folder) - {Folder.UPLOADED_USAGE}:
        with pytest.raises(ClientError, match="AccessDenied"):
            s3.put_object(Bucket=bucket, Key=folder.key("ten_alfa", "x"), Body=b"1")


@pytest.mark.req("BNK-05")
def test_uploaded_file_that_is_not_a_return_fails_its_run_with_the_errors_name(deployed: Deployed) -> None:
    link = deployed.request("POST", "/bank-returns")[1]
    assert send(link, b"nada de CNAB") == 204

    def failed() -> Any:
        runs = deployed.request("GET", "/runs")[1]["items"]
        return [run for run in runs if run["kind"] == "bank_return" and run["status"] == "failed"]

    (run,) = wait_for(failed)
    assert run["failure"] == "InvalidReturn"


def test_event_that_fails_is_kept_and_redriven(deployed: Deployed) -> None:
    deployed.invoke(START_SCHEDULED, {"kind": "lunar_eclipse", "time": "2026-03-10T04:00:00Z"}, wait=False)
    wait_for(lambda: deployed.waiting_letters() == 1)

    assert deployed.invoke(REDRIVE, {}) == {"redriven": 1, "left": 0}

    wait_for(lambda: deployed.waiting_letters() == 1)  # its cause was not corrected: it is back


def test_no_function_was_refused_what_it_asked_for(deployed: Deployed) -> None:
    """Last: what the handlers of all tests above logged."""
    refused = [
        (name, line)
        for name, text in deployed.cloud.handler_logs()
        for line in text.splitlines()
        if "AccessDenied" in line or "not authorized" in line
    ]

    assert refused == []
