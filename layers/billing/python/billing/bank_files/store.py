"""Remittances, return files, the occurrences that were applied, and instructions.

tenant#title#cus_...#inv_...   instruction#ins_...   an instruction; while it waits in the index by_waiting
"""

from collections.abc import Iterable, Iterator

from pynamodb.attributes import UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection

from billing.audit.changes import Changes, PlatformTable
from billing.bank_files.instruction import InstructionStatus, TitleInstruction
from billing.bank_files.model import (
    AppliedMark,
    OccurrenceRow,
    PinnedTitles,
    Remittance,
    RemittanceTitles,
    ReturnFile,
    Sequence,
)
from billing.core.errors import NotFound
from billing.core.files import Files, Folder
from billing.core.ids import content_hash, shard_of
from billing.core.table import Table, entity_row, find, find_many, meta, rows_in

OCCURRENCE_SHARDS = 16
"""A return's occurrences are spread over 16 partitions, so that a file of 100,000 titles does not overload one."""


_TITLES = "titles"
WAITING_SHARDS = 4
"""Index partitions of a profile's waiting instructions. Fixed: changing it would move rows."""


class ByWaiting(GlobalSecondaryIndex["BankFilesTable"]):
    """Instructions that wait for a remittance: tenant#profile#shard, time of request."""

    class Meta:
        index_name = "by_waiting"
        projection = KeysOnlyProjection()

    waiting_key = UnicodeAttribute(hash_key=True)
    waiting_sort = UnicodeAttribute(range_key=True)


class BankFilesTable(Table):
    Meta = meta("bank_files")

    waiting_key = UnicodeAttribute(null=True)
    waiting_sort = UnicodeAttribute(null=True)
    by_waiting = ByWaiting()


def remittance_row(tenant_id: str, remittance: Remittance) -> BankFilesTable:
    partition = f"{tenant_id}#profile#{remittance.profile_id}"
    return entity_row(BankFilesTable, partition, f"remittance#{remittance.sequence:08d}", remittance)


def remittances(tenant_id: str, profile_id: str) -> list[Remittance]:
    """Newest first."""
    partition = f"{tenant_id}#profile#{profile_id}"
    return list(rows_in(BankFilesTable, partition, "remittance#", Remittance, newest_first=True))


def get_remittance(tenant_id: str, profile_id: str, sequence: int) -> Remittance:
    """Raises NotFound."""
    partition = f"{tenant_id}#profile#{profile_id}"
    remittance = find(BankFilesTable, partition, f"remittance#{sequence:08d}", Remittance)
    if remittance is None:
        raise NotFound("remittance.missing", "A remessa não existe.")
    return remittance


def sequence_row(tenant_id: str, profile_id: str, sequence: Sequence) -> BankFilesTable:
    return entity_row(BankFilesTable, f"{tenant_id}#profile#{profile_id}", "sequence", sequence)


def get_sequence(tenant_id: str, profile_id: str) -> Sequence:
    sequence = find(BankFilesTable, f"{tenant_id}#profile#{profile_id}", "sequence", Sequence)
    return sequence or Sequence(last=0)


def of_run_row(tenant_id: str, remittance: Remittance) -> BankFilesTable:
    """The remittance once more, under its run: a run that is started again finds the sequence number it took."""
    return entity_row(BankFilesTable, f"{tenant_id}#run#{remittance.run_id}", "remittance", remittance)


def find_of_run(tenant_id: str, run_id: str) -> Remittance | None:
    return find(BankFilesTable, f"{tenant_id}#run#{run_id}", "remittance", Remittance)


def keep_titles(files: Files, tenant_id: str, run_id: str, titles: RemittanceTitles) -> PinnedTitles:
    """Keep their list in a file, since it may be larger than a row; a row of the run points to it."""
    data = titles.model_dump_json().encode()
    file = Folder.RUNS.key(tenant_id, run_id, f"titles-{content_hash(data)[:32]}.json")
    files.put(file, data, "application/json")
    return PinnedTitles(file=file)


def titles_row(tenant_id: str, run_id: str, pinned: PinnedTitles) -> PlatformTable:
    """Next to the rows of the run's chunks."""
    return entity_row(PlatformTable, f"{tenant_id}#run#{run_id}", _TITLES, pinned)


def require_no_titles(changes: Changes, tenant_id: str, run_id: str) -> None:
    """Commit only if the titles of the run are not fixed, not even concurrently."""
    changes.require_absent(PlatformTable, f"{tenant_id}#run#{run_id}", _TITLES)


def find_pinned(tenant_id: str, run_id: str) -> PinnedTitles | None:
    return find(PlatformTable, f"{tenant_id}#run#{run_id}", _TITLES, PinnedTitles)


def find_titles(files: Files, tenant_id: str, run_id: str) -> RemittanceTitles | None:
    """The run's fixed titles, or None."""
    pinned = find_pinned(tenant_id, run_id)
    return None if pinned is None else RemittanceTitles.model_validate_json(files.get(pinned.file))


def file_key(tenant_id: str, remittance: Remittance) -> str:
    return Folder.REMITTANCES.key(tenant_id, remittance.profile_id, remittance.file_name)


def return_key(tenant_id: str, return_id: str) -> str:
    """Where the content of a return is kept: the place where the bank put it may have another file by now."""
    return Folder.RETURNS.key(tenant_id, f"{return_id}.ret")


def return_row(tenant_id: str, returned: ReturnFile) -> BankFilesTable:
    return entity_row(BankFilesTable, f"{tenant_id}#returns", f"return#{returned.id}", returned)


def find_return(tenant_id: str, return_id: str) -> ReturnFile | None:
    return find(BankFilesTable, f"{tenant_id}#returns", f"return#{return_id}", ReturnFile)


def get_return(tenant_id: str, return_id: str) -> ReturnFile:
    returned = find_return(tenant_id, return_id)
    if returned is None:
        raise NotFound("return.missing", "O arquivo de retorno não existe.")
    return returned


def returns(tenant_id: str) -> list[ReturnFile]:
    return list(rows_in(BankFilesTable, f"{tenant_id}#returns", "return#", ReturnFile))


def applied_row(tenant_id: str, profile_id: str, occurrence_id: str, mark: AppliedMark) -> BankFilesTable:
    """The guard row: a marked occurrence was applied, whatever file it is in."""
    return entity_row(BankFilesTable, f"{tenant_id}#applied#{profile_id}#{occurrence_id}", "applied", mark)


def find_applied(tenant_id: str, profile_id: str, *occurrence_ids: str) -> tuple[str, AppliedMark | None]:
    """The mark of the first id that has one, with that id; the first id if none has."""
    keys = {(f"{tenant_id}#applied#{profile_id}#{one}", "applied"): one for one in reversed(occurrence_ids)}
    marks = find_many(BankFilesTable, keys, AppliedMark)
    for key, one in reversed(keys.items()):
        if key in marks:
            return one, marks[key]
    return occurrence_ids[0], None


def line_row(tenant_id: str, occurrence: OccurrenceRow) -> BankFilesTable:
    """The row of a line in the return's summary."""
    shard = shard_of(occurrence.id, OCCURRENCE_SHARDS)
    partition = f"{tenant_id}#return#{occurrence.return_id}#s{shard:02d}"
    return entity_row(BankFilesTable, partition, f"line#{occurrence.line_number:08d}", occurrence)


def find_line(tenant_id: str, return_id: str, occurrence_id: str, line_number: int) -> OccurrenceRow | None:
    shard = shard_of(occurrence_id, OCCURRENCE_SHARDS)
    partition = f"{tenant_id}#return#{return_id}#s{shard:02d}"
    return find(BankFilesTable, partition, f"line#{line_number:08d}", OccurrenceRow)


def get_line(tenant_id: str, return_id: str, occurrence_id: str, line_number: int) -> OccurrenceRow:
    line = find_line(tenant_id, return_id, occurrence_id, line_number)
    if line is None:
        raise NotFound("return.line_missing", "A linha do retorno não existe.")
    return line


def lines(tenant_id: str, return_id: str, *, after: int = 0, limit: int | None = None) -> list[OccurrenceRow]:
    """The first `limit` lines after line `after` of a return, or all of them, in the file's order, each with what was
    done with it."""
    following = BankFilesTable.row.between(f"line#{after + 1:08d}", "line#99999999")
    rows = [
        row
        for shard in range(OCCURRENCE_SHARDS)
        for row in BankFilesTable.query(
            f"{tenant_id}#return#{return_id}#s{shard:02d}", following, limit=limit
        )
    ]
    rows.sort(key=lambda row: str(row.row))
    return [row.load(OccurrenceRow) for row in rows[:limit]]


def instruction_row(tenant_id: str, instruction: TitleInstruction) -> BankFilesTable:
    """An instruction's row; while it waits, it is in the index that remittances plan from."""
    waits = instruction.status is InstructionStatus.WAITING
    shard = shard_of(instruction.customer_id, WAITING_SHARDS)
    return entity_row(
        BankFilesTable,
        _title_of(tenant_id, instruction.customer_id, instruction.invoice_id),
        f"instruction#{instruction.id}",
        instruction,
        waiting_key=f"{tenant_id}#{instruction.profile_id}#s{shard:02d}" if waits else None,
        waiting_sort=instruction.asked_at.isoformat() if waits else None,
    )


def get_instruction(
    tenant_id: str, customer_id: str, invoice_id: str, instruction_id: str
) -> TitleInstruction:
    """Raises NotFound."""
    partition = _title_of(tenant_id, customer_id, invoice_id)
    instruction = find(BankFilesTable, partition, f"instruction#{instruction_id}", TitleInstruction)
    if instruction is None:
        raise NotFound("instruction.missing", "A instrução não existe.")
    return instruction


def instructions_of(tenant_id: str, customer_id: str, invoice_id: str) -> list[TitleInstruction]:
    """An invoice's instructions, in the order in which they were requested."""
    partition = _title_of(tenant_id, customer_id, invoice_id)
    instructions = rows_in(BankFilesTable, partition, "instruction#", TitleInstruction)
    return sorted(instructions, key=lambda instruction: (instruction.asked_at, instruction.id))


def find_instructions(tenant_id: str, keys: Iterable[str]) -> dict[str, TitleInstruction]:
    """Instructions by key, "customer_id/invoice_id/instruction_id"; those that do not exist are absent."""
    rows = []
    for key in keys:
        customer_id, invoice_id, instruction_id = key.split("/")
        rows.append((_title_of(tenant_id, customer_id, invoice_id), f"instruction#{instruction_id}"))
    return {one.key: one for one in find_many(BankFilesTable, rows, TitleInstruction).values()}


def waiting_keys(tenant_id: str, profile_id: str) -> Iterator[str]:
    """Keys of the instructions that wait for a remittance of the profile, from the index alone."""
    for shard in range(WAITING_SHARDS):
        for row in BankFilesTable.by_waiting.query(f"{tenant_id}#{profile_id}#s{shard:02d}"):
            customer_id, invoice_id = row.partition.split("#")[2:]
            yield f"{customer_id}/{invoice_id}/{row.row.removeprefix('instruction#')}"


def _title_of(tenant_id: str, customer_id: str, invoice_id: str) -> str:
    return f"{tenant_id}#title#{customer_id}#{invoice_id}"
