"""Wildcards (coringas): `#name#` in a template stands for a value. Two closed lists, no expressions (MSG-01).

>>> fill("Olá, #cliente#! Sua fatura é a #numero_fatura#.", {"cliente": "Ana", "numero_fatura": "1042"})
'Olá, Ana! Sua fatura é a 1042.'
>>> unknown("Olá, #código#, de #cliente# a #pix#", TemplateKind.SINGLE)
['código', 'pix']
"""

import re
from collections.abc import Callable, Mapping
from enum import StrEnum

from billing.core.entity import Entity
from billing.core.errors import Refusal, Refused


class TemplateKind(StrEnum):
    """Como um modelo é enviado: à mão a um cliente, ou por uma execução a muitos."""

    SINGLE = "single"
    MASS = "mass"

    @property
    def label(self) -> str:
        return {TemplateKind.SINGLE: "Envio individual", TemplateKind.MASS: "Envio em massa"}[self]


class Wildcard(Entity):
    """Coringa."""

    name: str
    meaning: str


_OF_CUSTOMER = {
    "cliente": "Nome do cliente",
    "user_sac": "Usuário do cliente no portal",
    "pass_sac": "Link de uso único para o cliente criar a senha do portal",
    "codpessoa": "Código do cliente",
    "cpf": "CPF do cliente",
    "cnpj": "CNPJ do cliente",
    "empresa": "Nome da empresa que atende o cliente",
    "cnpj_empresa": "CNPJ da empresa que atende o cliente",
    "fone": "Telefone de atendimento da empresa",
    "site": "Site da empresa",
}
_OF_INVOICE = {
    "numero_fatura": "Número da fatura",
    "plano": "Plano, ou descrição da fatura",
    "periodo": "Período a que a fatura se refere",
    "vencimento": "Data de vencimento da fatura",
    "valor": "Valor da fatura",
    "linha_digitavel": "Linha digitável do boleto",
    "pix": "Pix copia e cola da fatura",
    "link": "Link da fatura no portal do cliente",
}

MEANINGS: Mapping[TemplateKind, Mapping[str, str]] = {
    TemplateKind.SINGLE: _OF_CUSTOMER,
    TemplateKind.MASS: {**_OF_CUSTOMER, **_OF_INVOICE},
}
"""The wildcards allowed in a template of each kind, and what each stands for."""

_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_WILDCARD = re.compile(r"#([^\s#]{1,40})#")


def wildcards(kind: TemplateKind) -> tuple[Wildcard, ...]:
    return tuple(Wildcard(name=f"#{name}#", meaning=meaning) for name, meaning in MEANINGS[kind].items())


def used(text: str) -> set[str]:
    return set(_WILDCARD.findall(text))


def unknown(text: str, kind: TemplateKind) -> list[str]:
    """Names in `text` that are not in the list of this kind, in order, each once."""
    return list(dict.fromkeys(name for name in _WILDCARD.findall(text) if name not in MEANINGS[kind]))


def refusals(text: str, kind: TemplateKind, field: str) -> list[Refusal]:
    """One refusal for each wildcard that `kind` does not have, naming it."""
    return [
        Refusal(
            "template.unknown_wildcard",
            f"O coringa #{name}# só existe nos modelos de envio em massa; este é de envio individual."
            if kind is TemplateKind.SINGLE and name in _OF_INVOICE
            else f"O coringa #{name}# não existe. Use um dos coringas do {kind.label.lower()}.",
            field=field,
        )
        for name in unknown(text, kind)
    ]


def require_known(texts: Mapping[str, str], kind: TemplateKind) -> None:
    """Raises Refused `template.unknown_wildcard` for every wildcard that `kind` does not have, by field."""
    reasons = [refusal for field, text in texts.items() for refusal in refusals(text, kind, field)]
    if reasons:
        raise Refused.because(reasons)


def filled_lines(text: str, values: Mapping[str, str]) -> list[str]:
    """The lines that have something to say: a line whose wildcards all lack a value is left out.

    So one template serves people and companies, invoices with and without Pix.

    >>> filled_lines("Oi\\nPix: #pix#\\nCPF #cpf# CNPJ #cnpj#", {"pix": "", "cpf": "", "cnpj": "1"})
    ['Oi', 'CPF #cpf# CNPJ #cnpj#']
    """
    lines = []
    for line in text.splitlines():
        names = _WILDCARD.findall(line)
        if not names or any(_value(values, name) for name in names):
            lines.append(line)
    return lines


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with the value of each wildcard, on one line; wildcards within a value are not replaced."""
    return render(text, values, literal=str, value=lambda _name, text_value: text_value)


def render(
    text: str,
    values: Mapping[str, str],
    *,
    literal: Callable[[str], str],
    value: Callable[[str, str], str],
) -> str:
    """`text` piece by piece: text between wildcards goes through `literal`, each value through `value`."""
    pieces = _WILDCARD.split(text)
    return "".join(
        value(piece, _value(values, piece)) if i % 2 else literal(piece) for i, piece in enumerate(pieces)
    )


def _value(values: Mapping[str, str], name: str) -> str:
    """The value on one line; its inner spaces stay, because a Pix code without one of its spaces is another code."""
    return _BREAKS.sub(" ", values.get(name, "")).strip()
