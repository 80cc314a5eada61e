"""The story on the deployed template: real state machines, sign-in and role grants, and the power cut in every run.

One month, in which the emulator is killed (SIGKILL) inside each state of each process that it runs, and restarted with
its stored state; the story's own checks and the audit make sure that nothing was lost or made twice.
`make kills ROUNDS=51` kills in more places and prints the table.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from billing.core.br import cnpj, cpf
from infra.local.cloud import LocalCloud
from tests.stories.kept import KILLED_STATES, PEOPLE, month_lived

pytestmark = pytest.mark.slow


@dataclass
class Lived:
    figures: dict[str, Any]
    folder: Path


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder = month_lived(tmp_path_factory)
    return Lived(json.loads((folder / "told.txt").read_text().splitlines()[-1]), folder)


@pytest.mark.req("PLT-01", "PLT-03", "PLT-04", "CLO-06", "INV-17", "BNK-04", "BNK-05", "MSG-03", "PAY-08")
def test_month_with_the_power_cut_in_every_state_of_every_run_ends_the_same(lived: Lived) -> None:
    processes = {state.partition(" ")[0] for state in lived.figures["inside"]}
    assert (len(processes), lived.figures["rounds"] >= KILLED_STATES - 3) == (
        5,
        True,
    )  # some end before they are killed
    invoices = str(len(PEOPLE))
    wanted = {
        "findings": 0,
        "closings": invoices,
        "invoices": invoices,
        "boletos": invoices,
        "settled": str(len(PEOPLE) - 2),
    }
    assert {name: lived.figures[name] for name in wanted} == wanted


@pytest.mark.req("SEC-03")
def test_logs_of_the_month_carry_no_personal_data(lived: Lived) -> None:
    logs = "\n".join(text for _, text in LocalCloud(lived.folder).handler_logs())
    assert "bill_chunk" in logs
    leaked = [fact for person in PEOPLE for fact in _facts(person.data) if fact in logs]
    assert leaked == []


@pytest.mark.req("MSG-03", "INV-04")
def test_every_invoice_went_out_with_its_pdf_but_what_was_cut_off_while_it_was_sent(lived: Lived) -> None:
    letters = list(LocalCloud(lived.folder).mailbox_dir.rglob("*.eml"))

    assert (
        len(PEOPLE) - 3 * 2 <= len(letters) <= len(PEOPLE)
    )  # three deaths in the dispatch, with two chunks at a time
    assert all(b"application/pdf" in letter.read_bytes() for letter in letters)


def _facts(data: dict[str, Any]) -> list[str]:
    document = data["document"]
    formatted = cpf.format(document) if len(document) == 11 else cnpj.format(document)
    return [data["name"], document, formatted, *data["emails"], *data["phones"]]
