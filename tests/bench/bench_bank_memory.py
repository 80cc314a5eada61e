"""The most memory that a process holds while 100,000 titles go out in a remittance, or come back in a return.

Each file is written or read by a process of its own: the result is the peak of its resident set (VmHWM), including
interpreter and imports. Titles are made one after another and occurrences are released, as `bank_files` does in pages.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from billing.banking.instructions import Instruction, Movement
from billing.banking.remittance import RemittanceWriter
from billing.banking.returns import read_return
from billing.banking.terms import BankTerms
from tests.bench.bench_banking import CREATED_AT, itau, returned, sicoob, title
from tests.bench.memory import peak_mb

TITLES = 100_000
ACCOUNTS: dict[str, Callable[[], BankTerms]] = {"400": itau, "240": sicoob}


def remit(terms: BankTerms, path: Path) -> None:
    instructions = (Instruction(Movement.REGISTER, title(number)) for number in range(1, TITLES + 1))
    with path.open("w", encoding="ascii", newline="") as file:
        file.writelines(f"{line}\r\n" for line in RemittanceWriter(terms, 1, CREATED_AT).lines(instructions))


def read(path: Path) -> None:
    with path.open("rb") as file:
        _, occurrences = read_return(file)
        assert sum(1 for _ in occurrences) == TITLES


def make_return(terms: BankTerms, path: Path) -> None:
    """A return with that many titles, made from a small one: its lines repeated, each with another nosso número."""
    sample = 1_000
    instructions = [Instruction(Movement.REGISTER, title(number)) for number in range(1, sample + 1)]
    lines = returned(terms, instructions).decode("ascii").splitlines()
    with path.open("w", encoding="ascii", newline="") as file:
        file.writelines(f"{line}\r\n" for line in (_many_400 if terms.bank == "341" else _many_240)(lines))


def _many_400(lines: list[str]) -> Iterator[str]:
    header, *titles, trailer = lines
    yield header
    cents = 0
    for place in range(TITLES):
        line = titles[place % len(titles)]
        cents += int(line[152:165])
        yield f"{line[:62]}{place:08d}{line[70:394]}{place + 2:06d}"
    yield f"{trailer[:212]}{TITLES:08d}{cents:014d}{trailer[234:394]}{TITLES + 2:06d}"


def _many_240(lines: list[str]) -> Iterator[str]:
    file, batch, *segments, end_of_batch, end_of_file = lines
    per_batch, records = TITLES // 10, TITLES // 5
    yield file
    for number in range(1, 11):
        yield f"{batch[:3]}{number:04d}{batch[7:]}"
        cents = 0
        for place in range(records):
            line = segments[place % len(segments)]
            cents += int(line[81:96]) if line[13] == "T" else 0
            own = f"{line[:3]}{number:04d}{line[7]}{place + 1:05d}{line[13:]}"
            nosso_numero = f"{place // 2:09d}" if line[13] == "T" else own[37:46]
            yield own[:37] + nosso_numero + own[46:]
        yield (
            f"{end_of_batch[:3]}{number:04d}{end_of_batch[7:17]}{records + 2:06d}"
            f"{per_batch:06d}{cents:017d}{end_of_batch[46:]}"
        )
    yield f"{end_of_file[:17]}{10:06d}{10 * (records + 2) + 2:06d}{end_of_file[29:]}"


def measure() -> dict[str, dict[str, Any]]:
    figures = {}
    with tempfile.TemporaryDirectory() as folder:
        for layout, account in ACCOUNTS.items():
            for what in ("remittance", "return"):
                path = Path(folder) / f"{what}{layout}"
                if what == "return":
                    make_return(account(), path)
                command = [sys.executable, "-m", "tests.bench.bench_bank_memory", what, layout, str(path)]
                output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                figures[f"{what}{layout}_100k_titles_peak_mb"] = {
                    "median": round(json.loads(output)),
                    "unit": "MB",
                }
    return figures


if __name__ == "__main__":
    if len(sys.argv) == 1:
        for name, figure in measure().items():
            print(f"{name:36} {figure['median']:>6} {figure['unit']}")
    else:
        what, layout, path = sys.argv[1:]
        if what == "return":
            read(Path(path))
        else:
            remit(ACCOUNTS[layout](), Path(path))
        print(json.dumps(peak_mb()))
