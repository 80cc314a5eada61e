"""A fiscal document's life (FIS-01 to FIS-04, FIS-06): from pending to authorised, rejected, cancelled or annulled.

It belongs to a group of an invoice's lines: one invoice may need an NFCom and an NFS-e, and a rental neither. A
number once taken stays with its document: if rejected, it is corrected and signed again with the same number; if its
state is unknown, the authority is queried or the same bytes are sent again, never with another number.
"""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import Field

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused
from billing.core.money import Money
from billing.core.period import Month
from billing.core.table import Aggregate
from billing.core.text import Id, Line, Text
from billing.fiscal.dated import content
from billing.fiscal.environment import Environment


class FiscalModel(StrEnum):
    """Modelo do documento fiscal."""

    COMMUNICATION = "21"
    """Nota Fiscal de Serviço de Comunicação, até outubro de 2025."""
    TELECOMMUNICATION = "22"
    """Nota Fiscal de Serviço de Telecomunicações, até outubro de 2025."""
    NFCOM = "62"
    NFSE = "nfse"

    @property
    def is_paper(self) -> bool:
        return self in {FiscalModel.COMMUNICATION, FiscalModel.TELECOMMUNICATION}

    def covers(self, month: Month) -> bool:
        """Whether documents of this model are issued for a month."""
        row = content("models")["models"][self.value]
        first, end = row.get("valid_from"), row.get("valid_until")
        starts = first is None or date.fromisoformat(first) <= month.first_day
        return starts and (end is None or month.first_day < date.fromisoformat(end))


class DocumentState(StrEnum):
    """Situação do documento fiscal."""

    PENDING = "pending"
    SIGNED = "signed"
    """Numerado e assinado; os bytes guardados são os que se transmitem."""
    UNKNOWN = "unknown"
    """Transmitido, e a resposta se perdeu: consulta-se, não se numera de novo."""
    AUTHORISED = "authorised"
    REJECTED = "rejected"
    """Recusado pelo autorizador: corrige-se e assina-se de novo, com o mesmo número."""
    DENIED = "denied"
    ISSUED = "issued"
    """Emitido, dos modelos 21 e 22."""
    CANCELLED = "cancelled"
    SUBSTITUTED = "substituted"
    ANNULLED = "annulled"

    @property
    def label(self) -> str:
        return _LABELS[self]


_LABELS = {
    DocumentState.PENDING: "Pendente",
    DocumentState.SIGNED: "Assinado",
    DocumentState.UNKNOWN: "Sem resposta do autorizador",
    DocumentState.AUTHORISED: "Autorizado",
    DocumentState.REJECTED: "Rejeitado",
    DocumentState.DENIED: "Denegado",
    DocumentState.ISSUED: "Emitido",
    DocumentState.CANCELLED: "Cancelado",
    DocumentState.SUBSTITUTED: "Substituído",
    DocumentState.ANNULLED: "Anulado",
}

_S = DocumentState
_Moves = Mapping[DocumentState, frozenset[DocumentState]]
_ANSWERS = frozenset({_S.AUTHORISED, _S.REJECTED, _S.DENIED})

ELECTRONIC_MOVES: _Moves = {
    _S.PENDING: frozenset({_S.SIGNED}),
    _S.SIGNED: _ANSWERS | {_S.UNKNOWN},
    _S.UNKNOWN: _ANSWERS | {_S.CANCELLED, _S.SUBSTITUTED},
    _S.REJECTED: frozenset({_S.SIGNED, _S.PENDING}),
    _S.AUTHORISED: frozenset({_S.CANCELLED, _S.SUBSTITUTED}),
}
PAPER_MOVES: _Moves = {
    _S.PENDING: frozenset({_S.ISSUED}),
    _S.ISSUED: frozenset({_S.CANCELLED, _S.ANNULLED}),
}


class Observations(Entity):
    """As quatro observações do documento (FIS-03)."""

    customer_first: Text | None = Field(default=None, max_length=2000, examples=["Pedido de compra 77"])
    customer_second: Text | None = Field(default=None, max_length=2000)
    month: Text | None = Field(default=None, max_length=2000)
    """Da competência."""
    contract: Text | None = Field(default=None, max_length=2000)

    @property
    def written(self) -> tuple[str, ...]:
        """In the document's order; empty ones are left out."""
        listed = (self.customer_first, self.customer_second, self.month, self.contract)
        return tuple(observation for observation in listed if observation)


class RequestedCancellation(Entity):
    """Cancelamento pedido ao autorizador; fica até a resposta dele."""

    reason: Line
    at: datetime


class FiscalDocument(Aggregate):
    """Documento fiscal de um grupo de linhas de uma fatura."""

    id: Id
    model: FiscalModel
    company_id: Id
    customer_id: Id
    invoice_id: Id
    contract_id: Id | None = None
    composition: str | None = None
    """Da NFS-e, a composição fiscal do serviço: cada declaração é de um só."""
    line_ids: Annotated[tuple[Id, ...], Field(min_length=1)]
    """As linhas da fatura que ele documenta."""
    month: Month
    """Competência."""
    environment: Environment = Environment.TEST
    amount: Money | None = None
    """Valor do documento (vNF)."""
    state: DocumentState = DocumentState.PENDING
    observations: Observations = Observations()
    series: str | None = None
    number: int | None = None
    key: str | None = None
    """Chave de acesso da NFCom; da NFS-e, a identificação da DPS."""
    random_code: str | None = None
    """Código aleatório da chave; o documento recusado o mantém."""
    issued_at: datetime | None = None
    """Instante da emissão, o da última assinatura."""
    attempts: int = 0
    """Quantas vezes foi assinado: cada assinatura é um arquivo."""
    protocol: str | None = None
    nfse_key: str | None = None
    """Chave da NFS-e que a Sefin Nacional gerou da declaração."""
    authorised_at: datetime | None = None
    reason: Line | None = None
    """Por que foi rejeitado, cancelado ou anulado, ou por que não se sabe se foi autorizado."""
    cancellation: RequestedCancellation | None = None

    @property
    def is_unfinished(self) -> bool:
        """Whether it has a number but no final answer."""
        return self.state in {DocumentState.SIGNED, DocumentState.UNKNOWN, DocumentState.REJECTED}

    @property
    def is_standing(self) -> bool:
        """Whether it covers its lines."""
        return self.state in {DocumentState.AUTHORISED, DocumentState.ISSUED}

    @property
    def moves(self) -> _Moves:
        return PAPER_MOVES if self.model.is_paper else ELECTRONIC_MOVES

    def numbered(self, series: str, number: int, key: str, **details: Any) -> "FiscalDocument":
        """Signed with a number (21 and 22: issued); `details` are fields of what is signed. A rejected one keeps the number
        that it has. Raises Refused."""
        if not self.model.covers(self.month):
            raise _refused(
                "fiscal.model_month", f"O modelo {self.model} não é emitido para a competência {self.month}."
            )
        if self.number is not None and (self.series, self.number) != (series, number):
            raise _refused(
                "fiscal.number_kept",
                f"O documento já tem o número {self.number}, e é com ele que volta a ser assinado.",
            )
        state = DocumentState.ISSUED if self.model.is_paper else DocumentState.SIGNED
        changes = {"series": series, "number": number, "key": key, "reason": None, **details}
        return self._moved(state, attempts=self.attempts + 1, **changes)

    def given_back(self) -> "FiscalDocument":
        """Rejected and not to be corrected: pending again, with its number and lines free."""
        nothing = dict.fromkeys(("series", "number", "key", "random_code", "issued_at", "reason"))
        return self._moved(DocumentState.PENDING, **nothing)

    def lost(self, reason: str | None = None) -> "FiscalDocument":
        """No answer came, or none that can be read. If lost again, only the reason changes."""
        if self.state is DocumentState.UNKNOWN:
            return self.evolve(reason=reason)
        return self._moved(DocumentState.UNKNOWN, reason=reason)

    def authorised(
        self, protocol: str | None, at: datetime | None = None, nfse_key: str | None = None
    ) -> "FiscalDocument":
        """With the NFCom's protocol, or the key of the NFS-e that was made of the declaration."""
        identified = {"protocol": protocol, "nfse_key": nfse_key, "authorised_at": at}
        return self._moved(DocumentState.AUTHORISED, reason=None, **identified)

    def asked_to_cancel(self, reason: str, at: datetime) -> "FiscalDocument":
        """Stored before the request is sent to the authority. If requested again, the first request counts. Raises
        Refused."""
        if self.state is not DocumentState.AUTHORISED:
            raise _refused(
                "fiscal.cancel_state", f"O documento está {self.state.label.lower()}: não há o que cancelar."
            )
        return self if self.cancellation else self.evolve(cancellation={"reason": reason, "at": at})

    def kept(self) -> "FiscalDocument":
        """The authority refused the requested cancellation."""
        return self.evolve(cancellation=None)

    def rejected(self, reason: str) -> "FiscalDocument":
        return self._moved(DocumentState.REJECTED, reason=reason)

    def denied(self, reason: str) -> "FiscalDocument":
        return self._moved(DocumentState.DENIED, reason=reason)

    def cancelled(self, reason: str) -> "FiscalDocument":
        """The number stays used."""
        return self._moved(DocumentState.CANCELLED, reason=reason, cancellation=None)

    def substituted(self, reason: str) -> "FiscalDocument":
        return self._moved(DocumentState.SUBSTITUTED, reason=reason)

    def annulled(self, reason: str) -> "FiscalDocument":
        """Only through `numbering.annul`, which gives the number back."""
        return self._moved(DocumentState.ANNULLED, reason=reason)

    def observed(self, observations: Observations) -> "FiscalDocument":
        """Other observations: until transmission, or of 21 and 22 until the end (FIS-03). Raises Refused."""
        editable = {DocumentState.PENDING, DocumentState.REJECTED, DocumentState.ISSUED}
        if self.state not in editable:
            raise _refused(
                "fiscal.observations_locked",
                f"As observações de um documento {self.state.label.lower()} não mudam mais.",
            )
        return self.evolve(observations=observations)

    def _moved(self, state: DocumentState, **changes: object) -> "FiscalDocument":
        if state not in self.moves.get(self.state, frozenset()):
            raise _refused(
                "fiscal.state", f"Um documento {self.state.label.lower()} não passa a {state.label.lower()}."
            )
        return self.evolve(state=state, **changes)


def _refused(code: str, message: str) -> Refused:
    return Refused.because([Refusal(code, message)])
