"""Runs, their chunk results and their manifests."""

import json
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from itertools import islice

from billing.access.call import Call
from billing.audit.changes import Changes, PlatformTable
from billing.core.errors import NotFound
from billing.core.files import Files, Folder
from billing.core.ids import content_hash
from billing.core.labels import label_of
from billing.core.names import Source
from billing.core.page import MAX_PAGE, Page, encode_cursor, start_of
from billing.core.table import Table, entity_row, find, find_many, rows_in
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Manifest, ManifestChunk, Run, RunStatus

CHUNK_KEYS = 200
"""The least number of keys in one chunk: fewer chunks mean fewer state transitions."""
LAST_WALK = "chunk"
"""Prefix of the rows of the last walk, by which a run is checked; an earlier walk has rows of its own."""


def run_row(tenant_id: str, run: Run) -> Table:
    """Indexed by its own instant, which never changes."""
    of_tenant = f"{tenant_id}#runs"
    return entity_row(
        PlatformTable, of_tenant, f"run#{run.id}", run, day_key=of_tenant, day_sort=run.at.isoformat()
    )


def get(tenant_id: str, run_id: str) -> Run:
    run = find(PlatformTable, f"{tenant_id}#runs", f"run#{run_id}", Run)
    if run is None:
        raise NotFound("run.missing", "A execução não existe.")
    return run


def names(tenant_id: str, run_ids: Collection[str]) -> dict[str, str]:
    """The name of a run: its kind and day."""
    runs = find_many(PlatformTable, [(f"{tenant_id}#runs", f"run#{run_id}") for run_id in run_ids], Run)
    return {run.id: f"{label_of(run.kind)} de {run.business_date:%d/%m/%Y}" for run in runs.values()}


NAMES = Source("run_", names)


def get_for(call: Call, run_id: str) -> Run:
    """Raises NotFound, Forbidden for a run of a company that the caller does not work for."""
    run = get(call.tenant_id, run_id)
    if run.scope is not None:
        call.require_scope(run.scope)
    return run


def runs_for(
    call: Call,
    *,
    kind: RunKind | None = None,
    status: RunStatus | None = None,
    limit: int = MAX_PAGE,
    cursor: str | None = None,
) -> Page[Run]:
    """A page of at most `limit` runs of the caller's companies, of that kind and status, the newest first. A page may be
    empty and another follow.

    Raises InvalidInput for a cursor of another list.
    """
    of_tenant = f"{call.tenant_id}#runs"
    rows = PlatformTable.by_day.query(
        of_tenant,
        scan_index_forward=False,
        limit=limit,
        last_evaluated_key=start_of(cursor, call.tenant_id, "day_key", of_tenant),
    )
    keys = [(row.partition, row.row) for row in rows]
    there = find_many(PlatformTable, keys, Run)
    mine = (
        run
        for key in keys
        if (run := there.get(key))
        and (run.scope is None or call.scope.covers(run.scope))
        and kind in {None, run.kind}
        and status in {None, run.status}
    )
    return Page[Run](items=tuple(mine), next_cursor=encode_cursor(rows.last_evaluated_key))


def runs_since(tenant_id: str, at: datetime) -> Iterator[Run]:
    """All runs whose own instant is not before `at`, however far ahead a clock was; the index may lag by seconds."""
    by_day = PlatformTable.by_day
    rows = by_day.query(f"{tenant_id}#runs", PlatformTable.day_sort >= at.isoformat())
    keys = [(row.partition, row.row) for row in rows]
    there = find_many(PlatformTable, keys, Run)
    return (there[key] for key in keys if key in there)


def put_chunk(call: Call, run: Run, result: ChunkResult, walk: str = LAST_WALK) -> None:
    changes = Changes(call)
    done = result.evolve(attempt=run.attempt)
    changes.overwrite(
        entity_row(PlatformTable, f"{call.tenant_id}#run#{run.id}", f"{walk}#{result.chunk:06d}", done)
    )
    changes.commit()


def chunk_results(tenant_id: str, run_id: str, walk: str = LAST_WALK) -> Iterator[ChunkResult]:
    return rows_in(PlatformTable, f"{tenant_id}#run#{run_id}", f"{walk}#", ChunkResult)


def put_manifest(
    files: Files,
    tenant_id: str,
    run_id: str,
    keys: Iterable[str],
    pinned: dict[str, str],
    chunk_keys: int | None = None,
) -> Manifest:
    """Write the manifest, or read the one that an earlier attempt wrote: it is written once and never changed.

    Keys are streamed: there may be more than fit in memory.
    """
    described = []
    remaining = iter(keys)
    while part := list(islice(remaining, chunk_keys or CHUNK_KEYS)):
        data = json.dumps(part).encode()
        file = Folder.RUNS.key(tenant_id, run_id, f"keys-{content_hash(data)[:32]}.json")
        files.put(file, data, "application/json")
        described.append(ManifestChunk(file=file, keys=len(part)))
    manifest = Manifest(
        run_id=run_id, pinned=pinned, chunks=tuple(described), keys=sum(chunk.keys for chunk in described)
    )
    if files.put_once(_manifest_key(tenant_id, run_id), manifest.model_dump_json().encode()):
        return manifest
    return read_manifest(files, tenant_id, run_id)


def find_manifest(files: Files, tenant_id: str, run_id: str) -> Manifest | None:
    try:
        return read_manifest(files, tenant_id, run_id)
    except NotFound:
        return None


def read_manifest(files: Files, tenant_id: str, run_id: str) -> Manifest:
    return Manifest.model_validate_json(files.get(_manifest_key(tenant_id, run_id)))


def chunk_keys(files: Files, manifest: Manifest, chunk: int) -> list[str]:
    keys: list[str] = json.loads(files.get(manifest.chunks[chunk].file))
    return keys


def _manifest_key(tenant_id: str, run_id: str) -> str:
    return Folder.RUNS.key(tenant_id, run_id, "manifest.json")
