"""The story of the demonstration, in this process: two months, three kinds of company, every total checked."""

from pathlib import Path

import pytest

from billing.core.period import Month
from infra.local.audit import findings
from infra.local.demo import base
from infra.local.demo.people import invent_customers
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller
from tests.support.aws import InProcessAws
from tests.support.world import world


@pytest.mark.req(
    "CLO-01", "CLO-06", "CLO-12", "CON-06", "INV-17", "INV-18", "BNK-04", "BNK-05", "MSG-03", "PAY-08"
)
def test_two_months_of_three_kinds_of_company(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(monkeypatch, tmp_path) as cloud:
        story = Story(Teller(cloud, print), Month("2026-03"))
        story.found()
        story.month(Month("2026-03"))
        story.month(Month("2026-04"))
        assert list(findings()) == []

    assert story.teller.totals.customers == 60
    assert story.teller.totals.invoices == 120


@pytest.mark.req("PLT-03")
def test_month_continues_alongside_what_a_person_entered(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Seen: `make month` failed with a traceback once there was a contract that the story did not know.

    Two contracts: one is billed with the others; the closing of the other waits for a person, who never looks.
    """
    month, said = Month("2026-03"), list[str]()
    with world(monkeypatch, tmp_path) as cloud:
        story = Story(Teller(cloud, said.append, is_alone=False), month)
        story.found()
        stranger, other = list(invent_customers(base.SEED + 1))[:2]
        name = next(iter(base.PLANS))
        plan = base.plan_contract(name, month.first_day, story.profiles["341"])
        printing = base.print_contract(month.first_day, story.profiles["756"], ("eqp_own1",), by_hand=False)
        for person, contract in ((stranger, plan), (other, printing)):
            customer = story.teller.made("/customers", person.data)["id"]
            made = story.teller.made(f"/customers/{customer}/contracts", contract)
            path = f"/customers/{customer}/contracts/{made['id']}"
            kept = story.teller.get(path)
            if kept["state"] == "awaiting_activation":
                story.teller.put(
                    "operacao", f"{path}/activation", {"on": month.first_day.isoformat()}, kept["version"]
                )
        said.clear()

        story.month(month)

        assert list(findings()) == []
    assert [line for line in said if "Diferente" in line] == []
    assert story.teller.totals.settled == 58
