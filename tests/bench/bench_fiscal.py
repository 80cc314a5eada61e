"""How many fiscal documents are built, signed and validated against the official schema, and pages drawn: per second
and core.

`python -m tests.bench bench_fiscal` prints the table; CPU time, medians of repeated runs. Each NFCom has two lines (one
taxed by ICMS, one outside it) whose taxes are computed here too, and a number and an amount of its own; RSA of 2048
bits. It is validated against the schema before it has its number, as when it is really issued; the schema is compiled
before the first run, as happens once in a function's life.
"""

import time
from collections.abc import Callable
from decimal import Decimal
from statistics import median

from billing.core.money import Money
from billing.fiscal.nfcom.danfe import draw_danfe
from billing.fiscal.nfcom.faults import faults_of as nfcom_faults
from billing.fiscal.nfcom.taxes import LineValue
from billing.fiscal.nfcom.xml import signed_nfcom
from billing.fiscal.nfse.faults import faults_of as dps_faults
from billing.fiscal.nfse.xml import signed_dps
from tests.support.fiscal import TODAY, certificate, dps, dps_number, interest, issuer, line, note, number

DOCUMENTS = 300
_ISSUER = issuer(municipal_registration="31000")
"""Read once per run."""
REPEATS = 5


def measure() -> dict[str, dict[str, object]]:
    return {
        "nfcom_signed_and_valid": _per_second(_nfcom),
        "dps_signed_and_valid": _per_second(_dps),
        "danfe_com_pages": _per_second(_danfe),
    }


def _nfcom(position: int) -> None:
    price = LineValue(unit_price=Decimal(9990 + position) / 100)
    made = note(issuer=_ISSUER, lines=(line(price), interest()))
    if nfcom_faults(made, TODAY) or not signed_nfcom(made, number(number=position + 1), certificate()):
        raise AssertionError(position)


def _dps(position: int) -> None:
    made = dps(issuer=_ISSUER, amount=Money.from_cents(100_000 + position))
    if dps_faults(made, TODAY) or not signed_dps(made, dps_number(number=position + 1), certificate()):
        raise AssertionError(position)


def _danfe(position: int) -> None:
    """One page per document; the note is signed beforehand, and is always the same."""
    if not draw_danfe(_SIGNED):
        raise AssertionError(position)


_SIGNED = signed_nfcom(note(), number(), certificate())


def _per_second(make: Callable[[int], None]) -> dict[str, object]:
    make(0)  # compiles the schema and reads the tables
    rates = []
    for _ in range(REPEATS):
        started = time.process_time()
        for position in range(DOCUMENTS):
            make(position)
        rates.append(DOCUMENTS / (time.process_time() - started))
    return {"median": round(median(rates)), "unit": "documents/s"}
