"""Writes remittances in CNAB 400, for any bank: header, the lines of each title, trailer, all numbered from 1."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from billing.banking.instructions import Instruction
from billing.banking.layouts.pictures import DAYS
from billing.banking.layouts.record import Record
from billing.banking.layouts.title_facts import Facts, picker
from billing.banking.remittance import Opening

Lines = Iterator[tuple[Record, Facts]]


@dataclass(frozen=True, slots=True)
class Policy400:
    header: Record
    trailer: Record
    account: Callable[[Opening], Facts]
    """The header's own facts."""
    records: Callable[[Opening], Callable[[Instruction], Lines]]
    """Compiles a file's records: for each title its lines, each as a record and the facts that it picks from."""


class Writer400:
    def __init__(self, opening: Opening, policy: Policy400) -> None:
        self._opening, self._policy = opening, policy
        self._lines = self._cents = self._titles = 0
        self._records = policy.records(opening)
        self._pickers: dict[Record, Callable[[Facts], tuple[int | str, ...]]] = {}

    def header(self) -> Iterator[str]:
        opening = self._opening
        header = self._policy.header
        own: Facts = {"sequencial_arquivo": opening.sequence}
        if dated := header.by_name.get("data_geracao"):  # Cresol's has no date
            own["data_geracao"] = DAYS[dated.picture](opening.created_on)
        yield self._line(header, self._policy.account(opening) | own, "Cabeçalho")

    def instruction(self, instruction: Instruction) -> list[str]:
        title = instruction.title
        self._titles += 1
        self._cents += title.amount.cents
        return [
            self._line(record, facts, title.document_number) for record, facts in self._records(instruction)
        ]

    def trailer(self) -> Iterator[str]:
        own: Facts = {
            "quantidade_titulos": self._titles,
            "valor_total": self._cents,
            "quantidade_registros": self._lines + 1,
        }
        yield self._line(self._policy.trailer, self._policy.account(self._opening) | own, "Fim do arquivo")

    def _line(self, record: Record, facts: Facts, where: str) -> str:
        self._lines += 1
        facts["sequencial"] = self._lines
        pick = self._pickers.get(record)
        if pick is None:
            pick = self._pickers[record] = picker(record)
        return record.write(pick(facts), self._opening.warnings, where)
