"""Our banking compared with pyCobranca, the strongest Python peer, in one run: the same 10,000 titles, best of five, CPU
time.

    python3 -m venv peer && peer/bin/pip install --ignore-requires-python pycobranca
    PEER_PYTHON=peer/bin/python python -m tests.bench.bench_peer

It asks for Python 3.12 but runs on 3.11 too: give both sides the same interpreter. It is not a dependency and none of
its code is here: its side is `peer_pycobranca.py`, run by the interpreter that PEER_PYTHON names.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from billing.banking.boleto.issue import BoletoTerms, issue_boleto
from billing.banking.boleto.linha_digitavel import formatted
from billing.banking.boleto_pdf import render_boletos
from billing.banking.instructions import Instruction, Movement
from billing.banking.remittance import write_remittance
from billing.core.br.cpf import check_digits
from tests.bench.bench_banking import CREATED_AT, document, itau, read_all, returned, sicoob, title

TITLES, PAGES, ROUNDS = 10_000, 100, 5
WORKER = Path(__file__).with_name("peer_pycobranca.py")


def payer_with_cpf(number: int) -> Any:
    """The title of the other benches, with a payer whose CPF is valid, as the peer requires."""
    own, base = title(number), f"{number * 7919 % 10**9:09d}"
    return own._replace(payer=own.payer._replace(document=base + check_digits(base)))


def best(count: int, work: Callable[[], Any]) -> int:
    seconds = []
    for _ in range(ROUNDS):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return round(count / min(seconds))


def beside(peer: str) -> dict[str, tuple[int, int]]:
    """Name -> ours and the peer's, things per second."""
    four, two = itau(), sicoob()
    titles = [payer_with_cpf(number) for number in range(1, TITLES + 1)]
    instructions = [Instruction(Movement.REGISTER, one) for one in titles]
    boletos = [BoletoTerms(four, one.nosso_numero, one.due_on, one.amount) for one in titles]
    with_qr = [document(number) for number in range(1, PAGES + 1)]
    without_qr = [replace(one, pix_emv="") for one in with_qr]
    return_400, return_240 = returned(four, instructions), returned(two, instructions)
    fields = [
        {
            "number": one.nosso_numero,
            "due_on": one.due_on.isoformat(),
            "amount": str(one.amount),
            "document_number": one.document_number,
            "document": one.payer.document,
            "name": one.payer.name,
            "street": one.payer.street,
            "postcode": one.payer.postcode,
            "city": one.payer.city,
            "state": one.payer.state,
            "emv": with_qr[0].pix_emv,
        }
        for one in titles
    ]
    ours = {
        "boletos": best(
            TITLES, lambda: [formatted(issue_boleto(terms).linha_digitavel) for terms in boletos]
        ),
        "boleto_pdf": best(PAGES, lambda: [render_boletos([one]) for one in without_qr]),
        "boleto_pdf_qr": best(PAGES, lambda: [render_boletos([one]) for one in with_qr]),
        "remittance400": best(
            TITLES, lambda: write_remittance(four, instructions, sequence=1, created_at=CREATED_AT)
        ),
        "remittance240": best(
            TITLES, lambda: write_remittance(two, instructions, sequence=1, created_at=CREATED_AT)
        ),
        "return400": best(TITLES, lambda: read_all(return_400)),
        "return240": best(2 * TITLES, lambda: read_all(return_240)),
    }
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "titles.json").write_text(json.dumps(fields), encoding="utf-8")
        (Path(folder) / "return400").write_bytes(return_400)
        (Path(folder) / "return240").write_bytes(return_240)
        answer = subprocess.run([peer, str(WORKER), folder], check=True, stdout=subprocess.PIPE, env={})
    theirs = json.loads(answer.stdout)
    return {name: (figure, theirs[name]) for name, figure in ours.items()}


def measure() -> dict[str, dict[str, Any]]:
    """How many times as fast as the peer; empty if there is no peer."""
    peer = os.environ.get("PEER_PYTHON")
    if not peer:
        return {}
    return {
        f"{name}_beside_pycobranca": {"median": round(ours / theirs, 1), "unit": "times"}
        for name, (ours, theirs) in beside(peer).items()
    }


def main() -> int:
    peer = os.environ.get("PEER_PYTHON", "")
    has_peer = peer and subprocess.run([peer, "-c", "import pycobranca"], check=False, env={}).returncode == 0
    if not has_peer:
        print(f"no peer to measure beside: PEER_PYTHON ({peer or 'not set'}) names no Python with pycobranca")
        return 1
    version = subprocess.run(
        [peer, "-c", "import sys, pycobranca; print(pycobranca.__version__, sys.version.split()[0])"],
        check=True, capture_output=True, text=True, env={},
    ).stdout.split()  # fmt: skip
    print(
        f"pyCobranca {version[0]} on Python {version[1]}, ours on {sys.version.split()[0]}; per second of CPU"
    )
    for name, (ours, theirs) in beside(peer).items():
        print(f"{name:16} {ours:>10,} {theirs:>10,} {ours / theirs:>6.1f} times")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
