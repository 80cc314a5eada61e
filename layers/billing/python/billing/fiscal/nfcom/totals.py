"""Totals of an NFCom: the sums of its lines (MOC NFCom 1.00a, G106 to G138; rules 256 to 260, 447 to 462, 477 and 500 to 514).

A line that returns an amount (indDevolucao) counts with the opposite sign. vNF is net of the federal taxes that the customer
withholds (rule 460). vTotDFe is left out: no technical note that was read says whether it adds IBS and CBS in 2026.
"""

from collections.abc import Iterable, Iterator, Sequence

from billing.core.entity import Entity
from billing.core.errors import Refused
from billing.core.money import ZERO, Money
from billing.fiscal.nfcom.taxes import LineTaxes, LineValue, RatedTax
from billing.rating.exact import NotNegative


class WithheldFromLine(Entity):
    """Tributos federais que o tomador retém de uma linha (retTrib)."""

    pis: NotNegative = ZERO
    cofins: NotNegative = ZERO
    csll: NotNegative = ZERO
    irrf_base: NotNegative = ZERO
    irrf: NotNegative = ZERO

    @property
    def total(self) -> Money:
        return self.pis + self.cofins + self.csll + self.irrf


class TotalledLine(Entity):
    """Uma linha como entra nos totais."""

    value: LineValue
    taxes: LineTaxes
    withheld: WithheldFromLine | None = None
    gives_back: bool = False
    """Devolução de valor: entra com o sinal trocado."""


class Totals(Entity):
    """Totais da nota; nenhum pode ser negativo."""

    amount: Money
    """vProd."""
    discount: Money
    other: Money
    icms_base: Money
    icms: Money
    fcp: Money
    pis: Money
    cofins: Money
    fust: Money
    funttel: Money
    withheld_pis: Money
    withheld_cofins: Money
    withheld_csll: Money
    withheld_irrf: Money
    ibs_cbs_base: Money
    ibs_state: Money
    ibs_municipality: Money
    cbs: Money
    shows_ibs_cbs: bool
    """Alguma linha informa IBS e CBS."""

    @property
    def ibs(self) -> Money:
        return self.ibs_state + self.ibs_municipality

    @property
    def net(self) -> Money:
        """vNF: what the customer pays."""
        return self.amount - (
            self.withheld_pis + self.withheld_cofins + self.withheld_csll + self.withheld_irrf
        )

    @property
    def negative(self) -> Sequence[str]:
        """Names of the totals below zero."""
        amounts = {name: getattr(self, name) for name in (*type(self).model_fields, "net")}
        return [name for name, amount in amounts.items() if isinstance(amount, Money) and amount < ZERO]


def totals(lines: Iterable[TotalledLine]) -> Totals:
    """The sums of the lines; a tax that a line does not have counts as zero."""
    cents = dict.fromkeys(_AMOUNTS, 0)
    shows_ibs_cbs = False
    for line in lines:
        sign = -1 if line.gives_back else 1
        for name, amount in _amounts(line):
            cents[name] += sign * amount.cents
        shows_ibs_cbs = shows_ibs_cbs or line.taxes.ibs_cbs is not None
    summed = {name: Money.from_cents(total) for name, total in cents.items()}
    return Totals.model_validate({**summed, "shows_ibs_cbs": shows_ibs_cbs})


_AMOUNTS = tuple(name for name in Totals.model_fields if name != "shows_ibs_cbs")


def _amounts(line: TotalledLine) -> Iterator[tuple[str, Money]]:
    """Each total to which the line adds, with its part."""
    yield from (("amount", line.taxes.amount), ("discount", line.value.discount), ("other", line.value.other))
    icms, contributions, ibs_cbs = line.taxes.icms, line.taxes.contributions, line.taxes.ibs_cbs
    if icms.tax is not None:
        yield from (("icms_base", icms.tax.base), ("icms", icms.tax.amount))
    if icms.fcp is not None:
        yield "fcp", icms.fcp.amount
    if contributions is not None:
        yield from (("pis", contributions.pis.amount), ("cofins", contributions.cofins.amount))
    if line.taxes.fust is not None:
        yield "fust", line.taxes.fust.amount
    if line.taxes.funttel is not None:
        yield "funttel", line.taxes.funttel.amount
    if line.withheld is not None:
        yield from (("withheld_pis", line.withheld.pis), ("withheld_cofins", line.withheld.cofins))
        yield from (("withheld_csll", line.withheld.csll), ("withheld_irrf", line.withheld.irrf))
    if ibs_cbs is not None and ibs_cbs.base is not None:
        yield "ibs_cbs_base", ibs_cbs.base
        yield "ibs_state", _fixed(ibs_cbs.ibs_state)
        yield "ibs_municipality", _fixed(ibs_cbs.ibs_municipality)
        yield "cbs", _fixed(ibs_cbs.cbs)


def _fixed(part: RatedTax | None) -> Money:
    """Raises Refused for a tax whose rate the law has not fixed: its total would look like zero."""
    if part is None or part.amount is None:
        raise Refused(
            "fiscal.rate_not_fixed", "Falta a alíquota do IBS ou da CBS: a nota não pode ser totalizada."
        )
    return part.amount
