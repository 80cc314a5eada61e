"""How a request is read: strict JSON, known query parameters once each, path values that fit a key, all within
limits.

An error found here is raised only after the handler's first line has checked the permission (`Api.call`): a caller
who may not use a route does not learn what it takes.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator
from math import inf
from typing import Any, cast
from urllib.parse import parse_qsl

from aws_lambda_powertools.event_handler import Response
from aws_lambda_powertools.event_handler.api_gateway import Route
from aws_lambda_powertools.event_handler.middlewares.openapi_validation import (
    OpenAPIRequestValidationMiddleware,
)
from aws_lambda_powertools.event_handler.openapi.compat import field_annotation_is_scalar_sequence
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError

from billing.core.errors import BillingError, InvalidInput, UnreadableMedia
from billing.entry.messages import shortened

MAX_DEPTH = 20
"""Levels of nested lists and objects; a row of DynamoDB holds 32."""
MAX_DIGITS = 36
"""Digits of a JSON number; money and quantities are text."""
MAX_KEYS = 1000
"""Keys of one JSON object."""
MAX_PARAMETERS = 50
MAX_PATH_VALUE = 100
"""Characters of an id in a path."""
MAX_QUERY_VALUE = 2000
"""Characters; a cursor is the longest."""
_UNREADABLE = "_unreadable"


class RequestReading(OpenAPIRequestValidationMiddleware):
    """Gives the handler the parameters it declares. If they cannot be read, the handler is called all the same, for
    its first line."""

    def __init__(self) -> None:
        """Nothing is kept."""

    def handler(self, app: Any, next_middleware: Any) -> Response[Any]:
        route: Route = app.context["_route"]
        try:
            _check_path(app.context["_route_args"])
            _check_query(route, app.current_event.raw_event)
            super().handler(app, cast("Any", _nothing))
        except (RequestValidationError, BillingError) as error:
            app.append_context(**{_UNREADABLE: error, "_route_args": dict.fromkeys(_parameters(route))})
        response: Response[Any] = next_middleware(app)
        require_readable(app.context)
        return response

    def _get_body(self, app: Any) -> Any:
        content_type = (
            str(app.current_event.headers.get("content-type", "")).partition(";")[0].strip().lower()
        )
        if content_type not in {"", "application/json"}:
            raise UnreadableMedia(
                "body.media_type", "Envie o corpo em JSON, com o cabeçalho Content-Type: application/json."
            )
        body = read_json(text_of(app.current_event.raw_event))
        if body is not None and not isinstance(body, dict):  # of a list the library takes the first
            raise RequestValidationError([{"type": "model_type", "loc": ("body",), "msg": ""}])
        return body


def require_readable(context: dict[str, Any]) -> None:
    """Raises the error, if the request could not be read."""
    error = context.get(_UNREADABLE)
    if error is not None:
        raise error


def text_of(event: dict[str, Any]) -> str:
    """The body as text. Raises InvalidInput for bytes that are not text."""
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body)
    try:
        return base64.b64decode(body).decode()
    except (binascii.Error, ValueError):
        raise InvalidInput("body.encoding", "O corpo não é um texto em UTF-8.") from None


def read_json(text: str) -> Any:
    """The value of a JSON text; None for an empty one.

    Raises InvalidInput for a repeated key, for numbers, depth and objects beyond the limits, and for half of a
    surrogate pair; RequestValidationError for what is not JSON.
    """
    if not text:
        return None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_number(int),
            parse_float=_number(float),
            parse_constant=_no_constant,
        )
    except RecursionError:
        raise _too_deep() from None
    except json.JSONDecodeError as error:
        raise RequestValidationError(
            [{"type": "json_invalid", "loc": ("body", error.pos), "msg": ""}]
        ) from None
    _check_depth(value)
    if "\\u" in text:  # only an escape can be half of a surrogate pair
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except UnicodeEncodeError:
            raise InvalidInput(
                "body.encoding", "O corpo tem um caractere incompleto (surrogate isolado), que não é texto."
            ) from None
    return value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in read if names.count(name) > 1)
        raise InvalidInput("body.repeated_field", f"O campo {shortened(twice)} está repetido no corpo.")
    if len(read) > MAX_KEYS:
        raise InvalidInput("body.too_many_fields", f"Um objeto do corpo passa de {MAX_KEYS} campos.")
    return read


def _number(kind: type[int] | type[float]) -> Callable[[str], int | float]:
    def read(digits: str) -> int | float:
        number = kind(digits) if len(digits) <= MAX_DIGITS else inf
        if abs(number) == inf:
            raise InvalidInput("body.number", f"Há um número com mais de {MAX_DIGITS} dígitos no corpo.")
        return number

    return read


def _no_constant(name: str) -> float:
    raise InvalidInput("body.number", f"{name} não é um número.")


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):
        level = [item for parent in level for item in _children(parent) if isinstance(item, dict | list)]
        if not level:
            return
    raise _too_deep()


def _children(parent: Any) -> Any:
    return parent.values() if isinstance(parent, dict) else parent


def _too_deep() -> InvalidInput:
    return InvalidInput("body.too_deep", f"O corpo tem mais de {MAX_DEPTH} níveis de listas e objetos.")


def _check_path(values: dict[str, str]) -> None:
    """An id is at most MAX_PATH_VALUE long and has no "#", which separates the parts of our keys."""
    wrong = [
        {"type": "path_value", "loc": ("path", name), "msg": ""}
        for name, value in values.items()
        if len(value) > MAX_PATH_VALUE or "#" in value or not value.isprintable()
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _check_query(route: Route, event: dict[str, Any]) -> None:
    """Every parameter is one of the route's, is given once unless it is a list, and is within the limit."""
    known = {
        parameter.alias: field_annotation_is_scalar_sequence(cast("Any", parameter.field_info.annotation))
        for parameter in route.dependant.query_params
    }
    wrong = [
        {"type": kind, "loc": ("query", shortened(name)), "msg": ""}
        for name, kind in _faults_of(event.get("rawQueryString") or "", known)
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _faults_of(query: str, known: dict[str, bool]) -> Iterator[tuple[str, str]]:
    try:
        given = parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MAX_PARAMETERS)
    except ValueError:  # too many, or bytes that are not text
        raise InvalidInput("query.unreadable", "Não foi possível ler os parâmetros do endereço.") from None
    seen: set[str] = set()
    for name, value in given:
        if name not in known:
            yield name, "query_unknown"
        elif name in seen and not known[name]:
            yield name, "query_repeated"
        elif len(value) > MAX_QUERY_VALUE:
            yield name, "query_too_long"
        seen.add(name)


def _parameters(route: Route) -> list[str]:
    dependant = route.dependant
    return [
        parameter.name
        for parameters in (dependant.path_params, dependant.query_params, dependant.body_params)
        for parameter in parameters
    ]


def _nothing(_app: Any) -> Any:
    """Takes the place of the rest of the chain: reading only fills `_route_args`."""
