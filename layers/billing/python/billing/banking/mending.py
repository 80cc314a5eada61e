"""From a bank's reason for a rejection to the field to correct, and what to do about it (BEY-13).

The groups are those that the banks' tables of reasons share (FEBRABAN 240 V10.6, C047, and what the tables in `layouts` say alike), recognised
by the text that each manual gives the code. A reason in no group, or in two at once, names no field: we do not guess.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from billing.banking.bank_reason import BankReason, Mend
from billing.banking.occurrences import OccurrenceReason

_REGISTER = "no cadastro do cliente"
_AGAIN = "remova a fatura e fature as contas de novo"

ADVICE: Mapping[str, str] = {
    "payer.name": f"Corrija o nome {_REGISTER}.",
    "payer.document": f"Corrija o CPF ou CNPJ {_REGISTER}.",
    "payer.street": f"Corrija o endereço de cobrança {_REGISTER}.",
    "payer.district": f"Corrija o bairro do endereço de cobrança {_REGISTER}.",
    "payer.postcode": f"Corrija o CEP do endereço de cobrança {_REGISTER}.",
    "payer.city": f"Corrija a cidade do endereço de cobrança {_REGISTER}.",
    "payer.state": f"Corrija a UF do endereço de cobrança {_REGISTER}.",
    "nosso_numero": f"Confira a faixa de nosso número do profile; para outro nosso número, {_AGAIN}.",
    "due_on": f"O banco não aceita este vencimento: {_AGAIN} com outro.",
    "amount": f"O banco não aceita este valor: {_AGAIN} com outro.",
    "discount": f"O banco não aceita este desconto: {_AGAIN} com outro.",
    "rebate": f"O banco não aceita este abatimento: {_AGAIN}.",
    "terms.carteira": "Confira no profile a carteira contratada com o banco.",
    "terms.especie": "Escolha no profile uma espécie que a carteira aceite.",
    "terms.interest_percent_month": "Confira no profile os juros de mora.",
    "terms.fine_percent": "Confira no profile a multa.",
    "terms.protest_days": "Confira no profile os dias para protesto.",
    "terms.bureau_days": "Confira no profile os dias para negativação.",
    "terms.write_off_days": "Confira no profile os dias para baixa.",
}
"""Field -> what to do."""

_OF_INSTRUCTION: Mapping[str, str] = {
    "nosso_numero": "Confira no banco se este boleto está registrado na sua conta.",
    "due_on": "Peça a alteração de novo com outro vencimento.",
    "rebate": "Peça o abatimento de novo com outro valor.",
    "discount": "Peça o desconto de novo com outro valor ou outra data.",
}

_PAYER = r"(do )?(pagador|sacado)\b(?!/)"
_RULES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"^débito|correspondente|depositária|Banco do Brasil|rateio|mesmo conteúdo|sacador|avalista", ()),
    (r"para protesto$|; ou: |/juros|juros/|juros monetários|sem atendimento de protesto", ()),
    (r"^dados do pagador inválidos \(CPF/CNPJ/nome\)", ("payer.document", "payer.name")),
    (r"^dados do endereço do pagador", ("payer.street",)),
    (r"^endereço / nome / cidade pagador", ("payer.street", "payer.name", "payer.city")),
    (r"^CEP e endereço", ("payer.postcode", "payer.street")),
    (r"CEP.*(estado|federação|\bUF\b)|(estado|federação|\bUF\b).*CEP", ("payer.postcode", "payer.state")),
    (r"^logradouro para o endereço do pagador", ("payer.street",)),
    (r"^bairro (para o endereço )?do pagador", ("payer.district",)),
    (r"^cidade para o endereço do pagador", ("payer.city",)),
    (r"\bCEP\b.*inválido|^CEP\b", ("payer.postcode",)),
    (r"^cidade ou estado do pagador", ("payer.city", "payer.state")),
    (rf"^(cidade|município) {_PAYER}", ("payer.city",)),
    (r"^sigla (do )?estado|^unidade da federação", ("payer.state",)),
    (rf"^estado {_PAYER}", ("payer.state",)),
    (rf"^nome {_PAYER}", ("payer.name",)),
    (rf"^(tipo|número|tipo ou número|tipo/n[^ ]*)( de)? inscrição {_PAYER}", ("payer.document",)),
    (rf"^(CNPJ/CPF|CPF/CNPJ|número do documento) {_PAYER}", ("payer.document",)),
    (rf"^(endereço|logradouro) {_PAYER}", ("payer.street",)),
    (r"^nosso número\b", ("nosso_numero",)),
    (r"^(código da )?carteira (inválid[ao]|não permitida|não numérico)( \(|$)", ("terms.carteira",)),
    (r"^(data d[eo] )?vencimento (inválid|anterior|fora|não numéric|com prazo)", ("due_on",)),
    (r"^data de vencimento:|^alteração de vencimento\b", ("due_on",)),
    (
        r"^valor do título( inválido| maior que| não (numérico|informado)|/(quantidade de moeda|apólice) inválido)",
        ("amount",),
    ),
    (r"^espécie (d[eo] (título|documento) )?(inválida|não permitida)", ("terms.especie",)),
    (
        r"\b(juros|mora)\b( mora)?.* (inválid|maiores|não numérico)|^valor/taxa de juros",
        ("terms.interest_percent_month",),
    ),
    (
        r"^(código|data|valor|percentual|valor/percentual|valor ou percentual) d[ea] multa\b",
        ("terms.fine_percent",),
    ),
    (r"^(código|data|valor) d[eo] desconto\b|^desconto a conceder", ("discount",)),
    (r"^valor d[eo] abatimento\b|^abatimento (maior|igual)", ("rebate",)),
    (r"^prazo para protesto ?/ ?negativação", ("terms.protest_days", "terms.bureau_days")),
    (r"^(código|prazo|quantidade de dias) (para|de|do) protesto\b(?!/)", ("terms.protest_days",)),
    (r"^prazo inválido para negativação", ("terms.bureau_days",)),
    (r"^(código|prazo) para baixa\b", ("terms.write_off_days",)),
)
"""Pattern of a reason's text -> the fields; the first match counts."""


def reasons_of(
    reasons: Iterable[OccurrenceReason], *, of_instruction: bool = False
) -> tuple[BankReason, ...]:
    """A rejection's reasons, each with the fields to correct: for an entry, or for an instruction about a title that
    the bank has."""
    advice = {**ADVICE, **_OF_INSTRUCTION} if of_instruction else ADVICE
    return tuple(
        BankReason(
            code=reason.code,
            text=reason.text,
            mends=tuple(Mend(field=field, advice=advice[field]) for field in fields_of(reason.text)),
        )
        for reason in reasons
    )


_THERE = re.compile(
    r"nosso número (duplicado|já)|título já (cadastrado|existente|liquidado)|apresentado em duplicidade",
    re.IGNORECASE,
)


def says_it_is_there(reasons: Iterable[OccurrenceReason]) -> bool:
    """Whether the bank refuses an entry because it already has a title with this number.

    >>> says_it_is_there([OccurrenceReason("63", "Entrada para título já cadastrado")])
    True
    >>> says_it_is_there([OccurrenceReason("48", "CEP inválido")])
    False
    """
    return any(_THERE.search(reason.text) for reason in reasons)


@lru_cache(maxsize=512)
def fields_of(text: str) -> tuple[str, ...]:
    """The fields that a rejection's reason refers to.

    >>> fields_of("CEP incompatível com a sigla do estado")
    ('payer.postcode', 'payer.state')
    >>> fields_of("Código de movimento não permitido para carteira")
    ()
    """
    return next((fields for pattern, fields in _compiled() if pattern.search(text)), ())


@lru_cache(maxsize=1)
def _compiled() -> list[tuple[re.Pattern[str], tuple[str, ...]]]:
    """At the first rejection."""
    return [(re.compile(pattern, re.IGNORECASE), fields) for pattern, fields in _RULES]
