"""Remittances, return files and the occurrences that were applied."""

from billing.bank_files.model import (
    AppliedMark,
    OccurrenceRow,
    Remittance,
    RemittanceTitles,
    ReturnFile,
    Sequence,
)
from billing.core.errors import NotFound
from billing.core.files import Files
from billing.core.ids import shard_of
from billing.core.table import Table, entity_row, find, meta, rows_in

OCCURRENCE_SHARDS = 16
"""An occurrence's partition is one of 16 of its return: a file of 100,000 titles does not crowd one partition."""


class BankFilesTable(Table):
    Meta = meta("bank_files")


def remittance_row(tenant_id: str, remittance: Remittance) -> BankFilesTable:
    partition = f"{tenant_id}#profile#{remittance.profile_id}"
    return entity_row(BankFilesTable, partition, f"remittance#{remittance.sequence:08d}", remittance)


def remittances(tenant_id: str, profile_id: str) -> list[Remittance]:
    """Newest first."""
    partition = f"{tenant_id}#profile#{profile_id}"
    return list(rows_in(BankFilesTable, partition, "remittance#", Remittance, newest_first=True))


def sequence_row(tenant_id: str, profile_id: str, sequence: Sequence) -> BankFilesTable:
    return entity_row(BankFilesTable, f"{tenant_id}#profile#{profile_id}", "sequence", sequence)


def get_sequence(tenant_id: str, profile_id: str) -> Sequence:
    found = find(BankFilesTable, f"{tenant_id}#profile#{profile_id}", "sequence", Sequence)
    return found or Sequence(last=0)


def of_run_row(tenant_id: str, remittance: Remittance) -> BankFilesTable:
    """The remittance again under its run: a run that is started again finds the sequence it took."""
    return entity_row(BankFilesTable, f"{tenant_id}#run#{remittance.run_id}", "remittance", remittance)


def find_of_run(tenant_id: str, run_id: str) -> Remittance | None:
    return find(BankFilesTable, f"{tenant_id}#run#{run_id}", "remittance", Remittance)


def pin_titles(files: Files, tenant_id: str, run_id: str, titles: RemittanceTitles) -> RemittanceTitles:
    """Keep what goes in the file, or read what an earlier attempt kept."""
    files.put_once(_titles_key(tenant_id, run_id), titles.model_dump_json().encode())
    return RemittanceTitles.model_validate_json(files.get(_titles_key(tenant_id, run_id)))


def find_titles(files: Files, tenant_id: str, run_id: str) -> RemittanceTitles | None:
    try:
        return RemittanceTitles.model_validate_json(files.get(_titles_key(tenant_id, run_id)))
    except NotFound:
        return None


def file_key(tenant_id: str, remittance: Remittance) -> str:
    return f"{tenant_id}/remittances/{remittance.profile_id}/{remittance.file_name}"


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
    """The guard: an occurrence that is marked was applied, whatever file it comes in again."""
    return entity_row(BankFilesTable, f"{tenant_id}#applied#{profile_id}#{occurrence_id}", "applied", mark)


def find_applied(tenant_id: str, profile_id: str, occurrence_id: str) -> AppliedMark | None:
    return find(BankFilesTable, f"{tenant_id}#applied#{profile_id}#{occurrence_id}", "applied", AppliedMark)


def line_row(tenant_id: str, occurrence: OccurrenceRow) -> BankFilesTable:
    """The line of the return's summary."""
    shard = shard_of(occurrence.id, OCCURRENCE_SHARDS)
    partition = f"{tenant_id}#return#{occurrence.return_id}#s{shard:02d}"
    return entity_row(BankFilesTable, partition, f"line#{occurrence.line_number:08d}", occurrence)


def get_line(tenant_id: str, return_id: str, occurrence_id: str, line_number: int) -> OccurrenceRow:
    shard = shard_of(occurrence_id, OCCURRENCE_SHARDS)
    partition = f"{tenant_id}#return#{return_id}#s{shard:02d}"
    line = find(BankFilesTable, partition, f"line#{line_number:08d}", OccurrenceRow)
    if line is None:
        raise NotFound("return.line_missing", "A linha do retorno não existe.")
    return line


def lines(tenant_id: str, return_id: str) -> list[OccurrenceRow]:
    """Every line of a return with what became of it, in the file's order."""
    found = [
        line
        for shard in range(OCCURRENCE_SHARDS)
        for line in rows_in(
            BankFilesTable, f"{tenant_id}#return#{return_id}#s{shard:02d}", "line#", OccurrenceRow
        )
    ]
    return sorted(found, key=lambda line: line.line_number)


def _titles_key(tenant_id: str, run_id: str) -> str:
    return f"{tenant_id}/runs/{run_id}/titles.json"
