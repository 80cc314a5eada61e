"""The HTTP API: one resolver per context, the caller from the access token, problem details for what goes wrong.

    api = Api("customers")

    @api.get("/customers/<customer_id>")
    def get_customer(customer_id: str) -> Customer:
        call = api.call(Permission.CUSTOMERS_READ)
        return service.get(call, customer_id)

Errors are RFC 9457 problem details with a stable code and a pt-BR title. A write takes an Idempotency-Key (POST)
or If-Match (PUT, PATCH, DELETE). A body over 1 MB is refused (larger data go by pre-signed upload), and no answer is
larger. The first line of a handler checks the permission, before the caller learns what the request should contain.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from http import HTTPStatus
from typing import Annotated, Any, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.api_gateway import ResponseBuilder
from aws_lambda_powertools.event_handler.openapi.exceptions import RequestValidationError
from aws_lambda_powertools.event_handler.openapi.params import Query
from pydantic import ValidationError

from billing.access.call import Actor, Call, Idempotency, request_hash
from billing.access.model import Permission
from billing.audit.access_log import Access
from billing.audit.changes import kept_answer
from billing.core.entity import Entity
from billing.core.errors import (
    BillingError,
    Conflict,
    Forbidden,
    InvalidInput,
    Refusal,
    Refused,
    SignInNeeded,
    TooLarge,
    TooManyRequests,
    Transient,
)
from billing.core.ids import is_id
from billing.core.text import Cursor
from billing.entry import log, membership, wiring
from billing.entry.access_log import finish
from billing.entry.faults import FAULTS, passes
from billing.entry.messages import reasons_of, told_once
from billing.entry.reading import RequestReading, require_readable
from billing.members.store import Standing

E = TypeVar("E", bound=Entity)
DryRun = Annotated[
    bool, Query(description="Responde o que seria feito e recusado de cada item, sem fazer nada.")
]

ListCursor = Annotated[Cursor | None, Query(description="`next_cursor` da página anterior.")]

MAX_BODY_BYTES = MAX_ANSWER_BYTES = 1024 * 1024
PROBLEM = "application/problem+json"
BASE = "mensal-base"
"""The header with which a person who belongs to several tenants names the one meant; if absent, the token's."""
PROTECTIVE_HEADERS = {
    "Cache-Control": "no-store",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
}
"""Sent with every answer: nearly all contain personal data, which no cache may keep. https://owasp.org/www-project-secure-headers/"""
FRESH_S = 600
"""How long after signing in people may change how they sign in."""
ACCOUNT_SCOPE = "aws.cognito.signin.user.admin"
"""The scope with which a token is also good for the user pool's own operations about its user."""
MOST_FILTERS = 20
"""How many filter names are recorded for a request."""
_VERSION = re.compile(r"[0-9]{1,18}")


class Api(APIGatewayHttpResolver):
    def __init__(self, context: str, relaunch: Callable[[str, dict[str, Any]], None] | None = None) -> None:
        """`relaunch` gets the tenant and the kept answer when a request for long work (202) is repeated."""
        super().__init__(enable_validation=True, serializer=_as_json)
        self.context_name = context
        self._relaunch = relaunch
        self._noted: Future[None] | None = None
        self._request_validation_middleware = RequestReading()
        self.use([_as_kept])
        self.exception_handler(BillingError)(self._refuse)
        self.exception_handler(TooManyRequests)(_throttled)
        self.exception_handler(_Repeated)(lambda repeated: repeated.as_response())
        self.exception_handler(RequestValidationError)(_invalid)
        self.exception_handler(ValidationError)(lambda error: _invalid(_in_body(error)))
        self.exception_handler([Transient, *FAULTS])(_busy)

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """The Lambda handler."""
        answer = self._answer(event, context)
        return {**answer, "headers": {**answer.get("headers", {}), **PROTECTIVE_HEADERS}}

    def _answer(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        log.request(event, context)
        if not _is_unicode(event):
            message = "O pedido tem caracteres que não são Unicode válido. Envie-o em UTF-8."
            return _refused_whole(InvalidInput("request.encoding", message))
        if len((event.get("body") or "").encode()) > MAX_BODY_BYTES:
            return _refused_whole(
                TooLarge(
                    "body.too_large",
                    "O corpo passa de 1 MB. Envie arquivos grandes pelo endereço de envio (upload).",
                )
            )
        try:
            answer = self.resolve(event, context)
        finally:
            noted, self._noted = self._noted, None
            finish(noted)
        if len((answer.get("body") or "").encode()) > MAX_ANSWER_BYTES:
            return _refused_whole(
                Refused("answer.too_large", "A resposta passa de 1 MB. Peça menos itens ou um período menor.")
            )
        return answer

    def _handle_not_found(self, method: str, path: str) -> ResponseBuilder[Any]:  # noqa: ARG002  (the library's)
        """Answers directly: the library would go through a route of its own and read the request for it."""
        return ResponseBuilder(_problem(404, "route.missing", "Este endereço não existe na API.", ()))

    def batch(self, permission: Permission, *more: Permission, dry_run: bool) -> Call:
        """As `call`, for a batch that can be tried first: a dry run answers what would be refused and keeps nothing."""
        call = self.call(permission, *more)
        return call.dry_run() if dry_run else call

    def call(self, permission: Permission, *more: Permission) -> Call:
        """The caller, who has all of these permissions; the first line of a handler.

        Raises Forbidden, then whatever is wrong with the request (`entry/reading.py`), then InvalidInput for a POST
        without Idempotency-Key. A request that was answered before gets the same answer again.
        """
        return self._call((permission, *more), needs_second_factor=True)

    def call_about_oneself(self) -> Call:
        """As `call`, for how people sign in themselves: all that is left to who still lacks the second factor."""
        return self._call((Permission.ACCESS_READ,), needs_second_factor=False)

    def _call(self, permissions: tuple[Permission, ...], *, needs_second_factor: bool) -> Call:
        event = self.current_event
        claims = _claims(event.raw_event)
        method = event.http_method
        caller = self._standing(claims)
        call = _call_of(caller)
        if (limit := wiring.tenant_limit()) is not None:
            limit.take(call.tenant_id)
        call.require(*permissions)
        if needs_second_factor:
            _require_second_factor(claims, caller)
        require_readable(self.context)
        self._note_access(call, method)
        if method == "POST":
            call = call._replace(idempotency=self._idempotency())
        answer = kept_answer(call)
        if answer is not None:
            raise self._repeated(call.tenant_id, answer)
        return call

    def _note_access(self, call: Call, method: str) -> None:
        route, subjects = self._looked_at(method)
        log.access(call.tenant_id, call.actor_id, route, subjects)
        if (kept := wiring.access_log()) is not None:
            filters = tuple(sorted(self.current_event.query_string_parameters or {}))[:MOST_FILTERS]
            access = Access(
                at=call.now, actor_id=call.actor_id, route=route, subjects=subjects, filters=filters
            )
            self._noted = kept.note(call.tenant_id, access)

    def _looked_at(self, method: str) -> tuple[str, dict[str, str]]:
        """The route as declared, and the ids in its path; nothing else of what was typed there."""
        path = self.context["_route"].path
        ids = {name: str(value) for name, value in self.context["_route_args"].items() if f"<{name}>" in path}
        return f"{method} {path}", {name: value for name, value in ids.items() if is_id(value)}

    @property
    def if_match(self) -> int:
        """The version that the caller read. Raises InvalidInput if the header is absent or unreadable."""
        value = self.current_event.headers.get("if-match", "").strip('W/"')
        if _VERSION.fullmatch(value) is None:
            raise InvalidInput(
                "if_match.missing", "Envie o cabeçalho If-Match com a versão que você leu (ETag)."
            )
        return int(value)

    def _standing(self, claims: Mapping[str, str]) -> Standing:
        """Raises Forbidden for a person who does not, or no longer, belong to the base that the request names."""
        base = self.current_event.headers.get(BASE, claims["tenant"])
        standing = membership.standing(base, claims["sub"]) if is_id(base) else None
        if standing is None:
            raise Forbidden("access.removed", "Você não tem acesso a esta base, ou seu acesso foi encerrado.")
        if standing.member.has_ended(_signed_in_at(claims)):
            raise SignInNeeded("access.signed_out", "Esta sessão foi encerrada. Entre de novo.")
        return standing

    def lacks_second_factor(self) -> bool:
        """Whether the caller is refused everything else until they sign in with a second factor."""
        claims = _claims(self.current_event.raw_event)
        return _lacks_second_factor(claims, self._standing(claims))

    def account_token(self) -> str:
        """The caller's access token, with which they change how they sign in. Raises Forbidden unless they have just
        signed in for that: an open page that somebody else finds is not enough."""
        claims = _claims(self.current_event.raw_event)
        age_s = wiring.sign_in_clock().now().timestamp() - _signed_in_at(claims)
        if age_s > FRESH_S or ACCOUNT_SCOPE not in claims.get("scope", "").split():
            raise Forbidden("access.fresh_sign_in", "Entre de novo para cadastrar o segundo fator.")
        return str(self.current_event.headers.get("authorization", "")).removeprefix("Bearer ")

    def _idempotency(self) -> Idempotency:
        key = self.current_event.headers.get("idempotency-key", "").strip()
        if not 8 <= len(key) <= 200:
            raise InvalidInput(
                "idempotency.missing",
                "Envie o cabeçalho Idempotency-Key com 8 a 200 caracteres, um novo a cada operação.",
            )
        event = self.current_event
        return Idempotency(key, request_hash([event.http_method, event.path, event.body or ""]))

    def _repeated(self, tenant_id: str, answer: dict[str, Any]) -> "_Repeated":
        """The kept answer. The first request may have been cut off before it launched the long work, so that is
        launched again."""
        route = self.context.get("_route")
        status = int(getattr(route, "status_code", HTTPStatus.OK))
        if status == HTTPStatus.ACCEPTED and self._relaunch is not None:
            self._relaunch(tenant_id, answer)
        return _Repeated(answer, status)

    def _refuse(self, error: BillingError) -> Response[str]:
        if isinstance(error, Conflict) and self.current_event.http_method == "POST":
            try:
                claims = _claims(self.current_event.raw_event)
                twin = _call_of(self._standing(claims))._replace(idempotency=self._idempotency())
                answer = kept_answer(twin)  # the same request, just answered by its twin
                if answer is not None:
                    return self._repeated(twin.tenant_id, answer).as_response()
            except (Transient, *FAULTS) as fault:
                return _busy(fault)  # what an error handler raises is not handled
            except BillingError:
                pass
        return _problem(error.status, error.code, error.title, error.reasons)


def _throttled(error: TooManyRequests) -> Response[str]:
    problem = _problem(error.status, error.code, error.title, ())
    problem.headers["Retry-After"] = str(error.retry_after_s)
    return problem


def _busy(error: Exception) -> Response[str]:
    if not (isinstance(error, Transient) or passes(error)):
        raise error
    problem = _problem(503, "busy", "O serviço está ocupado. Tente de novo em instantes.", ())
    problem.headers["Retry-After"] = "1"
    return problem


class _Repeated(Exception):
    """Not an error: this same request was answered before."""

    def __init__(self, answer: dict[str, Any], status: int) -> None:
        super().__init__()
        self.answer = answer
        self.status = status

    def as_response(self) -> Response[str]:
        return _json(self.status, self.answer, {"Idempotency-Replayed": "true"})


def _as_json(body: Any) -> str:
    """Accents unescaped and no blanks, which halves the bytes of a list of names."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _claims(event: Mapping[str, Any]) -> dict[str, str]:
    """The claims of the access token, verified by the authorizer. Anything else is refused."""
    try:
        claims: dict[str, str] = event["requestContext"]["authorizer"]["jwt"]["claims"]
    except (KeyError, TypeError):
        raise Forbidden("access.token", "Entre de novo: o acesso não foi reconhecido.") from None
    if claims.get("token_use") != "access" or not all(claims.get(name) for name in ("tenant", "sub")):
        raise Forbidden(
            "access.token", "Seu usuário não está ligado a nenhuma empresa. Peça ao administrador."
        )
    return claims


def _signed_in_at(claims: Mapping[str, str]) -> int:
    """Seconds since 1970; a token that was renewed says when its person signed in, too."""
    return int(claims.get("auth_time", 0))


def _lacks_second_factor(claims: Mapping[str, str], caller: Standing) -> bool:
    """Whether the profile moves money and the person signed in with a password alone (SEC-07)."""
    return (
        caller.moves_money
        and caller.tenant.second_factor_waiver is None
        and claims.get("second_factor") != "yes"
    )


def _require_second_factor(claims: Mapping[str, str], caller: Standing) -> None:
    """Raises Forbidden."""
    if _lacks_second_factor(claims, caller):
        raise Forbidden(
            "access.second_factor",
            "Seu perfil movimenta dinheiro: cadastre um aplicativo autenticador e entre de novo.",
        )


def _call_of(caller: Standing) -> Call:
    return Call(
        tenant_id=caller.tenant.id,
        actor=Actor(caller.member.user_id),
        scope=caller.member.scope,
        permissions=caller.permissions,
        clock=wiring.clock(),
    )


def _as_kept(app: Api, next_middleware: Callable[[Api], Response[Any]]) -> Response[Any]:
    """Leaves absent fields out, as `Entity.to_map` does, so that a repeated request gets the same answer; adds the
    entity's version as ETag, for If-Match."""
    response = next_middleware(app)
    response.body = _without_absent(response.body)
    if isinstance(response.body, dict) and isinstance(response.body.get("version"), int):
        response.headers["ETag"] = f'"{response.body["version"]}"'
    return response


def _without_absent(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_absent(value) for name, value in body.items() if value is not None}
    return [_without_absent(item) for item in body] if isinstance(body, list) else body


def read_as(kind: type[E], body: dict[str, Any]) -> E:
    """Read as an entity a body that the handler looked at first; a body that does not fit is refused like any other."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        raise _in_body(error) from None


def _in_body(error: ValidationError) -> RequestValidationError:
    """An entity's own refusal as a fault of the body, even where the body only fails together with what is stored
    (`Entity.evolve`)."""
    return RequestValidationError([{**item, "loc": ("body", *item["loc"])} for item in error.errors()])


def _invalid(error: RequestValidationError) -> Response[str]:
    if any(item["loc"][:1] == ("response",) for item in error.errors()):
        raise error  # our own answer does not fit its description
    return _problem(400, "request.invalid", "Há campos a corrigir.", reasons_of(error.errors()))


def _is_unicode(event: Mapping[str, Any]) -> bool:
    """Whether everything that the caller wrote can be stored as text: half of a surrogate pair cannot."""
    headers, query = event.get("headers") or {}, event.get("queryStringParameters") or {}
    try:
        for text in (event.get("body"), event.get("rawPath"), *headers.values(), *query, *query.values()):
            (text or "").encode()
    except UnicodeEncodeError:
        return False
    return True


def _refused_whole(refused: BillingError) -> dict[str, Any]:
    problem = _problem(refused.status, refused.code, refused.title, ())
    return {"statusCode": problem.status_code, "headers": {"content-type": PROBLEM}, "body": problem.body}


def _problem(status: int, code: str, title: str, reasons: Sequence[Refusal]) -> Response[str]:
    log.refused(status, code)
    title, reasons = told_once(title, reasons)
    body: dict[str, Any] = {"type": f"urn:mensal:{code}", "code": code, "title": title, "status": status}
    if reasons:
        body["reasons"] = [
            {
                "code": reason.code,
                "message": reason.message,
                "severity": reason.severity,
                **({"field": reason.field} if reason.field else {}),
            }
            for reason in reasons
        ]
    return Response(status_code=status, content_type=PROBLEM, body=json.dumps(body, ensure_ascii=False))


def _json(status: int, body: dict[str, Any], headers: dict[str, str | list[str]]) -> Response[str]:
    if isinstance(body.get("version"), int):
        headers = {**headers, "ETag": f'"{body["version"]}"'}
    return Response(
        status_code=status,
        content_type="application/json",
        body=json.dumps(body, ensure_ascii=False),
        headers=headers,
    )
