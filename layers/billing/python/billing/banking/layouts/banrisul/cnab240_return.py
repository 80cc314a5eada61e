"""Reads returns of Banrisul, CNAB 240. Pages are those of the manual in `cnab240`.

"Valor pago" is one of six amounts, as agreed with the bank, while "valor líquido" is the same in all cases (p. 29):
what the payer paid, with interest, without the costs of collection and other expenses. The amount paid is taken from
it.
"""

from billing.banking.layouts.banrisul import cnab240 as records
from billing.banking.layouts.banrisul.cnab240_codes import IN_PART, OCCURRENCES, REASONS
from billing.banking.layouts.febraban_240_return import completed, layout_of
from billing.banking.layouts.pictures import to_money
from billing.banking.occurrences import SETTLEMENTS, Occurrence, OccurrenceKind

_SHARED = layout_of("041", records, OCCURRENCES, REASONS, number=str.strip)
_EXPENSES = records.SEGMENT_U.slicer("outras_despesas", "data_ocorrencia")


def _completed(occurrence: Occurrence, _t: str, u: str, _raw: tuple[str, ...]) -> Occurrence:
    if not u:
        return occurrence
    costs = occurrence.tariff + to_money(_EXPENSES(u)[0])
    if occurrence.kind not in SETTLEMENTS:
        return occurrence._replace(tariff=costs)
    partly = IN_PART in (reason.code for reason in occurrence.reasons)
    return occurrence._replace(
        kind=OccurrenceKind.PARTIALLY_SETTLED if partly else occurrence.kind,
        paid_amount=occurrence.net_credited + costs,
        tariff=costs,
    )


LAYOUT = completed(_SHARED, _completed)._replace(totals=lambda _: (0, 0))
