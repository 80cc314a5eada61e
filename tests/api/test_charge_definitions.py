"""What charge definitions bill, shown through the API alone: contract, usage, closing, lines (CHG-01..CHG-08)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from billing.core.clock import FixedClock
from billing.entry import wiring
from functions.simulations.api import handler as simulations
from functions.usage.api import handler as usage
from tests.api.test_contracts import MONTHLY, Office
from tests.support.aws import InProcessAws
from tests.support.closings_api import handler as closings
from tests.support.http import Client

FEBRUARY_1, MARCH_1, APRIL_1, MAY_1 = (date(2026, month, 1) for month in (2, 3, 4, 5))
BILL = {"source": "Edifício", "month": "2026-01", "amount": "1000.00", "consumption": "3000", "area": "400"}
TIERS = [{"up_to": "100", "unit_amount": "0.50", "flat": "10.00"}, {"unit_amount": "0.40"}]
BLOCKS = [{"size": "10", "max": 2, "price": "5"}, {"size": "50", "max": -1, "price": "20"}]
BANDS = [{"up_to": "100", "fee": "30"}, {"up_to": "200", "fee": "50"}]
FRANCHISE = {"kind": "allowance", "allowance": "100", "fee": "275.00", "excess_price": "0.05"}


def definition(name: str, **fields: Any) -> dict[str, Any]:
    return {"definition_id": f"def_{name}", "valid_from": "2025-01-01", "category": "usage", **fields}


def vehicle(name: str, **fields: Any) -> dict[str, Any]:
    return {
        "id": f"eqp_{name}0001",
        "description": name,
        "kind": "vehicle",
        "joined_on": "2026-01-01",
        **fields,
    }


KM = {"meters": [{"unit": "km", "initial": "0"}]}


class Story:
    """A contract from January on, closed month by month by a person."""

    def __init__(self, office: Office, patch: pytest.MonkeyPatch) -> None:
        self.office, self._patch = office, patch
        self.usage = Client(usage, companies=office.company)
        self.closings = Client(closings, companies=office.company)
        self.root = f"/customers/{office.customer}"

    def begin(self, on: str = "2026-01-01", **terms: Any) -> str:
        made = self.office.add(mode="closing", starts_on="2026-01-01", **terms)
        assert made.status == 201, made.body
        path = f"{self.office.path}/{made.body['id']}"
        assert self.closings.put(f"{path}/activation", {"on": on}, version=1).status == 200
        return path

    def today(self, day: date) -> None:
        noon = datetime(day.year, day.month, day.day, 15, tzinfo=UTC)
        self._patch.setattr(wiring, "clock", lambda: FixedClock(noon))

    def close(self, day: date) -> list[tuple[str, str]]:
        """The lines of the open closing, computed and frozen on the day; those that are not billed are in
        parentheses."""
        self.today(day)
        listed = self.closings.get(f"{self.root}/closings").body["items"]
        path = f"{self.root}/closings/{next(closing['id'] for closing in listed if closing['status'] != 'frozen')}"
        computed = self.closings.post(f"{path}/computations").body
        lines = [line["line"] for line in self.closings.get(f"{path}/lines").body["items"]]
        frozen = self.closings.put(f"{path}/freeze", {"confirm": True}, version=computed["version"])
        assert frozen.status == 200, frozen.body
        return sorted(
            (line["description"], line["amount"] if line["billed"] else f"({line['amount']})")
            for line in lines
        )

    def read(self, on: date, value: str, unit: str = "km", item: str = "eqp_carro0001") -> None:
        reading = {"item_id": item, "unit": unit, "on": on.isoformat(), "value": value}
        assert self.usage.post(f"{self.root}/readings", reading).status == 201

    def send(self, **transactions: dict[str, Any]) -> None:
        shared = {"customer_id": self.office.customer, "on": "2026-01-15", "category": "work_order"}
        batch = [{**shared, "event_key": key, **transaction} for key, transaction in transactions.items()]
        answer = self.usage.post("/transactions/batch", {"transactions": batch}).body
        assert {item["outcome"] for item in answer["items"]} == {"done"}, answer


@pytest.fixture
def story(aws: InProcessAws, monkeypatch: pytest.MonkeyPatch) -> Story:
    made = Story(Office(), monkeypatch)
    made.today(FEBRUARY_1)
    return made


@pytest.mark.req("CHG-01", "CHG-02", "CHG-03", "USE-07")
def test_work_orders_sales_and_fuel_are_billed_on_three_levels_with_exceptions(story: Story) -> None:
    order = {"category": "work_order"}
    stock = {
        **order,
        "subcategory": "stock_items",
        "level": "subcategory",
        "only_if_positive": True,
        "scope": "contract",
    }
    own_price = {"kind": "per_unit", "unit_price": "99.5"}
    story.begin(
        items=[vehicle("carro"), vehicle("van")],
        definitions=[
            definition("every", **order),
            definition("tools", **order, subcategory="tools", bill=False),
            definition("labour", **order, subcategory="labour"),
            definition(
                "senior",
                **order,
                subcategory="labour",
                labour_level="senior",
                billing_description="Sênior",
                parameters={"post_adjust_percent": "10"},
            ),
            definition("own", **order, subcategory="labour", item_id="eqp_van0001", pricing=own_price),
            definition(
                "fee", **stock, parameters={"transaction_adjustment": "50.00"}, billing_description="Taxa"
            ),
            definition(
                "rent",
                **order,
                level="category",
                scope="contract",
                parameters={"free_up_to": "250.00"},
                billing_description="Incluído no aluguel",
            ),
            definition(
                "parts",
                category="sales",
                subcategory="parts",
                pricing={"kind": "per_unit", "unit_price": "12.345"},
            ),
            definition("diesel", category="fuel", subcategory="Diesel S10"),
            definition(
                "fuel",
                category="fuel",
                level="category",
                scope="contract",
                parameters={"post_adjust_percent": "2"},
            ),
        ],
    )
    work = {"subcategory": "labour", "quantity": "2", "unit_price": "100"}
    story.send(
        senior={**work, "item_id": "eqp_carro0001", "labour_level": "senior"},
        junior={**work, "item_id": "eqp_carro0001"},
        van={**work, "item_id": "eqp_van0001"},
        tools={**work, "item_id": "eqp_van0001", "subcategory": "tools"},
        stock={
            "item_id": "eqp_van0001",
            "subcategory": "stock_items",
            "quantity": "1",
            "unit_price": "30",
        },
        service={"item_id": "eqp_van0001", "subcategory": "services", "quantity": "1", "unit_price": "7.77"},
        part={"item_id": "eqp_van0001", "category": "sales", "subcategory": "parts", "quantity": "3"},
        fuel={
            "item_id": "eqp_van0001",
            "category": "fuel",
            "subcategory": "Diesel S10",
            "quantity": "41.876543",
            "unit_price": "6.1234567891",
        },
    )

    assert story.close(FEBRUARY_1) == [
        ("Custos com ferramentas", "(200.00)"),
        ("Diesel S10", "256.43"),
        ("Encargos com combustível", "5.13"),
        ("Incluído no aluguel", "-250.00"),
        ("Itens de estoque", "30.00"),
        ("Mão de obra", "199.00"),
        ("Mão de obra", "200.00"),
        ("Peças", "37.04"),
        ("Serviços", "7.77"),
        ("Sênior", "220.00"),
        ("Taxa", "50.00"),
    ]
    assert story.close(MARCH_1) == []  # no materials, no fee; nothing done, nothing included


@pytest.mark.req("CHG-06")
def test_energy_is_billed_by_sub_meter_by_area_and_by_percentage(story: Story) -> None:
    source = {"utility_bill_source": "Edifício"}
    energy = {"category": "energy", "subcategory": "electricity"}
    story.begin(
        items=[
            vehicle("loja", kind="meter", meters=[{"unit": "kwh", "initial": "100"}]),
            vehicle("sala", kind="meter", area="50"),
            vehicle("patio", kind="meter"),
        ],
        definitions=[
            definition(
                "sub",
                **energy,
                usage_unit="kwh",
                item_id="eqp_loja0001",
                billing_description="Loja",
                energy={**source, "sub_metering": True},
            ),
            definition(
                "area",
                **energy,
                item_id="eqp_sala0001",
                billing_description="Sala",
                energy={**source, "use_occupied_area": True},
            ),
            definition(
                "percent",
                **energy,
                item_id="eqp_patio0001",
                billing_description="Pátio",
                energy={**source, "billing_percentage": "12.5"},
                pricing={"kind": "per_unit", "unit_price": "0.80"},
            ),
        ],
    )
    story.usage.post("/utility-bills/batch", {"bills": [BILL]})
    story.read(FEBRUARY_1, "400", "kwh", "eqp_loja0001")

    assert story.close(FEBRUARY_1) == [("Loja", "100.00"), ("Pátio", "300.00"), ("Sala", "125.00")]


@pytest.mark.req("USE-05", "CHG-03", "CLO-12")
def test_estimates_are_billed_and_the_reading_trues_them_up_once(story: Story) -> None:
    price = {"kind": "per_unit", "unit_price": "1"}
    estimated = definition("km", usage_unit="km", pricing=price, estimated_usage=True, daily_estimate="10")
    story.begin(items=[vehicle("carro", **KM)], definitions=[estimated])

    billed = [story.close(FEBRUARY_1)]
    story.today(MARCH_1)
    story.read(date(2026, 2, 15), "200")
    billed.append(story.close(MARCH_1))
    story.today(APRIL_1)
    story.read(APRIL_1, "210")
    billed.append(story.close(APRIL_1))

    # 31 days; 200 and 14 days less 310; 210 less 340
    assert [[amount for _, amount in lines] for lines in billed] == [["310.00"], ["30.00"], ["-130.00"]]
    assert story.close(MAY_1)[0][1] == "300.00"
    newest = story.closings.get(f"{story.root}/closings").body["items"]
    assert next(row for row in newest if row["period"]["start"] == "2026-04-01")["due"] == "170.00"


@pytest.mark.req("CHG-01")
def test_one_time_charges_come_with_the_first_and_the_last_day(story: Story) -> None:
    once = {"category": "one_time", "scope": "contract"}
    path = story.begin(
        on="2026-01-10",
        definitions=[
            definition("open", **once, subcategory="start", pricing={"kind": "flat", "amount": "150.00"}),
            definition("end", **once, subcategory="end", pricing={"kind": "flat", "amount": "99.00"}),
            MONTHLY,
        ],
    )
    january = story.close(FEBRUARY_1)
    ending = {"on": "2026-02-15", "reason": "Mudança"}
    assert story.office.clerk.put(f"{path}/cancellation", ending, version=2).status == 200

    assert january == [("Mensal", "63.87"), ("No início do contrato", "150.00")]
    assert story.close(MARCH_1) == [("Mensal", "45.00"), ("No término do contrato", "99.00")]


MODELS: dict[str, tuple[dict[str, Any], str]] = {
    "per unit": ({"kind": "per_unit", "unit_price": "0.0123456789"}, "2.47"),
    "graduated": ({"kind": "graduated", "tiers": TIERS}, "115.25"),
    "volume": ({"kind": "volume", "tiers": TIERS}, "95.25"),
    "package": ({"kind": "package", "size": "100", "unit_price": "7.00", "free_units": "50"}, "14.00"),
    "blocks of all tiers": ({"kind": "blocks", "mode": "all_tiers", "blocks": BLOCKS}, "100.00"),
    "blocks of the top tier": ({"kind": "blocks", "mode": "top_tier", "blocks": BLOCKS}, "100.00"),
    "blocks of a running total": ({"kind": "blocks", "mode": "delta", "blocks": BLOCKS}, "100.00"),
    "allowance": (FRANCHISE, "552.50"),
    "shared allowance": ({**FRANCHISE, "shared": True}, "280.03"),
    "bands": ({"kind": "flat_bands", "tiers": BANDS, "excess_price": "0.3"}, "80.00"),
    "percentage": ({"kind": "percentage", "rate_percent": "2.5", "free_amount": "100"}, "1.25"),
}
PERIODS = {
    "hourly": "133920.00",
    "daily": "5580.00",
    "weekly": "797.14",
    "monthly": "180.00",
    "quarterly": "60.00",
    "yearly": "15.00",
}


@pytest.mark.req("CHG-01", "CHG-08", "CTR-14")
def test_every_pricing_model_and_period_is_agreed_and_rated(story: Story) -> None:
    """Two vehicles, of 150 and 50.5 km."""
    items = [vehicle("carro", **KM), vehicle("van", **KM)]
    by_use = {
        name: (definition("x", usage_unit="km", pricing=p), total) for name, (p, total) in MODELS.items()
    }
    by_period = {
        name: (definition("x", subcategory=name, pricing={"kind": "flat", "amount": "90.00"}), total)
        for name, total in PERIODS.items()
    }
    terms = {"items": items, "mode": "closing", "starts_on": "2026-01-01"}
    story.begin(items=items)
    story.read(FEBRUARY_1, "150")
    story.read(FEBRUARY_1, "50.5", item="eqp_van0001")
    simulator, rated = Client(simulations, companies=story.office.company), {}
    for name, (agreed, _) in {**by_use, **by_period}.items():
        draft = story.office.new(**terms, definitions=[agreed])
        request = {"customer_id": story.office.customer, "draft": draft, "month": "2026-01"}
        answer = simulator.post("/simulations/contracts", request)
        assert answer.status == 200, (name, answer.body)
        rated[name] = answer.body["periods"][0]["total"]

    assert rated == {name: total for name, (_, total) in {**by_use, **by_period}.items()}
