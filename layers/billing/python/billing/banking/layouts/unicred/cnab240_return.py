"""Reads returns of Unicred, CNAB 240: the amount paid is reported in full, and the amount credited without the
tariff."""

from billing.banking.layouts.febraban_240_return import completed, layout_of
from billing.banking.layouts.unicred import cnab240 as records
from billing.banking.layouts.unicred.codes import OCCURRENCES, told
from billing.banking.occurrences import Occurrence

_SHARED = layout_of(
    "136", records, OCCURRENCES, {}, number=str.strip, account=("convenio",)
)  # the title has neither agency nor account
_own = records.SEGMENT_T.slicer("instrucao_origem", "motivos")


def _completed(occurrence: Occurrence, t: str, _u: str, _raw: tuple[str, ...]) -> Occurrence:
    return told(occurrence, *_own(t))._replace(our_reference="")  # the field holds zeros


LAYOUT = completed(_SHARED, _completed)._replace(
    file_trailer=records.RETURN_FILE_TRAILER,
    totals=lambda _: (0, 0),  # the field holds blanks
)
