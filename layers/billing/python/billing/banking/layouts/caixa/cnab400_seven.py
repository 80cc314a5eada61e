"""Caixa (104), CNAB 400, layout version 007 (NE065): all seven columns of the beneficiary's code (NE004, A2 and B).

A code of up to six digits leaves the first column blank (A2). Notes and pages are those of the manual named in
`cnab400`.
"""

from billing.banking.layouts.caixa import cnab400 as six
from billing.banking.layouts.record import Field, Record, blanks, code, const, text

_SOURCE = "NE004 e NE065: versão 007"


def _seven(record: Record, *fields: Field) -> Record:
    return record.replacing(record.name, f"{record.source}; {_SOURCE}", *fields)


REMITTANCE_HEADER = _seven(
    six.REMITTANCE_HEADER,
    code("convenio", 31, 37, "NE004, B"),
    blanks(38, 46),
    const("versao", 101, 103, "007", "NE065"),
)
_CODE = code("convenio", 21, 27, "NE004, B")
REMITTANCE_TITLE = _seven(six.REMITTANCE_TITLE, _CODE)
REMITTANCE_CHANGE = _seven(six.REMITTANCE_CHANGE, _CODE)
REMITTANCE_TRAILER = six.REMITTANCE_TRAILER

RETURN_HEADER = _seven(six.RETURN_HEADER, const("versao", 159, 161, "007", "NE065"))
RETURN_TRAILER = six.RETURN_TRAILER
RETURN_TITLE = _seven(
    six.RETURN_TITLE, text("uso_caixa", 18, 20, "04.1"), text("convenio", 21, 27, "NE004, A2 e B")
)

REMITTANCE = six.REMITTANCE | {"0": REMITTANCE_HEADER, "1": REMITTANCE_TITLE}
RETURN = six.RETURN | {"0": RETURN_HEADER, "1": RETURN_TITLE}
