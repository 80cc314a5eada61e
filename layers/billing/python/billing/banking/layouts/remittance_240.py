"""Writes remittances in CNAB 240, for any bank: file, batches, trailers. What is specific to the bank is passed in as a
`Policy240`."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from billing.banking.instructions import Instruction
from billing.banking.layouts.pictures import ddmmyyyy
from billing.banking.layouts.record import Record
from billing.banking.remittance import Opening
from billing.core.clock import SAO_PAULO
from billing.core.errors import Refused

TITLES_IN_BATCH = 10_000
BATCHES_IN_FILE = 70

LENGTH = 240

Segments = Callable[[Instruction, int], list[str]]
"""A title's lines, numbered from the given number on; for one batch of one file."""


@dataclass(frozen=True, slots=True)
class Policy240:
    file_header: Record
    batch_header: Record
    batch_trailer: Record
    file_trailer: Record
    account: Callable[[Opening], dict[str, int | str]]
    """The account's fields in both headers, by name."""
    segments: Callable[[Opening, int], Segments]
    """Compiles the segments of one batch."""
    wallet_total: Callable[[Opening], str]
    """Which total in the batch's trailer includes the wallet: simples, vinculada, caucionada or descontada."""


class Writer240:
    """One file. Batches of at most 10,000 titles, 70 to a file (FEBRABAN V10.6)."""

    def __init__(self, opening: Opening, policy: Policy240) -> None:
        self._opening, self._policy = opening, policy
        self._account = policy.account(opening)
        self._batch = self._lines = 0
        self._titles = self._records = self._cents = 0
        self._segments: Segments | None = None

    def header(self) -> Iterator[str]:
        created_at = self._opening.created_at.astimezone(SAO_PAULO)
        own: dict[str, int | str] = self._account | {
            "remessa_retorno": "1",
            "data_geracao": ddmmyyyy(self._opening.created_on),
            "hora_geracao": int(f"{created_at:%H%M%S}"),
            "sequencial_arquivo": self._opening.sequence,
        }
        yield self._counted(self._write(self._policy.file_header, own, "Cabeçalho do arquivo"))

    def instruction(self, instruction: Instruction) -> list[str]:
        around: list[str] = []
        if self._segments is None or self._titles == TITLES_IN_BATCH:
            around = [*self._close_batch(), self._open_batch()]
        assert self._segments is not None
        lines = self._segments(instruction, self._records + 1)
        self._records += len(lines)
        self._titles += 1
        self._cents += instruction.title.amount.cents
        return around + lines if around else lines

    def trailer(self) -> Iterator[str]:
        yield from self._close_batch()
        self._lines += 1
        own: dict[str, int | str] = {"quantidade_lotes": self._batch, "quantidade_registros": self._lines}
        yield self._write(self._policy.file_trailer, own, "Fim do arquivo")

    def _open_batch(self) -> str:
        if self._batch == BATCHES_IN_FILE:
            most = f"{BATCHES_IN_FILE * TITLES_IN_BATCH:,}".replace(",", ".")
            raise Refused(
                "remittance.too_large", f"Uma remessa leva no máximo {most} títulos: divida-a em arquivos."
            )
        self._batch += 1
        self._titles = self._records = self._cents = 0
        self._segments = self._policy.segments(self._opening, self._batch)
        own: dict[str, int | str] = self._account | {
            "lote": f"{self._batch:04d}",
            "operacao": "R",
            "numero_remessa": self._opening.sequence,
            "data_gravacao": ddmmyyyy(self._opening.created_on),
            "data_credito": "00000000",
        }
        return self._counted(self._write(self._policy.batch_header, own, "Cabeçalho do lote"))

    def _close_batch(self) -> Iterator[str]:
        if self._segments is None:
            return
        self._lines += self._records
        total = self._policy.wallet_total(self._opening)
        own: dict[str, int | str] = {
            "lote": f"{self._batch:04d}",
            "quantidade_registros": self._records + 2,
            f"{total}_titulos": self._titles,
            f"{total}_valor": self._cents,
        }
        self._segments = None
        yield self._counted(self._write(self._policy.batch_trailer, own, "Fim do lote"))

    def _counted(self, line: str) -> str:
        self._lines += 1
        return line

    def _write(self, record: Record, own: Mapping[str, int | str], where: str) -> str:
        """A record from values by name; those not given are zero or blank."""
        values = tuple(own.get(field.name, field.empty) for field in record.inputs)
        return record.write(values, self._opening.warnings, where)
