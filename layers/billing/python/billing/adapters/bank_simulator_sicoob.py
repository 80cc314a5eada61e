"""The sandbox bank as Sicoob, CNAB 240. Field numbers are those of the spreadsheet named in `layouts.sicoob_240`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import islice
from typing import Any

from billing.adapters.bank_simulator import Outcome, TitleSeen, fault
from billing.banking.layouts import sicoob_240 as records
from billing.banking.layouts.record import ddmmyyyy
from billing.banking.occurrences import Kind
from billing.core.errors import Refusal
from billing.core.money import Money

_CONFIRMATIONS = {
    "01": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "11": "20", "23": "42",
}  # fmt: skip
_CODES = {
    Kind.SETTLED: "06",
    Kind.WRITTEN_OFF: "09",
    Kind.PROTESTED: "23",
    Kind.TARIFF: "28",
    Kind.INSTRUCTION_REJECTED: "26",
    Kind.OTHER: "11",
}
_UNKNOWN_MOVEMENT = "05"  # C047, rejection
_PAID_BY_COMPENSATION = "04"  # C047, settlement
TITLES_IN_BATCH = 10_000


class _Sicoob:
    def titles(self, lines: Sequence[str]) -> Iterator[TitleSeen]:
        seen: set[str] = set()
        for number, line in enumerate(lines, 1):
            if line[7] == "3" and line[13] == "P":
                yield _title(lines, number, seen)

    def file_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        if lines[0][142] != "1" or lines[0][163:166] != "081":
            yield fault("header", "o arquivo não começa como uma remessa, versão 081.")
        if lines[-1][7] != "9" or lines[-1][3:7] != "9999":
            yield fault("trailer", "o arquivo não termina com o registro 9.")
        elif int(lines[-1][23:29]) != len(lines):
            yield fault("count", f"o fim diz {int(lines[-1][23:29])} registros e há {len(lines)}.")
        yield from _batch_faults(lines)

    def answer(
        self, lines: Sequence[str], happened: Iterable[tuple[TitleSeen, Outcome]], *, sequence: int, on: date
    ) -> Iterator[str]:
        account = records.FILE_HEADER.read(lines[0])
        modality = next(line for line in lines if line[13] == "P")[49:51]
        company = {
            name: account[name]
            for name in (
                "empresa_tipo",
                "empresa_documento",
                "agencia",
                "conta",
                "conta_digito",
                "empresa_nome",
            )
        }
        yield records.RETURN_FILE_HEADER.write_named(
            company | {"data_geracao": ddmmyyyy(on), "hora_geracao": 60000, "sequencial_arquivo": sequence}
        )
        waiting = iter(happened)
        batches, written = 0, 2
        while (batch := list(islice(waiting, TITLES_IN_BATCH))) or not batches:
            batches += 1
            for line in _batch(batch, company, modality, f"{batches:04d}", sequence=sequence, on=on):
                written += 1
                yield line
        yield records.FILE_TRAILER.write_named({"quantidade_lotes": batches, "quantidade_registros": written})


def _batch(
    happened: Sequence[tuple[TitleSeen, Outcome]],
    company: dict[str, Any],
    modality: str,
    lote: str,
    *,
    sequence: int,
    on: date,
) -> Iterator[str]:
    """One batch: its header, T and U of each title, its trailer."""
    yield records.RETURN_BATCH_HEADER.write_named(
        company | {"lote": lote, "numero_remessa": sequence, "data_gravacao": ddmmyyyy(on)}
    )
    details = cents = 0
    for title, outcome in happened:
        details, cents = details + 1, cents + title.amount.cents
        yield _t(title, outcome, company, modality, lote, details)
        if not outcome.alone:
            details += 1
            yield _u(title, outcome, on, lote, details)
    yield records.BATCH_TRAILER.write_named(
        {
            "lote": lote,
            "quantidade_registros": details + 2,
            "simples_titulos": len(happened),
            "simples_valor": cents,
        }
    )


def _batch_faults(lines: Sequence[str]) -> Iterator[Refusal]:
    """Counts and sums of each batch, and the order P, Q, R of its titles."""
    count = titles = cents = 0
    for number, line in enumerate(lines, 1):
        if line[7] == "1":
            count = titles = cents = 0
        elif line[7] == "3":
            count += 1
            if line[8:13] != f"{count:05d}":
                yield fault("sequence", f"linha {number}: sequencial {line[8:13]} fora de ordem.")
            if line[13] == "P":
                titles, cents = titles + 1, cents + int(line[85:100])
            if line[13] != "PQR"[(count - 1) % 3]:
                yield fault("segment_order", f"linha {number}: segmento {line[13]} fora da ordem P, Q, R.")
        elif line[7] == "5":
            read = records.BATCH_TRAILER.read(line)
            told = (read["quantidade_registros"], read["simples_titulos"] + read["caucionada_titulos"])
            if told != (count + 2, titles):
                yield fault("count", f"linha {number}: o fim do lote diz {told} e há {(count + 2, titles)}.")
            if read["simples_valor"] + read["caucionada_valor"] != Money.from_cents(cents):
                yield fault("sum", f"linha {number}: a soma dos títulos do lote não confere.")


def _title(lines: Sequence[str], number: int, seen: set[str]) -> TitleSeen:
    p, q, r = lines[number - 1 : number + 2]
    read, payer, charges = records.SEGMENT_P.read(p), records.SEGMENT_Q.read(q), records.SEGMENT_R.read(r)
    nosso_numero = p[37:46]
    faults: tuple[str, ...] = () if read["movimento"] in _CONFIRMATIONS else (_UNKNOWN_MOVEMENT,)
    if read["movimento"] == "01":
        faults = tuple(_faults(read, payer, charges, nosso_numero in seen))
        seen.add(nosso_numero)
    return TitleSeen(
        line_number=number,
        movement=read["movimento"],
        nosso_numero=nosso_numero,
        digit=p[46],
        carteira=read["carteira"],
        our_reference=read["uso_empresa"],
        document_number=read["numero_documento"],
        due_on=read["vencimento"],
        amount=read["valor_titulo"],
        payer_document=payer["pagador_documento"],
        payer_name=payer["pagador_nome"],
        with_pix=False,
        faults=faults,
    )


def _faults(
    read: dict[str, Any], payer: dict[str, Any], charges: dict[str, Any], repeated: bool
) -> Iterator[str]:
    """Reasons of C047, rejections, for an entry."""
    due_on = read["vencimento"]
    checks = (
        ("16", due_on is None),
        ("17", due_on is not None and read["emissao"] is not None and due_on < read["emissao"]),
        ("20", not read["valor_titulo"]),
        ("45", not payer["pagador_nome"]),
        ("46", not payer["pagador_documento"].strip("0")),
        ("47", not payer["pagador_endereco"]),
        ("48", payer["pagador_cep"] == "00000000"),
        ("52", len(payer["pagador_uf"]) != 2),
        ("79", read["juros_codigo"] != "0" and not _after(read["juros_data"], due_on)),
        ("58", charges["multa_codigo"] != "0" and not _after(charges["multa_data"], due_on)),
        ("09", repeated),
    )
    yield from (code for code, wrong in checks if wrong)


def _after(day: date | None, due_on: date | None) -> bool:
    return day is not None and due_on is not None and day > due_on


def _t(
    title: TitleSeen, outcome: Outcome, account: dict[str, Any], modality: str, lote: str, number: int
) -> str:
    settled = outcome.kind is Kind.SETTLED
    reasons = outcome.reasons or ((_PAID_BY_COMPENSATION,) if settled else ())
    return records.SEGMENT_T.write_named(
        {
            "lote": lote,
            "sequencial": number,
            "movimento": outcome.code or _code(title, outcome),
            "agencia": account["agencia"],
            "conta": account["conta"],
            "conta_digito": account["conta_digito"],
            "nosso_numero": outcome.nosso_numero or title.nosso_numero,
            "nosso_numero_digito": title.digit,
            "parcela": "01",
            "modalidade": modality,
            "tipo_formulario": "4",
            "carteira": title.carteira,
            "numero_documento": title.document_number,
            "vencimento": ddmmyyyy(title.due_on),
            "valor_titulo": title.amount.cents,
            "uso_empresa": "" if outcome.nosso_numero else title.our_reference,
            "moeda": "09",
            "pagador_tipo": "1" if title.payer_document.startswith("0000") else "2",
            "pagador_documento": title.payer_document,
            "pagador_nome": title.payer_name,
            "tarifa": outcome.tariff.cents,
            "motivos": "".join(reasons[:5]),
        }
    )


def _u(title: TitleSeen, outcome: Outcome, on: date, lote: str, number: int) -> str:
    settled = outcome.kind is Kind.SETTLED
    return records.SEGMENT_U.write_named(
        {
            "lote": lote,
            "sequencial": number,
            "movimento": outcome.code or _code(title, outcome),
            "acrescimos": outcome.interest.cents,
            "valor_pago": outcome.paid.cents,
            "valor_liquido": outcome.paid.cents,
            "data_ocorrencia": ddmmyyyy(on),
            "data_credito": ddmmyyyy(on) if settled else "00000000",
            "banco_correspondente": "756",
        }
    )


def _code(title: TitleSeen, outcome: Outcome) -> str:
    if outcome.kind is Kind.REGISTERED:
        return _CONFIRMATIONS[title.movement]
    if outcome.kind is Kind.REJECTED:
        return "03" if title.movement == "01" else "26"
    return _CODES[outcome.kind]


BANK = _Sicoob()
