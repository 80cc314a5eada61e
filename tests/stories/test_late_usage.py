"""Usage that arrives in files, some of it too late, told through the public API: nothing is lost and nothing is billed twice."""

import gzip
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from billing.core.clock import SAO_PAULO
from infra.local.demo import base
from infra.local.demo.teller import Teller
from tests.support.aws import InProcessAws
from tests.support.world import World, world

pytestmark = pytest.mark.req("CLO-11", "USE-03", "USE-07", "CHG-10")
MARCH_1 = date(2026, 3, 1)
JOANA = {"kind": "individual", "name": "Joana Prado", "document": "529.982.247-25"}
WORK = {"definition_id": "def_os", "valid_from": "2026-03-01", "category": "work_order"}


class Company:
    """A company with one customer, who prints and uses the cloud."""

    def __init__(self, cloud: World) -> None:
        self.cloud = cloud
        self.teller = Teller(cloud, print)
        self.travel(MARCH_1)
        made = self.teller.made
        profile = made("/payment-profiles", base.SICOOB)["id"]
        name, product, unit, _ = base.CLOUD_ITEMS[0]
        item = {"name": name, "product": product, "unit": unit, "unit_price": "2.00", "valid_from": "2026-03"}
        self.item = made("/items", item)["id"]
        self.customer = made("/customers", JOANA)["id"]
        printing = base.print_contract(MARCH_1, profile, ("eqp_00001",), by_hand=True)
        printing["definitions"].append(WORK)
        self.printing = self.begin(printing)
        self.usage = self.begin(base.cloud_contract(MARCH_1, profile))

    def travel(self, day: date) -> None:
        self.cloud.travel(datetime(day.year, day.month, day.day, 2, tzinfo=SAO_PAULO))

    def begin(self, contract: dict[str, Any]) -> str:
        made = self.teller.made(f"/customers/{self.customer}/contracts", contract)
        path = f"/customers/{self.customer}/contracts/{made['id']}/activation"
        self.teller.put("operacao", path, {"on": "2026-03-01"}, made["version"])
        return str(made["id"])

    def send(self, kind: str, *records: dict[str, Any]) -> tuple[str, str, str]:
        """Accepted, known and refused lines of a file."""
        link = self.teller.made("/usage-imports", {"kind": kind, "format": "jsonl"})
        of_customer = [{"customer_id": self.customer, **record} for record in records]
        self.cloud.upload(link, gzip.compress("\n".join(map(json.dumps, of_customer)).encode()))
        totals = self.teller.get(f"/usage-imports/{link['id']}")["totals"]
        return totals["accepted"], totals["duplicates"], totals["refused"]

    def hours(self, month: str, quantity: str) -> dict[str, Any]:
        return {
            "event_key": f"vm/{month}/{quantity}",
            "month": month,
            "billing_item_id": self.item,
            "quantity": quantity,
        }

    def labour(self, day: str, cost: str) -> dict[str, Any]:
        return {
            "event_key": f"os/{day}",
            "item_id": "eqp_00001",
            "on": day,
            "category": "work_order",
            "subcategory": "labour",
            "quantity": "1",
            "unit_price": cost,
        }

    def pages(self, day: str, mono: str) -> list[dict[str, Any]]:
        meters = {"page_mono": mono, "page_colour": "500"}
        return [
            {"event_key": f"{unit}/{day}", "item_id": "eqp_00001", "unit": unit, "on": day, "value": value}
            for unit, value in meters.items()
        ]

    def simulated(self, month: str) -> dict[str, str]:
        totals = {}
        for contract_id in (self.printing, self.usage):
            request = {"customer_id": self.customer, "contract_id": contract_id, "month": month}
            answer = self.teller.made("/simulations/contracts", request)
            totals[contract_id] = answer["periods"][0]["total"]
        return totals

    def close(self, month: str, day: date) -> dict[str, str]:
        """The frozen totals of a month's closings, by contract."""
        self.travel(day)
        self.teller.run("/runs/closings", {"on": day.isoformat()})
        closings = self.teller.get(f"/closings?month={month}")["items"]
        assert {closing["status"] for closing in closings} == {"frozen"}
        return {closing["contract_id"]: closing["charged"] for closing in closings}

    def lines(self, contract_id: str, month: str) -> dict[str, str]:
        """Amounts of the lines that depend on use, by description."""
        closings = self.teller.get(f"/closings?month={month}")["items"]
        (closing,) = (closing for closing in closings if closing["contract_id"] == contract_id)
        page = self.teller.get(f"/customers/{self.customer}/closings/{closing['id']}/lines")
        return {
            item["line"]["description"]: item["line"]["amount"]
            for item in page["items"]
            if item["line"]["kind"] in {"usage", "transaction"}
        }


def test_late_usage_is_billed_by_the_next_closing_in_lines_of_its_own(
    aws: InProcessAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with world(monkeypatch, tmp_path) as cloud:
        company = Company(cloud)
        company.travel(date(2026, 4, 1))
        events = [company.hours("2026-03", "100"), company.hours("2026-03", "20")]
        assert company.send("usage", *events) == ("2", "0", "0")
        assert company.send("usage", *events) == ("0", "2", "0")
        assert company.send("transactions", company.labour("2026-03-15", "80.00")) == ("1", "0", "0")
        assert company.send("readings", *company.pages("2026-04-01", "2900")) == ("2", "0", "0")

        expected = company.simulated("2026-03")
        march = company.close("2026-03", date(2026, 4, 1))

        assert march == expected == {company.printing: "580.00", company.usage: "240.00"}

        company.travel(date(2026, 4, 20))
        late = [company.hours("2026-03", "7"), company.hours("2026-04", "50")]
        assert company.send("usage", *late) == ("2", "0", "0")
        work = [company.labour("2026-03-30", "45.00"), company.labour("2026-04-02", "30.00")]
        assert company.send("transactions", *work) == ("2", "0", "0")
        company.travel(date(2026, 5, 1))
        company.send("readings", *company.pages("2026-05-01", "4800"))
        expected = company.simulated("2026-04")
        april = company.close("2026-04", date(2026, 5, 1))

        assert april == expected == {company.printing: "575.00", company.usage: "114.00"}
        assert company.lines(company.usage, "2026-04") == {
            base.CLOUD_ITEMS[0][0]: "100.00",
            f"{base.CLOUD_ITEMS[0][0]} (uso de 03/2026)": "14.00",
        }
        assert company.lines(company.printing, "2026-04") == {
            "Mão de obra": "30.00",
            "Mão de obra (uso de 03/2026)": "45.00",
        }

        assert company.send("usage", *late) == ("0", "2", "0")
        assert company.send("transactions", *work) == ("0", "2", "0")
        company.travel(date(2026, 6, 1))
        company.send("readings", *company.pages("2026-06-01", "6700"))
        assert company.close("2026-05", date(2026, 6, 1))[company.usage] == "0.00"
        assert company.simulated("2026-03") == march
