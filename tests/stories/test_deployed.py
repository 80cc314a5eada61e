"""The story on the deployed template: real state machines, sign-in and role grants, and the power cut in every run.

One month. Each run is started, the emulator is killed (SIGKILL) a moment later and started again over what it kept,
and the run is started again; the story's own checks say that nothing was lost or made twice.
"""

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from billing.core.br import cnpj, cpf
from billing.core.period import Month
from infra.local.cloud import LocalCloud
from infra.local.demo.base import SEED
from infra.local.demo.cloud import Answer, DeployedCloud
from infra.local.demo.people import invent_customers
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller, Totals
from infra.local.deploy import deploy
from infra.local.people import settle_people
from infra.local.synth import synthesise

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("deployed")]
MONTH = Month("2026-03")
CUT_AFTER_S = (0.05, 0.4, 0.9, 0.2, 0.6)


class CutCloud(DeployedCloud):
    """Kills the emulator a moment after each run is started, brings it back, and starts the run again."""

    cuts = 0

    def request(
        self,
        who: str,
        method: str,
        path: str,
        body: object = None,
        *,
        version: int | None = None,
        key: str | None = None,
    ) -> Answer:
        answer = super().request(who, method, path, body, version=version, key=key)
        if method == "POST" and re.fullmatch(r"/runs/[a-z]+", path) and answer.status == 202:
            time.sleep(CUT_AFTER_S[self.cuts % len(CUT_AFTER_S)])
            self.cuts += 1
            self.cut()
            return super().request(who, "POST", f"/runs/{answer.body['id']}/start-again")
        return answer

    def cut(self) -> None:
        self._cloud.kill()
        self._cloud.start()
        self._http.clear()


@dataclass
class Lived:
    totals: Totals
    cloud: LocalCloud
    deployed: CutCloud
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    said: list[str] = []
    with LocalCloud(tmp_path_factory.mktemp("deployed"), enforce_grants=True) as cloud:
        outputs = deploy(cloud, synthesise())
        deployed = CutCloud(cloud, outputs, settle_people(cloud, outputs))
        cloud.save()
        teller = Teller(deployed, said.append)
        story = Story(teller, MONTH)
        story.found()
        cloud.save()
        story.month(MONTH)
        yield Lived(teller.totals, cloud, deployed, said)


@pytest.mark.req("PLT-01", "PLT-03", "PLT-04", "CLO-06", "INV-17", "BNK-04", "BNK-05", "MSG-03", "PAY-08")
def test_month_with_the_power_cut_in_every_run_comes_to_the_same(lived: Lived) -> None:
    assert lived.deployed.cuts == 5
    assert (lived.totals.closings, lived.totals.invoices, lived.totals.boletos) == (60, 60, 60)
    assert lived.totals.settled == 58


@pytest.mark.req("SEC-03")
def test_logs_of_the_month_carry_no_personal_data(lived: Lived) -> None:
    logs = "\n".join(text for _, text in lived.cloud.handler_logs())
    assert "billing_run" in logs or "bill_chunk" in logs
    leaked = [fact for person in invent_customers(SEED) for fact in _facts(person.data) if fact in logs]
    assert leaked == []


@pytest.mark.req("MSG-03", "INV-04")
def test_every_invoice_went_out_with_its_pdf(lived: Lived) -> None:
    letters = list(Path(lived.cloud.mailbox_dir).rglob("*.eml"))

    assert len(letters) >= 60
    assert all(b"application/pdf" in letter.read_bytes() for letter in letters)


def _facts(data: dict[str, object]) -> list[str]:
    document = str(data["document"])
    formatted = cpf.format(document) if len(document) == 11 else cnpj.format(document)
    return [str(data["name"]), document, formatted, *map(str, data["emails"]), *map(str, data["phones"])]  # type: ignore[call-overload]
