"""The demonstration that a local cloud keeps: loaded once, then lived month by month (`make month`).

What was loaded is in the state folder; if loading is interrupted, it continues where it stopped, because every request
has a key of its own.
"""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from billing.core.clock import business_date
from billing.core.period import Month
from infra.local.demo import fiscal
from infra.local.demo.base import Agreed
from infra.local.demo.cloud import DeployedCloud, RequestFailed
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller, Wrong


def load_once(state: Path, teller: Teller, cloud: DeployedCloud) -> Month:
    """Load the base and last month's usage, once; returns the month that may be closed next.

    The clock is the machine's again at the end, even if an interrupted month left it elsewhere.
    """
    cloud.travel_home()
    kept = _read(state)
    if kept is not None:
        return Month(kept["first_month"]).plus(kept["lived"])
    begun = state / "demonstration-begun"
    if not begun.exists():
        begun.write_text(Month.of(business_date(datetime.now(UTC))).plus(-1))
    teller.say("Carregando a empresa de demonstração (só na primeira vez)...")
    story = Story(teller, Month(begun.read_text()))
    try:
        story.found()
        fiscal.configure(story.teller)
        story.use(story.first_month)
    finally:
        cloud.travel_home()
    _write(state, story, lived=0)
    return story.first_month


def live_next_month(state: Path, teller: Teller, cloud: DeployedCloud) -> Month:
    """Live through the next month with the test bank, from usage to money received; returns which month it was.

    An interrupted month is continued. Raises SystemExit for what the API refuses.
    """
    kept = _read(state)
    if kept is None:
        raise SystemExit("A demonstração ainda não foi carregada: deixe `make run` terminar de iniciar.")
    story = Story(teller, Month(kept["first_month"]))
    story.agreed = [
        Agreed(**{**a, "printers": tuple(a["printers"]), "price": Decimal(a["price"])})
        for a in kept["agreed"]
    ]
    story.profiles, story.accounts, story.items = kept["profiles"], kept["accounts"], kept["items"]
    month = story.first_month.plus(kept["lived"])
    try:
        for lived in range(kept["lived"]):
            story.use(story.first_month.plus(lived))  # counting goes on from there; what was sent is known
        story.teller.totals.invoices = kept["invoices"]
        story.month(month)
        fiscal.configure(story.teller)
        fiscal.issue_month(story.teller, month.plus(1))
    except (Wrong, RequestFailed) as error:
        raise SystemExit(
            f"O mês {month.format_br()} parou no meio: {error}\nO que ficou está certo (`make audit`). Rode `make month` de novo,"
            " que segue de onde parou, ou siga os passos pela documentação."
        ) from None
    finally:
        cloud.travel_home()
    _write(state, story, lived=kept["lived"] + 1)
    return month


def _read(state: Path) -> dict[str, Any] | None:
    path = state / "demonstration.json"
    return json.loads(path.read_text()) if path.exists() else None


def _write(state: Path, story: Story, *, lived: int) -> None:
    agreed = [{**asdict(a), "price": str(a.price)} for a in story.agreed]
    kept = {
        "first_month": story.first_month,
        "lived": lived,
        "invoices": story.teller.totals.invoices,
        "agreed": agreed,
        "profiles": story.profiles,
        "accounts": story.accounts,
        "items": story.items,
    }
    path = state / "demonstration.json"
    path.with_suffix(".new").write_text(json.dumps(kept, indent=1))
    path.with_suffix(".new").replace(path)
