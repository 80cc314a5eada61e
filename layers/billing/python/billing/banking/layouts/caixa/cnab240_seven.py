"""Caixa (104), CNAB 240, for beneficiary codes from 1100000 on: seven columns, file layout 107 and batch 067.

Source: Caixa, 67.119 v010 of April 2020, p. 2 (notes G007, G019, G030) and p. 39-40, which give the changes to the
records of `cnab240`; a published return shows the batch's version. The columns of field 14.1 became the bank's own.
"""

from billing.banking.layouts.caixa import cnab240 as six
from billing.banking.layouts.record import Field, Record, code, const, text, zeros

_SOURCE = "67.119 v010, abril/2020, p. 39-40: código do beneficiário de 7 posições"
_FILE = "107"
_BATCH = "067"


def _seven(record: Record, *fields: Field) -> Record:
    return record.replacing(record.name, f"{record.source}; {_SOURCE}", *fields)


def _file(record: Record) -> Record:
    return _seven(
        record,
        code("convenio", 59, 65, "G007"),
        zeros(66, 72),
        const("versao_arquivo", 164, 166, _FILE, "G019"),
    )


_BATCH_FIELDS = (
    const("versao_lote", 14, 16, _BATCH, "G030"),
    code("convenio_lote", 34, 40, "G007"),
    zeros(41, 53),
)

FILE_HEADER = _file(six.FILE_HEADER)
BATCH_HEADER = _seven(six.BATCH_HEADER, *_BATCH_FIELDS, zeros(60, 73))
SEGMENT_P = _seven(six.SEGMENT_P, code("convenio", 24, 30, "10.3P"), zeros(31, 39))
SEGMENT_Q, SEGMENT_R = six.SEGMENT_Q, six.SEGMENT_R
BATCH_TRAILER, FILE_TRAILER = six.BATCH_TRAILER, six.FILE_TRAILER

RETURN_FILE_HEADER = _file(six.RETURN_FILE_HEADER)
RETURN_BATCH_HEADER = _seven(six.RETURN_BATCH_HEADER, *_BATCH_FIELDS, text("uso_caixa", 60, 73, "14.1"))
SEGMENT_T = _seven(six.SEGMENT_T, code("convenio", 24, 30, "10.3T"), zeros(31, 36))
SEGMENT_U, RETURN_BATCH_TRAILER = six.SEGMENT_U, six.RETURN_BATCH_TRAILER

REMITTANCE = six.REMITTANCE | {"0": FILE_HEADER, "1": BATCH_HEADER, "3P": SEGMENT_P}
RETURN = six.RETURN | {"0": RETURN_FILE_HEADER, "1": RETURN_BATCH_HEADER, "3T": SEGMENT_T}
