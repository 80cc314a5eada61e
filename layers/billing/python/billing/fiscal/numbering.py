"""Numbers of fiscal documents by issuer, model and series: consecutive, without gap (FIS-04).

A cancelled document's number stays used. Only models 21 and 22 can be annulled: the last one of the series, if not
yet delivered in a monthly file; then the sequence goes back. At the limit, 21 and 22 begin again at 1 (Convênio ICMS
130/16); the others need another series. NFCom has no service for unused numbers (inutilização): a rejected document
uses its number again.
"""

from typing import NamedTuple

from pydantic import Field

from billing.core.errors import Refusal, Refused
from billing.core.table import Aggregate
from billing.fiscal.document import DocumentState, FiscalDocument, FiscalModel

LIMITS = {
    FiscalModel.COMMUNICATION: 999_999_999,
    FiscalModel.TELECOMMUNICATION: 999_999_999,
    FiscalModel.NFCOM: 999_999_999,
    FiscalModel.NFSE: 999_999_999_999_999,
}


class SeriesNumbers(Aggregate):
    """Numeração de uma série: o último número tomado; zero, nenhum."""

    model: FiscalModel
    series: str = Field(pattern=r"^[0-9A-Z]{1,5}$")
    last: int = Field(default=0, ge=0)
    free: tuple[int, ...] = ()
    """Números devolvidos por documentos rejeitados que não serão corrigidos, do menor ao maior: os próximos a usar."""

    def starting_at(self, first: int) -> "SeriesNumbers":
        """With the numbers below `first` used already, in another system."""
        return self if self.last >= first - 1 else self.evolve(last=first - 1)

    def taken(self) -> "Taken":
        """The lowest number given back, or the next. Raises Refused at the limit."""
        if self.free:
            return Taken(self.evolve(free=self.free[1:]), self.free[0])
        after = self.following()
        return Taken(after, after.last)

    def with_free(self, number: int) -> "SeriesNumbers":
        """The next document uses the number again: no authority has it."""
        return self.evolve(free=tuple(sorted({*self.free, number})))

    def following(self) -> "SeriesNumbers":
        """With the next number taken, which is then `last`. Raises Refused at the limit."""
        if self.last < LIMITS[self.model]:
            return self.evolve(last=self.last + 1)
        if self.model.is_paper:
            return self.evolve(last=1)
        message = f"A série {self.series} chegou ao último número: abra outra série."
        raise Refused.because([Refusal("fiscal.series_full", message)])


class Taken(NamedTuple):
    numbers: SeriesNumbers
    number: int


class Annulment(NamedTuple):
    """Both change in one transaction, or neither."""

    document: FiscalDocument
    numbers: SeriesNumbers


def annul(
    document: FiscalDocument, numbers: SeriesNumbers, reason: str, *, month_is_delivered: bool
) -> Annulment:
    """The annulled document, with its number given back: 5 annulled, the next is 5 again. Raises Refused if that is
    not allowed."""
    refusals = []
    if not document.model.is_paper:
        refusals.append(
            Refusal("fiscal.annul_model", "Só se anulam notas dos modelos 21 e 22: cancele esta.")
        )
    elif document.state is not DocumentState.ISSUED:
        refusals.append(
            Refusal(
                "fiscal.annul_state", f"A nota está {document.state.label.lower()}: não pode ser anulada."
            )
        )
    elif (document.model, document.series, document.number) != (numbers.model, numbers.series, numbers.last):
        refusals.append(
            Refusal(
                "fiscal.annul_last",
                f"Só a última nota da série, a {numbers.last}, pode ser anulada: cancele esta.",
            )
        )
    if month_is_delivered:
        refusals.append(
            Refusal(
                "fiscal.annul_delivered", "O arquivo do mês já foi entregue: cancele a nota em vez de anular."
            )
        )
    if refusals:
        raise Refused.because(refusals)
    return Annulment(document.annulled(reason), numbers.evolve(last=numbers.last - 1))
