"""Random bank files, guided by the code that they reach: `make fuzz SECONDS=...`; atheris is in an environment of its
own.

A file that breaks what must hold is kept in `build/fuzz-found`, and its stack is printed; to try it again:
`python -m tests.fuzz FILE`.
"""

import sys
import tempfile
from collections import Counter
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["billing.banking", "billing.adapters.sandbox_bank"]):
    from tests.fuzz.bank_files import feed, seeds, spoilt

    SEEDS = dict(seeds())  # in here: a bank's layout is imported when it is first needed

NAMES = sorted(SEEDS)
FOUND = Path("build/fuzz-found")
_LARGEST = 16_384
_HANGS_AFTER_S = 20


def _one(content: bytes) -> None:
    became[feed(content)] += 1
    if sum(became.values()) % 10_000 == 0:
        _tell()


def _tell() -> None:
    print(f"{sum(became.values())} files: {dict(became)}", file=sys.stderr, flush=True)


def _mutated(content: bytes, most: int, seed: int) -> bytes:
    random = Random(seed)
    if random.random() < 0.2:
        return atheris.Mutate(content, most)
    if random.random() < 0.5:  # a file that was corrupted again and again is refused at its first line
        content = SEEDS[random.choice(NAMES)]
    return spoilt(content, random)[:most]


def main(arguments: list[str]) -> None:
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as corpus:
        for name, content in SEEDS.items():
            (Path(corpus) / name).write_bytes(content)
        given = arguments or ["60"]
        what = given if Path(given[0]).is_file() else [f"-max_total_time={given[0]}", corpus]
        options = [
            f"-max_len={_LARGEST}",
            f"-timeout={_HANGS_AFTER_S}",
            "-print_final_stats=1",
            f"-artifact_prefix={FOUND}/",
        ]
        atheris.Setup([sys.argv[0], *options, *what], _one, custom_mutator=_mutated)
        atheris.Fuzz()


became: Counter[str] = Counter()
if __name__ == "__main__":
    main(sys.argv[1:])
