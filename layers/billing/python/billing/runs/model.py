"""A run: one execution of a process over many customers, in chunks; started again, it comes to the same result
(PLT-04)."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field

from billing.access.call import Actor
from billing.access.scope import Scope
from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.runs.kinds import PROCESSES, RunKind

_ALL_PARKED = "Nada foi feito: tudo ficou de fora. Veja os motivos na lista do que ficou de fora."


class RunStatus(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


class Run(Aggregate):
    """Execução. `at` é o seu instante de negócio: o agora das suas tarefas, por mais tarde que sejam tentadas de
    novo."""

    id: str
    kind: RunKind
    status: RunStatus = RunStatus.RUNNING
    attempt: int = 1
    """Quantas vezes foi iniciada; cada tentativa converge para o mesmo resultado."""
    at: datetime
    """Instante de negócio da execução, o mesmo em todas as tentativas."""
    business_date: date
    """Data de negócio, em São Paulo."""
    company_id: str | None = None
    input: dict[str, str] = {}
    """O que foi pedido: datas, profile, arquivo; os valores são texto."""
    started_by: str
    """Usuário, ou `schedule` quando foi o agendamento; responde na auditoria pelo que a execução faz."""
    chunks: int | None = None
    """Em quantas partes o trabalho foi dividido; ausente enquanto não foi planejado."""
    keys: int | None = None
    """Quantos itens há em todas as partes."""
    totals: dict[str, str] = {}
    """O que a execução fez, por nome: quantidades e valores como texto."""
    parked: int = 0
    """Quantos itens ficaram de fora; veja os motivos em `/runs/{run_id}/parked`."""
    failure: str | None = None
    """Nome do erro que interrompeu a execução; ela pode ser iniciada de novo."""
    finished_at: datetime | None = None
    """Quando terminou, falhou ou foi cancelada."""
    notice: str | None = None
    """O que saber de uma execução concluída que não fez nada."""

    def planned(self, *, chunks: int, keys: int, company_id: str | None) -> "Run":
        """Planned; with the company, if only the plan finds it out: a return file belongs to its account's company."""
        return self.evolve(chunks=chunks, keys=keys, company_id=self.company_id or company_id)

    def finished(self, at: datetime, totals: dict[str, str], parked: int) -> "Run":
        """Finished, unless a person cancelled it."""
        if self.status is RunStatus.CANCELLED:
            return self
        return self.evolve(
            status=RunStatus.DONE,
            finished_at=at,
            totals=totals,
            parked=parked,
            failure=None,
            notice=self._nothing_done(parked),
        )

    def _nothing_done(self, parked: int) -> str | None:
        if not self.keys:
            return PROCESSES[self.kind].nothing_new
        return _ALL_PARKED if parked == self.keys else None

    def failed(self, at: datetime, failure: str, attempt: int) -> "Run":
        """Only the current attempt can fail: a run that has ended, or was started again since, stays as it is."""
        if self.status is not RunStatus.RUNNING or attempt != self.attempt:
            return self
        return self.evolve(status=RunStatus.FAILED, finished_at=at, failure=failure[:500])

    def cancelled(self, at: datetime) -> "Run":
        """Chunks not yet begun are skipped; those begun are completed. Raises Refused for a run that has ended."""
        if self.status is not RunStatus.RUNNING:
            raise Refused.because([Refusal("run.over", "A execução já terminou; não há o que cancelar.")])
        return self.evolve(status=RunStatus.CANCELLED, finished_at=at)

    def given_up(self, at: datetime) -> "Run":
        """Cancelled; the next attempt undoes what earlier ones had begun, whose executions may be dead."""
        return self.evolve(status=RunStatus.CANCELLED, attempt=self.attempt + 1, finished_at=at)

    def again(self, started_by: str, wanted: "Run | None" = None) -> "Run":
        """The next attempt, which completes what earlier attempts made. It acts for the person who starts it, with
        `wanted` as requested now; if another attempt is still going on, it acts for the person who started that one."""
        taken = {} if wanted is None else {"company_id": wanted.company_id, "input": wanted.input}
        of_starter = {} if self.status is RunStatus.RUNNING else {"started_by": started_by, **taken}
        return self.evolve(
            status=RunStatus.RUNNING,
            attempt=self.attempt + 1,
            finished_at=None,
            failure=None,
            notice=None,
            **of_starter,
        )

    @property
    def scope(self) -> Scope | None:
        """The companies that it works for; None if not known yet: a return whose account has not been read."""
        if self.company_id is not None:
            return Scope.of(self.company_id)
        return Scope.read(self.input["companies"]) if "companies" in self.input else None

    @property
    def actor(self) -> Actor:
        return Actor(self.started_by, self.id)

    @property
    def execution_name(self) -> str:
        return f"{self.id}-{self.attempt}"


class RunProgress(Run):
    """Uma execução e quanto dela já foi feito."""

    done_chunks: int
    """Partes que a última tentativa já concluiu, de `chunks`."""
    done_keys: int
    """Itens dessas partes, de `keys`."""


class Parked(Entity):
    """Cliente ou título que ficou de fora de uma execução, com o motivo; a execução segue."""

    key: str
    code: str
    message: str


class ChunkResult(Entity):
    """The result of one chunk. Derived from stored data, so it can be written again at any time."""

    chunk: int
    attempt: int = 0
    """The run's attempt that last worked on it."""
    keys: int
    totals: dict[str, str] = {}
    parked: tuple[Parked, ...] = ()


class RunEvent(Entity):
    """The input of a state machine's task: keys, never data."""

    tenant_id: str
    run_id: str
    attempt: int = Field(default=1, ge=1)
    chunk: int = Field(default=0, ge=0)


class ManifestChunk(Entity):
    file: str
    keys: int


class Manifest(Entity):
    """What a run works on, fixed when it is planned and never changed (`pinned`: cut-off, versions)."""

    run_id: str
    pinned: dict[str, str] = {}
    chunks: tuple[ManifestChunk, ...]
    keys: int
