"""Every operation of the API has a screen, or a reason why it has none."""

import json
import re
from collections.abc import Iterator

import pytest

from infra.openapi import DOCUMENT
from infra.settings import ROOT

CALL = re.compile(r'api\.(GET|POST|PUT|PATCH|DELETE)\(\s*(?:"([^"]+)"|(\w+)|`\$\{(\w+)\}([^`]*)`)')
NAMED_PATH = re.compile(r'const (\w+) = "(/[^"]+)"')

WHOLE_IN_THE_LIST = "the list shows all of it"
WITHOUT_A_SCREEN = {
    "POST /usage/batch": "sent by programs; a person drops a file in Importações",
    "POST /readings/batch": "sent by monitoring; a person adds a counter or drops a file",
    "POST /transactions/batch": "sent by programs; a person drops a file in Importações",
    "GET /charge-categories": "the console is built with the API's description, which has them",
    "GET /items/{item_id}": WHOLE_IN_THE_LIST,
    "GET /message-templates/{template_id}": WHOLE_IN_THE_LIST,
    "GET /cash-accounts/{account_id}": WHOLE_IN_THE_LIST,
    "GET /sender-domains/{domain}": WHOLE_IN_THE_LIST,
    "GET /tax-codes/{code}": WHOLE_IN_THE_LIST,
    "GET /customers/{customer_id}/credit": "the panel's one call tells it",
    "GET /customers/{customer_id}/messages/{message_id}": WHOLE_IN_THE_LIST,
}


def called() -> Iterator[str]:
    for path in (ROOT / "web" / "src").rglob("*.ts*"):
        if path.name.endswith(".d.ts"):
            continue
        text = path.read_text()
        named = dict(NAMED_PATH.findall(text))
        for method, written, name, begun, path_end in CALL.findall(text):
            yield f"{method} {written or named.get(name or begun, '') + path_end}"


def operations() -> Iterator[str]:
    for path, methods in json.loads(DOCUMENT.read_text())["paths"].items():
        yield from (f"{method.upper()} {path}" for method in methods if method != "parameters")


@pytest.mark.req("WEB-01")
def test_every_operation_has_a_screen_or_a_reason() -> None:
    known, used = set(operations()), set(called())

    assert sorted(known - used - WITHOUT_A_SCREEN.keys()) == [], "no screen uses these"
    assert sorted(WITHOUT_A_SCREEN.keys() & used) == [], "these have a screen: take them out"
    assert sorted(WITHOUT_A_SCREEN.keys() - known) == [], "these are no operations any more"
