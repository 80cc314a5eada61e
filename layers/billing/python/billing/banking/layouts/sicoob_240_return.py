"""Reads returns of Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `sicoob_240`."""

from billing.banking.layouts import sicoob_240 as records
from billing.banking.layouts.febraban_240_return import occurrence_reader, totals
from billing.banking.layouts.febraban_codes import OCCURRENCES, REASONS
from billing.banking.layouts.record import to_day, to_number
from billing.banking.layouts.return_240 import Layout240
from billing.banking.layouts.return_file import Heading
from billing.banking.occurrences import Kind, Movement

_OWN = {  # 07.3T
    "85": Movement(Kind.INSTRUCTION_ACCEPTED, "Confirmação de desistência de protesto"),
    "86": Movement(Kind.INSTRUCTION_ACCEPTED, "Confirmação de cancelamento do protesto"),
}
_HEADER = records.RETURN_FILE_HEADER.slicer("agencia", "conta", "sequencial_arquivo", "data_geracao")


def header(line: str) -> Heading:
    agencia, conta, sequence, created_on = _HEADER(line)
    return Heading("756", f"{agencia}{conta}", to_number(sequence), to_day(created_on))


LAYOUT = Layout240(
    bank="756",
    file_header=records.RETURN_FILE_HEADER,
    batch_header=records.RETURN_BATCH_HEADER,
    segment_t=records.SEGMENT_T,
    segment_u=records.SEGMENT_U,
    batch_trailer=records.BATCH_TRAILER,
    file_trailer=records.FILE_TRAILER,
    header=header,
    occurrence=occurrence_reader(
        "756",
        records.SEGMENT_T,
        records.SEGMENT_U,
        {**OCCURRENCES, **_OWN},
        REASONS,
        number=lambda columns: columns[-7:],
    ),
    totals=totals,
)
