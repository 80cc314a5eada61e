"""The whole base simulated for one month and compared with another, outliers first; nothing is kept (CHG-10).

A run: its plan lists every contract with a closing that is not frozen; each chunk writes its contracts' changes to a
file, the largest first; the last task merges the beginnings of the files into one summary.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from heapq import merge
from itertools import islice

from pydantic import TypeAdapter

from billing.access.call import Call
from billing.closings import store
from billing.closings.gathering import Gatherer
from billing.closings.parking import parking
from billing.closings.simulation import Simulated, of_kept, require_near
from billing.contracts import store as contracts
from billing.contracts.model import Contract
from billing.core.entity import Entity
from billing.core.errors import NotFound
from billing.core.files import Files, Folder
from billing.core.money import ZERO, Money
from billing.core.period import Month
from billing.rating.comparison import Cause, Change, compare
from billing.runs import service as runs
from billing.runs import store as run_rows
from billing.runs.kinds import RunKind
from billing.runs.model import ChunkResult, Parked, Run, RunStatus
from billing.runs.processes import Processes
from billing.runs.service import Chunk, RunContext

OUTLIER_PERCENT = 20
"""A contract whose amount changes by this percentage, or from or to nothing, is an outlier."""
SUMMARISED = 500
"""How many contracts the summary has."""
TOLD = 3
"""How many changes are listed for each contract."""


class BaseSimulationRequest(Entity):
    """Simular todos os contratos em vigor."""

    month: Month
    """Mês em que os períodos simulados começam."""
    compare_with: Month | None = None
    """Com que mês são comparados; ausente, com o anterior."""


class ContractChange(Entity):
    """Um contrato cujo valor muda, e por quê."""

    customer_id: str
    contract_id: str
    contract_title: str
    before: Money
    after: Money
    difference: Money
    is_outlier: bool
    by_cause: dict[Cause, Money]
    changes: tuple[Change, ...]
    """As maiores diferenças."""


class BaseSimulation(Entity):
    """O que muda na base, com os contratos discrepantes primeiro."""

    month: Month
    compare_with: Month
    totals: dict[str, str]
    """Contratos, quantos mudam e são discrepantes, valores antes e depois, e a diferença por causa."""
    contracts: tuple[ContractChange, ...]


_CHANGES = TypeAdapter(tuple[ContractChange, ...])


def start(call: Call, processes: Processes, request: BaseSimulationRequest) -> Run:
    other = request.compare_with or request.month.plus(-1)
    require_near(call.today, request.month, other)
    companies = call.scope.text
    return runs.start(
        call,
        processes,
        RunKind.SIMULATION,
        input={"month": request.month, "compare_with": other, "companies": companies},
    )


def plan(context: RunContext) -> tuple[list[str], dict[str, str]]:
    """A key per contract of the run's companies with a closing that is not frozen."""
    call = context.call
    live = store.live_until(call.tenant_id, date.max)
    return sorted(end.key for end in live if call.works_for(end.company_id)), {}


def simulate_chunk(context: RunContext, chunk: Chunk) -> ChunkResult:
    call, run = context.call, context.run
    parked: list[Parked] = []
    changes = list(_changes(call, run, chunk.keys, parked))
    changed = sorted((change for change in changes if change.difference), key=_rank)
    part = _part(call.tenant_id, run.id, chunk.number)
    context.files.put(part, _CHANGES.dump_json(tuple(changed[:SUMMARISED])))
    return ChunkResult(
        chunk=chunk.number, keys=len(chunk.keys), totals=_totals(changes), parked=tuple(parked)
    )


def finish(context: RunContext) -> dict[str, object]:
    """Close the run and merge its chunks' contracts, outliers first."""
    run = runs.check(context)
    if run.status is not RunStatus.DONE:
        return runs.end_of(run)
    call, files = context.call, context.files
    parts = (
        _CHANGES.validate_json(files.get(_part(call.tenant_id, run.id, result.chunk)))
        for result in run_rows.chunk_results(call.tenant_id, run.id)
    )
    heads = tuple(islice(merge(*parts, key=_rank), SUMMARISED))
    files.put(_summary(call.tenant_id, run.id), _CHANGES.dump_json(heads))
    return runs.end_of(run)


def result(call: Call, files: Files, run_id: str) -> BaseSimulation:
    """Raises NotFound while there is no result, Forbidden if it is of companies that the caller does not work for."""
    run = run_rows.get_for(call, run_id)
    if run.kind is not RunKind.SIMULATION:
        raise NotFound("simulation.missing", "A execução não é uma simulação.")
    try:
        data = files.get(_summary(call.tenant_id, run_id))
    except NotFound:
        raise NotFound("simulation.unfinished", "A simulação ainda não terminou.") from None
    return BaseSimulation(
        month=Month(run.input["month"]),
        compare_with=Month(run.input["compare_with"]),
        totals={**_totals([]), **run.totals},
        contracts=_CHANGES.validate_json(data),
    )


def _changes(call: Call, run: Run, keys: list[str], parked: list[Parked]) -> Iterator[ContractChange]:
    gatherer = Gatherer(call.tenant_id)
    month, other = Month(run.input["month"]), Month(run.input["compare_with"])
    pairs = [tuple(key.split("/")) for key in keys]
    for closing in store.get_many(call.tenant_id, [(customer, closing) for customer, closing in pairs]):
        with parking(f"{closing.customer_id}/{closing.contract_id}", parked):
            contract = contracts.get(call.tenant_id, closing.customer_id, closing.contract_id)
            simulated = of_kept(gatherer, contract, {month, other})
            yield _change(contract, simulated[other], simulated[month])


def _change(contract: Contract, before: Simulated, after: Simulated) -> ContractChange:
    comparison = compare(before.side, after.side)
    return ContractChange(
        customer_id=contract.customer_id,
        contract_id=contract.id,
        contract_title=contract.title,
        before=comparison.before,
        after=comparison.after,
        difference=comparison.difference,
        is_outlier=is_outlier(comparison.before, comparison.after),
        by_cause=comparison.by_cause,
        changes=comparison.changes[:TOLD],
    )


def is_outlier(before: Money, after: Money) -> bool:
    """
    >>> is_outlier(Money("100.00"), Money("119.99")), is_outlier(Money("100.00"), Money("80.00"))
    (False, True)
    >>> is_outlier(Money("0.00"), Money("0.01")), is_outlier(Money("0.00"), Money("0.00"))
    (True, False)
    """
    difference = abs((after - before).cents)
    return difference > 0 and 100 * difference >= OUTLIER_PERCENT * abs(before.cents)


def _rank(change: ContractChange) -> tuple[bool, int, str, str]:
    """Outliers first, then the largest differences."""
    return (
        not change.is_outlier,
        -abs(change.difference.cents),
        change.customer_id,
        change.contract_id,
    )


def _totals(changes: list[ContractChange]) -> dict[str, str]:
    by_cause: Counter[Cause] = Counter()
    for change in changes:
        for cause, amount in change.by_cause.items():
            by_cause[cause] += amount.cents
    return {
        "contracts": str(len(changes)),
        "changed": str(sum(1 for change in changes if change.difference != ZERO)),
        "outliers": str(sum(1 for change in changes if change.is_outlier)),
        "before": str(Money.sum(change.before for change in changes)),
        "after": str(Money.sum(change.after for change in changes)),
        **{f"by_{cause}": str(Money.from_cents(by_cause[cause])) for cause in Cause},
    }


def _part(tenant_id: str, run_id: str, chunk: int) -> str:
    return Folder.SIMULATIONS.key(tenant_id, run_id, f"part-{chunk:06d}.json")


def _summary(tenant_id: str, run_id: str) -> str:
    return Folder.SIMULATIONS.key(tenant_id, run_id, "summary.json")
