"""Field errors in Portuguese: pydantic's messages, in words that a clerk understands."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from billing.core.errors import Refusal, Severity
from billing.core.text import KEY_PATTERN, LINE_PATTERN, TEXT_PATTERN

_MESSAGES = {
    "missing": "campo obrigatório",
    "extra_forbidden": "campo desconhecido",
    "string_type": "deve ser um texto",
    "string_too_short": "texto curto demais (mínimo {min_length})",
    "string_too_long": "texto longo demais (máximo {max_length})",
    "string_pattern_mismatch": "formato inválido",
    "int_type": "deve ser um número inteiro",
    "int_parsing": "deve ser um número inteiro",
    "int_from_float": "deve ser um número inteiro",
    "bool_type": "deve ser verdadeiro ou falso (true ou false)",
    "bool_parsing": "deve ser verdadeiro ou falso (true ou false)",
    "decimal_parsing": "deve ser um número com ponto decimal, por exemplo 12.5 (sem vírgula)",
    "decimal_type": "deve ser um número com ponto decimal, por exemplo 12.5 (sem vírgula)",
    "decimal_max_digits": "número com dígitos demais",
    "decimal_max_places": "casas decimais demais (máximo {decimal_places})",
    "decimal_whole_digits": "número grande demais",
    "finite_number": "deve ser um número",
    "string_unicode": "não é um texto",
    "int_parsing_size": "número grande demais",
    "greater_than": "deve ser maior que {gt}",
    "greater_than_equal": "deve ser maior ou igual a {ge}",
    "less_than": "deve ser menor que {lt}",
    "less_than_equal": "deve ser menor ou igual a {le}",
    "date_from_datetime_parsing": "deve ser uma data como 2026-04-30",
    "date_from_datetime_inexact": "deve ser uma data como 2026-04-30, sem a hora",
    "date_parsing": "deve ser uma data como 2026-04-30",
    "date_type": "deve ser uma data como 2026-04-30",
    "datetime_parsing": "deve ser data e hora com fuso (ISO 8601)",
    "datetime_from_date_parsing": "deve ser data e hora com fuso (ISO 8601)",
    "timezone_aware": "deve ter o fuso horário",
    "enum": "valor fora da lista: use {expected}",
    "literal_error": "valor fora da lista: use {expected}",
    "union_tag_invalid": "tipo desconhecido: use um de {expected_tags}",
    "union_tag_not_found": "falta o campo {discriminator}",
    "too_long": "itens demais (máximo {max_length})",
    "too_short": "itens de menos (mínimo {min_length})",
    "list_type": "deve ser uma lista",
    "tuple_type": "deve ser uma lista",
    "dict_type": "deve ser um objeto",
    "model_type": "deve ser um objeto",
    "model_attributes_type": "deve ser um objeto",
    "json_invalid": "o corpo não é um JSON válido",
    "path_value": "não é um identificador",
    "query_unknown": "parâmetro desconhecido",
    "query_repeated": "parâmetro repetido: envie-o uma vez",
    "query_too_long": "texto longo demais",
}
_UNSEEN = {
    LINE_PATTERN: "tem quebra de linha ou caractere invisível ou de controle: digite o texto de novo",
    TEXT_PATTERN: "tem caractere invisível ou de controle: digite o texto de novo",
    KEY_PATTERN: "não é um identificador",
}
MOST_REASONS = 50
"""The most reasons that one answer lists."""


def reasons_of(errors: Sequence[Mapping[str, Any]]) -> list[Refusal]:
    """The errors of a request, which stand in its body, query, path or headers; of very many, the first ones and a
    count."""
    reasons = [field_error({**error, "loc": error["loc"][1:]}) for error in errors[:MOST_REASONS]]
    if len(errors) > MOST_REASONS:
        reasons.append(Refusal("field.more", f"e mais {len(errors) - MOST_REASONS} campos a corrigir"))
    return reasons


def told_once(title: str, reasons: Sequence[Refusal]) -> tuple[str, Sequence[Refusal]]:
    """A title that repeats none of several reasons, and without a reason that says no more than the title.

    A single reason stays if it names a field or asks for confirmation; its message is then the title too, to be shown
    once.
    """
    if title not in [reason.message for reason in reasons]:
        return title, reasons
    if len(reasons) == 1:
        says_more = reasons[0].field or reasons[0].severity is not Severity.BLOCKS
        return title, reasons if says_more else ()
    if all(reason.severity is Severity.ASKS for reason in reasons):
        return "Confirme para continuar.", reasons
    return f"Há {len(reasons)} motivos para recusar este pedido.", reasons


def field_error(error: Mapping[str, Any]) -> Refusal:
    """One of pydantic's errors as a reason: the field's path and what is wrong with it."""
    path = [shortened(part) for part in error.get("loc", ())]
    kind = str(error.get("type", "invalid"))
    if kind == "missing" and not path:
        return Refusal(code="field.missing", message="a requisição veio sem corpo: envie os campos em JSON")
    if kind == "json_invalid":
        path = []  # a position in the text, no field
    context = error.get("ctx") or {}
    if "." in kind:  # a format of ours (cpf.check_digit): its own code and words
        return Refusal(code=kind, message=str(error.get("msg", "")), field=".".join(path) or None)
    if context.get("pattern") in _UNSEEN:
        return Refusal(
            code="text.characters", message=_UNSEEN[context["pattern"]], field=".".join(path) or None
        )
    if kind == "string_too_short" and context.get("min_length") == 1:
        kind = "missing"  # blanks were stripped before
    if kind == "value_error":
        message = str(context.get("error") or error.get("msg", "")).removeprefix("Value error, ")
    else:
        message = _message(kind, context)
    return Refusal(code=f"field.{kind}", message=message, field=".".join(path) or None)


def _message(kind: str, context: Mapping[str, Any]) -> str:
    if kind.startswith("date_from_datetime") and "outside expected range" in str(context.get("error")):
        return "esta data não existe no calendário"
    values = {
        name: _listed(value) if name.startswith("expected") else value for name, value in context.items()
    }
    if "discriminator" in values:
        values["discriminator"] = str(values["discriminator"]).strip("'")
    try:
        return _MESSAGES.get(kind, "valor inválido").format(**values)
    except (KeyError, IndexError):
        return "valor inválido"


def _listed(expected: object) -> str:
    """Pydantic's "'a', 'b' or <Kind.C: 'c'>" in Portuguese."""
    codes = re.findall(r"'([^']*)'", str(expected))
    return " ou ".join(filter(None, [", ".join(codes[:-1]), *codes[-1:]]))


def shortened(name: object) -> str:
    """A name from the request, made safe to repeat in a message."""
    return "".join(char for char in str(name)[:60] if char.isprintable())
