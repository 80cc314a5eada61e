"""A bank's answer to a remittance as a whole, before any of its titles: Caixa's pré-crítica, the only one in the
manuals.

CNAB 240: the remittance's header with 3, 4 or 5 in column 143 (67.118 v010, G015 and G021, p. 82-83). CNAB 400: its
header with another literal in columns 12-26, a message in 101-386, and the faulty lines with codes in 30-31 and 74-75
(67.126 v015, item 3.5, p. 17-18, and 3.6.10 to 3.6.12, p. 31-33; NE040, NE041). Such a file is not a return: nothing
happened to a title.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from billing.banking.layouts.caixa.cnab400_codes import REASONS
from billing.banking.layouts.pictures import to_day, to_number
from billing.banking.terms import Layout
from billing.core.br.text import plain_text


class Verdict(StrEnum):
    PROCESSED = "processed"
    PARTLY = "partly"  # the faulty titles are left out, the others go ahead
    REJECTED = "rejected"  # the whole remittance


class TitleAtFault(NamedTuple):
    nosso_numero: str
    reason: str


class RemittanceAnswer(NamedTuple):
    bank: str
    layout: Layout
    agreement: str
    sequence: int
    """The remittance's number, as the company gave it."""
    answered_on: date | None
    verdict: Verdict
    reasons: tuple[str, ...]
    """In words, with the bank's codes."""
    titles: tuple[TitleAtFault, ...]
    raw: str

    @property
    def message(self) -> str:
        said = "; ".join(self.reasons)
        match self.verdict:
            case Verdict.PROCESSED:
                return f"o banco acatou a remessa {self.sequence}; o que foi feito de cada título vem depois, no retorno"
            case Verdict.PARTLY:
                return f"o banco acatou só em parte a remessa {self.sequence}: {said}"
            case _:
                return f"o banco rejeitou inteira a remessa {self.sequence}: {said}"


_VERDICTS_240: Mapping[str, Verdict] = {"3": Verdict.PROCESSED, "4": Verdict.PARTLY, "5": Verdict.REJECTED}
_VERDICTS_400: Mapping[str, Verdict] = {
    "CONFIRMACAO": Verdict.PROCESSED,
    "REJ. PARCIAL": Verdict.PARTLY,
    "REMES REJEITADA": Verdict.REJECTED,
}
_NO_REASON = "o arquivo não traz o motivo; confira a remessa com o banco"
_HEADER_FIELDS: Mapping[str, str] = {  # 67.126 v015, item 3.6.1, p. 19
    "01": "código do registro",
    "02": "código da operação",
    "03": "literal da operação",
    "04": "código do serviço",
    "05": "literal do serviço",
    "06": "código da agência",
    "07": "código do beneficiário",
    "08": "uso exclusivo",
    "09": "nome da empresa",
    "10": "código do banco",
    "11": "nome do banco",
    "12": "data de geração ou versão do layout",
    "13": "uso exclusivo",
    "14": "número sequencial do arquivo",
    "15": "número sequencial do registro",
}
_FIELD_AT_FAULT = re.compile(r"([0-9]{2})\.([0-9]{2})(?![.0-9])")
_ERRORS = {code[1:]: text for code, text in REASONS["99"].items() if code.startswith("0")}
"""NE038: the pré-crítica has only the last two of the three digits."""


def answer_in(lines: Sequence[str]) -> RemittanceAnswer | None:
    """What the lines of a file say about a remittance; None for a file of any other kind. Raises ValueError for one
    that cannot be read."""
    first = lines[0] if lines else ""
    if is_answer_240(first):
        return _answer_240([line.ljust(240) for line in lines])
    if is_answer_400(first):
        return _answer_400([line.ljust(400) for line in lines])
    return None


def is_answer_240(first: str) -> bool:
    return first[:3] == "104" and first[7:8] == "0" and first[142:143] in set(_VERDICTS_240)


def is_answer_400(first: str) -> bool:
    return first[:9] == "01REMESSA" and first[76:79] == "104" and _literal(first) in _VERDICTS_400


def _literal(first: str) -> str:
    return plain_text(first[11:26])[0].upper().strip()


def _answer_240(lines: Sequence[str]) -> RemittanceAnswer:
    head = lines[0]
    stray = [line for line in lines if line[7] == "3"]
    reasons = tuple(
        f"segmento {line[13]}: {' '.join(line[14:].split())}" for line in stray if line[14:].strip()
    )
    verdict = _VERDICTS_240[head[142]]
    return RemittanceAnswer(
        bank="104",
        layout=Layout.CNAB240,
        agreement=head[58 : 65 if head[163:166] == "107" else 64],
        sequence=to_number(head[157:163]),
        answered_on=to_day(head[143:151]),
        verdict=verdict,
        reasons=reasons or (() if verdict is Verdict.PROCESSED else (_NO_REASON,)),
        titles=(),
        raw=head,
    )


def _answer_400(lines: Sequence[str]) -> RemittanceAnswer:
    head = lines[0]
    verdict = _VERDICTS_400[_literal(head)]
    titles = tuple(_at_fault(line) for line in lines[1:] if line[0] == "1")
    reasons = [] if verdict is Verdict.PROCESSED else [*_reasons_of_header(head), *_reasons_of_titles(titles)]
    return RemittanceAnswer(
        bank="104",
        layout=Layout.CNAB400,
        agreement=head[30:37],
        sequence=to_number(head[389:394]),
        answered_on=to_day(head[94:100]),
        verdict=verdict,
        reasons=tuple(reasons) or (() if verdict is Verdict.PROCESSED else (_NO_REASON,)),
        titles=titles,
        raw=head,
    )


def _reasons_of_header(head: str) -> Iterator[str]:
    message = " ".join(head[100:386].split())
    _, separator, errors = message.upper().partition("ENCONTRADOS:")
    if not separator or not errors.strip():
        return
    said = errors.strip()
    fields = [
        f"campo {number}.0 do header, {_HEADER_FIELDS[number]}, erro {error}"
        for number, error in _FIELD_AT_FAULT.findall(said)
        if number in _HEADER_FIELDS
    ]
    yield f"{said} ({'; '.join(fields)})" if fields else said


def _reasons_of_titles(titles: Sequence[TitleAtFault]) -> Iterator[str]:
    for reason in dict.fromkeys(title.reason for title in titles):
        count = sum(title.reason == reason for title in titles)
        yield f"{reason} ({count} {'título' if count == 1 else 'títulos'})"


def _at_fault(line: str) -> TitleAtFault:
    codes = [code for code in (line[29:31], line[73:75]) if code.strip(" 0")]
    said = "; ".join(f"{code} {_ERRORS.get(code, 'que o manual não descreve')}" for code in codes)
    return TitleAtFault(line[56:73].strip(), said or _NO_REASON)
