"""The columns that all banks share ("colunas comuns"): only for showing a file whose bank has no layout here.

No money moves by them. CNAB 400 has no common manual: only movement, due date, amounts and the like are in the same
place in (nearly) every bank, and what lies between is shown as it is. CNAB 240 is FEBRABAN's. Whoever looks at a file
by these columns is told so, line by line.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

from billing.banking.layouts import cnab_400, febraban_240
from billing.banking.layouts.record import Field, Record, code, text

NOT_THE_BANKS = "colunas comuns, não do manual do banco"


def _shared_400(name: str, shared: Sequence[Field], *names: str, own: Sequence[Field] = ()) -> Record:
    """The named fields, with texts in the columns between them."""
    kept = sorted([*(f for f in shared if f.name in names), *own], key=lambda field: field.start)
    edges = [0, *(edge for field in kept for edge in (field.start, field.end)), cnab_400.LENGTH + 1]
    gaps = [
        text(f"colunas_{before + 1}", before + 1, after - 1)
        for before, after in list(pairwise(edges))[::2]
        if after - before > 1
    ]
    return Record(f"{name} (colunas comuns)", cnab_400.LENGTH, NOT_THE_BANKS, [*kept, *gaps])


def _shared_240(record: Record) -> Record:
    return Record(
        f"{record.name} (colunas comuns)", record.length, f"{record.source}; {NOT_THE_BANKS}", record.fields
    )


_BANK = code("codigo_banco", 77, 79)
_TRAILER_400 = _shared_400("trailer de arquivo", cnab_400.TRAILER, "tipo_registro", "sequencial")
_HEADER_240 = _shared_240(febraban_240.FILE_HEADER)
_BATCH_240 = _shared_240(febraban_240.BATCH_HEADER)
_ENDS_240 = {"5": _shared_240(febraban_240.BATCH_TRAILER), "9": _shared_240(febraban_240.FILE_TRAILER)}

RECORDS: Mapping[tuple[int, str], Mapping[str, Record]] = {
    (400, "remessa"): {
        "0": _shared_400(
            "header de arquivo remessa",
            cnab_400.REMITTANCE_HEADER,
            *("tipo_registro", "operacao", "nome_empresa", "sequencial"),
            own=[_BANK],
        ),
        "1": _shared_400(
            "detalhe",
            cnab_400.REMITTANCE_TITLE,
            *("tipo_registro", "ocorrencia", "numero_documento", "vencimento", "valor_titulo"),
            *("pagador_documento", "pagador_nome", "sequencial"),
        ),
        "9": _TRAILER_400,
    },
    (400, "retorno"): {
        "0": _shared_400(
            "header de arquivo retorno",
            cnab_400.RETURN_HEADER,
            *("tipo_registro", "codigo_retorno", "nome_empresa", "sequencial"),
            own=[_BANK],
        ),
        "1": _shared_400(
            "detalhe",
            cnab_400.RETURN_TITLE,
            *("tipo_registro", "ocorrencia", "data_ocorrencia", "numero_documento", "vencimento"),
            *("valor_titulo", "valor_pago", "sequencial"),
        ),
        "9": _TRAILER_400,
    },
    (240, "remessa"): {
        "0": _HEADER_240,
        "1": _BATCH_240,
        "3P": _shared_240(febraban_240.SEGMENT_P),
        "3Q": _shared_240(febraban_240.SEGMENT_Q),
        "3R": _shared_240(febraban_240.SEGMENT_R),
        **_ENDS_240,
    },
    (240, "retorno"): {
        "0": _HEADER_240,
        "1": _BATCH_240,
        "3T": _shared_240(febraban_240.SEGMENT_T),
        "3U": _shared_240(febraban_240.SEGMENT_U),
        **_ENDS_240,
    },
}
"""By length and direction: mark -> record."""
