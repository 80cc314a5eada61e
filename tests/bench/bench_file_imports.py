"""The cost of reading and pinning a file of a million lines: lines per second and core, and the memory of the process.

`python -m tests.bench bench_file_imports`. The file is made as it is read, gzip, and the manifest's chunks are
discarded as they are written: only the product itself is measured.
"""

import gzip
import io
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from statistics import median
from typing import Any

from tests.bench.memory import peak_mb

LINES = 1_000_000
REPEATS = 3


class Forgotten:
    """Files that are discarded; only their number is known."""

    def __init__(self) -> None:
        self.count = 0

    def put(self, key: str, data: bytes, content_type: str = "") -> None:
        self.count += 1

    def put_once(self, key: str, data: bytes) -> bool:
        self.count += 1
        return True


def measure() -> dict[str, dict[str, Any]]:
    """Each repeat is a process of its own, so that its memory can be measured separately."""
    taken = [_in_a_process() for _ in range(REPEATS)]
    return {
        "import_lines_pinned": {"median": round(LINES / median(s for s, _ in taken)), "unit": "lines/s/core"},
        "import_1m_lines_peak_mb": {"median": round(median(mb for _, mb in taken)), "unit": "MB"},
    }


def _in_a_process() -> tuple[float, float]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.bench_file_imports"], capture_output=True, text=True, check=True
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def pin() -> tuple[float, float]:
    """Processor seconds that reading and pinning the file took, and the process's peak in MB."""
    from billing.runs import store
    from billing.usage.file_imports import CHUNK_LINES
    from billing.usage.file_lines import FileFormat, lines

    files: Any = Forgotten()
    begun = time.process_time()
    records = lines(compressed(), FileFormat.JSON_LINES, ())
    manifest = store.put_manifest(files, "ten_alfa", "run_1", records, {}, CHUNK_LINES)
    spent = time.process_time() - begun
    assert manifest.keys == LINES
    return spent, peak_mb()


def compressed() -> Iterator[bytes]:
    """The file, in parts: each is a gzip member of its own, as gzip allows."""
    for start in range(0, LINES, 10_000):
        buffer = io.BytesIO()
        with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1) as part:
            part.writelines(_lines(range(start, start + 10_000)))
        yield buffer.getvalue()


def _lines(numbers: Iterable[int]) -> Iterator[bytes]:
    for n in numbers:
        yield (
            b'{"event_key": "vm-%08d/2026-03", "customer_id": "cus_%07d", "month": "2026-03",'
            b' "billing_item_id": "itm_0001", "quantity": "%d.25"}\n' % (n, n % 50_000, n % 700)
        )


if __name__ == "__main__":
    seconds, megabytes = pin()
    sys.stdout.write(f"{seconds} {megabytes}\n")
