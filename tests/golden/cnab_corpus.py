"""Reads a folder of bank files and says what is in each: bank, layout, titles, cents by occurrence, unread lines,
faults.

`python -m tests.golden.cnab_corpus FOLDER [--json]`. A return of a bank that has a layout here is read as the product
reads it. Everything else is read by the inspector: a remittance by its bank's layout, and a file of any other bank by
the columns that all banks share.
"""

import csv
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from billing.banking.inspect import file_of, inspect_file, lines_of
from billing.banking.invalid_return import InvalidReturn
from billing.banking.layouts.pictures import to_number
from billing.banking.occurrences import SETTLEMENTS
from billing.banking.returns import read_return
from billing.banking.terms import Layout

_SUFFIXES = {".rem", ".ret", ".txt", ".crt"}
OF_BANK, SHARED = "do banco", "colunas comuns"


@dataclass
class Finding:
    file: str
    bank: str = ""
    layout: int = 0
    direction: str = ""
    columns: str = ""
    """OF_BANK: described by its bank's layout; SHARED: by the columns that all banks share; blank: no CNAB file."""
    titles: int = 0
    titles_by_occurrence: dict[str, int] = field(default_factory=dict)
    cents: int = 0
    """Those of the titles themselves."""
    cents_by_occurrence: dict[str, int] = field(default_factory=dict)
    paid_cents: int = 0
    unsettled_cents: int = 0
    """The amount paid in a U of a CNAB 240 return that is not a settlement: it moves no money."""
    unread: int = 0
    """Lines that no record describes."""
    refused: str = ""
    """Why the product does not accept the return."""
    faults: list[str] = field(default_factory=list)


def read(path: Path) -> Finding:
    content = path.read_bytes()
    finding = Finding(str(path))
    file = file_of(lines_of(content))
    if file is None:
        return finding
    finding.bank, finding.layout, finding.direction, _ = file.kind
    finding.columns = OF_BANK if file.is_of_bank else SHARED
    if not (file.is_of_bank and file.kind.direction == "retorno" and _read_return(content, finding)):
        _inspect(content, finding)
    return finding


def _read_return(content: bytes, finding: Finding) -> bool:
    """As the product reads it; False if it refuses the file."""
    try:
        header, occurrences = read_return(content)
    except InvalidReturn as error:
        finding.refused = error.title
        return False
    sums: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for occurrence in occurrences:
        counts[occurrence.movement] += 1
        sums[occurrence.movement] += occurrence.title_amount.cents
        finding.paid_cents += occurrence.paid_amount.cents
        if occurrence.kind not in SETTLEMENTS and header.layout is Layout.CNAB240:
            finding.unsettled_cents += sum(
                to_number(line[77:92]) for line in occurrence.raw if line[13] == "U"
            )
    finding.unread = len(header.unread)
    _count(finding, counts, sums)
    return True


def _inspect(content: bytes, finding: Finding) -> None:
    sums: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for seen in inspect_file(content):
        if seen.record is None:
            finding.unread += 1
            continue
        finding.faults.extend(f"linha {seen.number}: {name}" for name in sorted(seen.faults))
        readable = {
            one.name: seen.line[one.start - 1 : one.end]
            for one in seen.record.inputs
            if one.name not in seen.faults
        }
        movement = readable.get("ocorrencia", readable.get("movimento", ""))
        if "valor_titulo" in seen.record.by_name:
            counts[movement] += 1
            sums[movement] += int(readable.get("valor_titulo", "").strip() or 0)
        finding.paid_cents += int(readable.get("valor_pago", "").strip() or 0)
    _count(finding, counts, sums)


def _count(finding: Finding, counts: Counter[str], sums: Counter[str]) -> None:
    finding.titles, finding.cents = counts.total(), sums.total()
    finding.titles_by_occurrence = dict(sorted(counts.items()))
    finding.cents_by_occurrence = dict(sorted(sums.items()))


def files_of(folder: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The folder's bank files, with the facts of its INDEX.tsv (file, licence, bank, layout, kind, records, facts) if it has one."""
    index = folder / "INDEX.tsv"
    if index.exists():
        with index.open(encoding="utf-8", newline="") as rows:
            for row in csv.DictReader(rows, delimiter="\t"):
                facts = {"bank": row["bank"], "layout": int(row["layout"]), "direction": row["kind"]}
                yield folder / row["file"], facts | json.loads(row["facts"])
        return
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in _SUFFIXES and path.is_file():
            yield path, {}


def _told(one: Finding, folder: Path) -> Iterator[str]:
    kind = f"{one.bank} CNAB {one.layout} {one.direction} ({one.columns})" if one.columns else "não é CNAB"
    yield f"{Path(one.file).relative_to(folder)}: {kind}"
    if not one.columns:
        return
    by_occurrence = ", ".join(
        f"{code.strip() or '(sem código)'}: {count} de {one.cents_by_occurrence[code]} centavos"
        for code, count in one.titles_by_occurrence.items()
    )
    yield f"    {one.titles} títulos, {one.cents} centavos, {one.paid_cents} pagos; {by_occurrence or 'sem ocorrências'}"
    if one.unsettled_cents:
        yield f"    {one.unsettled_cents} centavos como pagos em linhas que não são liquidação: não entram"
    if one.unread:
        yield f"    {one.unread} linhas sem registro que as descreva"
    if one.refused:
        yield f"    retorno recusado: {one.refused}"
    if one.faults:
        yield f"    campos ilegíveis: {'; '.join(one.faults)}"


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0])
    findings = [read(path) for path, _ in files_of(folder)]
    if "--json" in arguments:
        print(json.dumps([asdict(one) for one in findings], ensure_ascii=False, indent=1))
        return 0
    for one in findings:
        print("\n".join(_told(one, folder)))
    print(
        f"{len(findings)} arquivos, {sum(one.titles for one in findings)} títulos, "
        f"{sum(one.unread for one in findings)} linhas sem registro, {sum(bool(one.refused) for one in findings)} retornos recusados"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
