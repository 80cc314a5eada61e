"""The sandbox bank as Itaú, CNAB 400. Notes and pages are those of the manual named in `layouts.itau_400`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import pairwise

from billing.adapters.bank_simulator import Outcome, TitleSeen, fault, sequence_faults
from billing.banking.check_digits import mod10
from billing.banking.layouts import itau_400 as records
from billing.banking.layouts.record import Record, ddmmyy
from billing.banking.occurrences import Kind
from billing.core.errors import Refusal

_CONFIRMATIONS = {  # note 6 -> note 17
    "01": "02", "71": "02", "02": "09", "04": "12", "05": "13", "06": "14", "09": "19", "18": "20", "31": "04",
    "66": "75", "68": "77",
}  # fmt: skip
_REJECTIONS = {"01": "03", "71": "03", "02": "15", "31": "17"}
_CODES = {
    Kind.SETTLED: "06",
    Kind.PARTIALLY_SETTLED: "07",
    Kind.WRITTEN_OFF: "09",
    Kind.PAID_OUTSIDE: "10",
    Kind.PROTESTED: "23",
    Kind.TARIFF: "28",
    Kind.INSTRUCTION_REJECTED: "16",
    Kind.OTHER: "11",
}
_STATES = frozenset(
    "AC AL AM AP BA CE DF ES GO MA MG MS MT PA PB PE PI PR RJ RN RO RR RS SC SE SP TO".split()  # noqa: SIM905
)
_REGISTERS = {"01", "71"}
_ORDER = {"0": "1", "1": "1239", "2": "139", "3": "19"}
"""Which record may follow which (p. 6, 12, 13)."""


class _Itau:
    def titles(self, lines: Sequence[str]) -> Iterator[TitleSeen]:
        seen: set[str] = set()
        for number, line in enumerate(lines, 1):
            if line[0] == "1":
                yield _title(line, number, seen)

    def file_faults(self, lines: Sequence[str]) -> Iterator[Refusal]:
        yield from sequence_faults(lines, 395, 400)
        if not lines[0].startswith("01REMESSA01COBRANCA"):
            yield fault("header", "o arquivo não começa como uma remessa de cobrança.")
        if lines[-1][0] != "9":
            yield fault("trailer", "o arquivo não termina com o registro 9.")
        for number, (line, following) in enumerate(pairwise(lines), 1):
            if following[0] not in _ORDER.get(line[0], ""):
                yield fault(
                    "record_order", f"linha {number + 1}: registro {following[0]} depois de {line[0]}."
                )
            if following[0] == "2" and line[108:110] not in {"01", "49", "71"}:
                yield fault("fine_record", f"linha {number + 1}: multa em ocorrência {line[108:110]}.")

    def answer(
        self, lines: Sequence[str], happened: Iterable[tuple[TitleSeen, Outcome]], *, sequence: int, on: date
    ) -> Iterator[str]:
        account = records.REMITTANCE_HEADER.read(lines[0])
        company = records.REMITTANCE_TITLE.read(next(line for line in lines if line[0] == "1"))
        number, titles, cents = 1, 0, 0
        yield _line(
            records.RETURN_HEADER,
            agencia=account["agencia"],
            conta=account["conta"],
            conta_digito=account["conta_digito"],
            nome_empresa=account["nome_empresa"],
            data_geracao=ddmmyy(on),
            sequencial_arquivo=sequence,
            data_credito=ddmmyy(on),
            sequencial=number,
        )
        for title, outcome in happened:
            number, titles, cents = number + 1, titles + 1, cents + title.amount.cents
            yield _occurrence(title, outcome, company, on, number)
            if outcome.pix_emv:
                number += 1
                yield _line(records.RETURN_PIX, emv=outcome.pix_emv, erro_pix="000", sequencial=number)
        yield _line(
            records.RETURN_TRAILER,
            sequencial_arquivo=sequence,
            quantidade_detalhes=titles,
            valor_total=cents,
            sequencial=number + 1,
        )


def _title(line: str, number: int, seen: set[str]) -> TitleSeen:
    record = records.REMITTANCE_TITLE
    read = record.read(line)
    nosso_numero = line[62:70]
    faults = tuple(_faults(read, nosso_numero in seen))
    if line[108:110] in _REGISTERS:
        seen.add(nosso_numero)
    signed = line[17:21] + line[23:28] + line[83:86] + nosso_numero
    return TitleSeen(
        line_number=number,
        movement=line[108:110],
        nosso_numero=nosso_numero,
        digit=str(mod10(signed)),
        carteira=line[83:86],
        our_reference=line[37:62].rstrip(),
        document_number=line[110:120].rstrip(),
        due_on=read["vencimento"],
        amount=read["valor_titulo"],
        payer_document=line[220:234],
        payer_name=line[234:264].rstrip(),
        with_pix=line[108:110] == "71",
        faults=faults,
    )


def _faults(read: dict[str, object], repeated: bool) -> Iterator[str]:
    """Reasons of note 20: table 1 for an entry, table 3 for an instruction."""
    if read["ocorrencia"] not in _REGISTERS:
        yield from () if read["ocorrencia"] in _CONFIRMATIONS else ("01",)
        return
    checks = (
        ("08", not read["pagador_nome"]),
        ("10", not read["pagador_logradouro"]),
        ("03", read["pagador_cep"] == "00000000"),
        ("04", read["pagador_uf"] not in _STATES),
        ("37", not str(read["pagador_documento"]).strip("0")),
        ("66", read["vencimento"] is None),
        ("67", not read["valor_titulo"]),
        ("15", repeated),
    )
    yield from (code for code, wrong in checks if wrong)


def _occurrence(title: TitleSeen, outcome: Outcome, company: dict[str, str], on: date, number: int) -> str:
    settled = outcome.kind in {Kind.SETTLED, Kind.PARTIALLY_SETTLED}
    nosso_numero = outcome.nosso_numero or title.nosso_numero
    return _line(
        records.RETURN_TITLE,
        empresa_tipo=company["empresa_tipo"],
        empresa_documento=company["empresa_documento"],
        agencia=company["agencia"],
        conta=company["conta"],
        conta_digito=company["conta_digito"],
        uso_empresa="" if outcome.nosso_numero else title.our_reference,
        carteira=title.carteira,
        nosso_numero=nosso_numero,
        nosso_numero_digito=title.digit,
        carteira_codigo=company["carteira_codigo"],
        ocorrencia=outcome.code or _code(title, outcome),
        data_ocorrencia=ddmmyy(on),
        numero_documento=title.document_number,
        vencimento=ddmmyy(title.due_on),
        valor_titulo=title.amount.cents,
        banco_cobrador="341",
        tarifa=outcome.tariff.cents,
        valor_principal=(outcome.paid - outcome.tariff).cents if settled else 0,
        juros_multa=outcome.interest.cents,
        data_credito=ddmmyy(on) if settled else "000000",
        pagador_nome=title.payer_name,
        erros="".join(outcome.reasons[:4]),
        codigo_liquidacao="B2" if settled else "",
        sequencial=number,
    )


def _code(title: TitleSeen, outcome: Outcome) -> str:
    if outcome.kind is Kind.REGISTERED:
        return _CONFIRMATIONS[title.movement]
    if outcome.kind is Kind.REJECTED:
        return _REJECTIONS.get(title.movement, "16")
    return _CODES[outcome.kind]


def _line(record: Record, **values: int | str) -> str:
    return record.write_named(values)


BANK = _Itau()
