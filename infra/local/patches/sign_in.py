"""The managed login of the local user pool, as people see it."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import json
import math
import secrets
import time
from collections.abc import Iterable
from contextvars import ContextVar
from email.message import EmailMessage
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from ministack.services import cognito

from infra.local.patches import sign_in_pages

_COOKIE = "mensal_sign_in"
_sessions: dict[str, tuple[str, str, int]] = {}
"""Cookie value -> pool, user name, and when the person signed in. Forgotten when the emulator ends."""

_signed_in_at: dict[str, int] = {}
"""When the person signed in, by the token that all others come from (`origin_jti`)."""
_signing_in: ContextVar[int] = ContextVar("signing_in", default=0)
_waiting: dict[str, tuple[str, ...]] = {}
"""Who gave the right password and owes the code, by a token in the page."""
_wrong: dict[str, tuple[int, float]] = {}
"""Wrong codes in a row by user, and until when no other is taken (`time.monotonic`)."""
_FREE_ATTEMPTS = 5
_LONGEST_WAIT_S = 900

_REQUEST = (
    "client_id",
    "redirect_uri",
    "scope",
    "state",
    "response_type",
    "code_challenge",
    "code_challenge_method",
    "nonce",
)
"""The parameters that a login page carries, in the order in which they are passed."""


def give_the_trigger_the_user_on_refresh() -> None:
    """A token renewed at /oauth2/token calls the pre token generation trigger without the user's attributes."""
    make = cognito._fake_token

    def make_with_attributes(sub: str, pool_id: str, client_id: str, *arguments: Any, **named: Any) -> str:
        if not named.get("user_attrs") and named.get("trigger_source") == "TokenGeneration_RefreshTokens":
            user = cognito._get_pool_unscoped(pool_id)["_users"][named["username"]]
            named["user_attrs"] = cognito._attr_list_to_dict(user["Attributes"])
        made: str = make(sub, pool_id, client_id, *arguments, **named)
        return made

    cognito._fake_token = make_with_attributes


def speak_portuguese(users_file: Path) -> None:
    """The emulator's pages are in English. Ours also offer the demonstration's users with one click: only on this
    machine."""

    def login(*request: str, error_message: str = "") -> str:
        named = dict(zip(_REQUEST, request, strict=False))
        return sign_in_pages.login_page(named, _users(users_file), error_message)

    def new_password(np_token: str, error_message: str = "") -> str:
        return sign_in_pages.new_password_page(np_token, error_message)

    cognito._login_page_html = login
    cognito._new_password_page_html = new_password


def remember_who_signed_in() -> None:
    """AWS remembers in a cookie, for an hour, who signed in, and does not ask again; the emulator asks at every page
    load. Signing out everywhere leaves the cookie, as on AWS; `prompt=login` passes it over.

    https://docs.aws.amazon.com/cognito/latest/developerguide/cognito-user-pools-managed-login.html
    """
    authorize, issue = cognito.handle_oauth2_authorize, cognito._issue_auth_code_redirect
    log_out = cognito.handle_logout

    def issue_with_cookie(
        client_id: str, pool_id: str, redirect_uri: str, scope: str, username: str, *arguments: Any
    ) -> Any:
        status, headers, body = issue(client_id, pool_id, redirect_uri, scope, username, *arguments)
        if status == 302 and "code=" in headers["Location"]:
            value = secrets.token_urlsafe(24)
            _sessions[value] = (pool_id, username, int(time.time()))
            cookie = f"{_COOKIE}={value}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"
            headers = {**headers, "Set-Cookie": cookie}
        return status, headers, body

    def authorize_once(method: str, path: str, headers: dict[str, str], query: dict[str, list[str]]) -> Any:
        answer = authorize(method, path, headers, query)
        if query.get("prompt") == ["login"]:
            return answer
        pool_id, username, signed_in_at = _sessions.get(_cookie(headers), ("", "", 0))
        known = (cognito._get_pool_unscoped(pool_id) or {}).get("_users", {}).get(username)
        if answer[0] != 200 or known is None or not known.get("Enabled", True):
            return answer
        request = {name: query.get(name, [""])[0] for name in _REQUEST}
        if cognito._find_pool_by_client_id(request["client_id"])[0] != pool_id:
            return answer
        return _dated(issue(*_issued(request, pool_id, username)), signed_in_at)

    def log_out_here(method: str, path: str, headers: dict[str, str], query: dict[str, list[str]]) -> Any:
        status, answered, body = log_out(method, path, headers, query)
        _sessions.pop(_cookie(headers), None)
        return (
            status,
            {**answered, "Set-Cookie": f"{_COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"},
            body,
        )

    cognito._issue_auth_code_redirect = issue_with_cookie
    cognito.handle_oauth2_authorize = authorize_once
    cognito.handle_logout = log_out_here


def say_when_the_person_signed_in() -> None:
    """Every token says that its user has signed in just now. On AWS, one that was renewed, or that the cookie gave, says
    when they proved who they are."""
    exchange, trigger = cognito._oauth2_token, cognito._apply_pretoken_trigger

    def exchange_dated(
        data: Any, query: Any, raw_body: bytes = b"", headers: dict[str, str] | None = None
    ) -> Any:
        code = _form(raw_body).get("code", "")
        begun = _signing_in.set(cognito._authorization_codes.get(code, {}).get("signed_in_at", 0))
        try:
            return exchange(data, query, raw_body, headers)
        finally:
            _signing_in.reset(begun)

    def trigger_dated(*, claims: dict[str, Any], **named: Any) -> Any:
        if "auth_time" in claims:
            at = _signed_in_at.setdefault(claims["origin_jti"], _signing_in.get() or claims["auth_time"])
            claims["auth_time"] = at
        return trigger(claims=claims, **named)

    cognito._oauth2_token = exchange_dated
    cognito._apply_pretoken_trigger = trigger_dated


def ask_for_the_code() -> None:
    """The sign-in page passes over the second factor. AWS asks for it, takes each code once, and after five wrong ones
    makes people wait, twice as long each time, for up to 15 minutes.

    https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-settings-mfa-totp.html
    """
    issue, submit, verify = (
        cognito._issue_auth_code_redirect,
        cognito.handle_login_submit,
        cognito._verify_software_token,
    )

    def issue_after_the_code(client_id: str, pool_id: str, *request: str) -> Any:
        username = request[2]
        pool = cognito._get_pool_unscoped(pool_id)
        if cognito._mfa_challenge_for_user(pool, pool["_users"][username], pool_id, username) is None:
            return issue(client_id, pool_id, *request)
        token = secrets.token_urlsafe(24)
        _waiting[token] = (client_id, pool_id, *request)
        return _shown(sign_in_pages.code_page(token, ""))

    def submit_code(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        form = _form(body)
        if "code_token" not in form:
            return submit(method, path, headers, body, query)
        request = _waiting.get(form["code_token"])
        if request is None:
            return _shown(sign_in_pages.too_late_page())
        user = cognito._get_pool_unscoped(request[1])["_users"][request[4]]
        wrong = _wrong_code(user, form.get("code", ""))
        if wrong:
            return _shown(sign_in_pages.code_page(form["code_token"], wrong))
        del _waiting[form["code_token"]]
        return issue(*request)

    def verify_once(data: dict[str, Any]) -> Any:
        user = cognito._user_for_access_token(data.get("AccessToken"))
        answer = verify(data)
        if user is not None and answer[0] == 200:
            user["_totp_step"] = _step_of(user["_totp_secret"], data["UserCode"])
        return answer

    cognito._issue_auth_code_redirect = issue_after_the_code
    cognito.handle_login_submit = submit_code
    cognito._verify_software_token = verify_once


def help_who_forgot_the_password() -> None:
    """The sign-in page has no way for them. The code goes to the mailbox."""
    submit = cognito.handle_login_submit

    def submit_forgotten(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        form = _form(body)
        request = {name: form.get(name, "") for name in _REQUEST}
        username = form.get("username", "")
        named = {"ClientId": request["client_id"], "Username": username}
        match form.get("step"):
            case "forgotten":
                return _shown(sign_in_pages.forgotten_page(request))
            case "send":
                cognito._forgot_password(named)
                return _shown(sign_in_pages.reset_page(request, username))
            case "reset":
                wrong = _reset(named, form)
                if wrong:
                    return _shown(sign_in_pages.reset_page(request, username, wrong))
                login = urlencode({"username": username, "password": form["new_password"], **request})
                return submit(method, path, headers, login.encode(), query)
        return submit(method, path, headers, body, query)

    cognito.handle_login_submit = submit_forgotten


def put_its_mail_into_the_mailbox(mailbox: Path) -> None:
    """First passwords and codes are kept where only the emulator's own interface shows them."""

    def deliver(_pool: Any, to: str, subject: str, body: str, **_named: Any) -> None:
        mail = EmailMessage()
        mail["From"], mail["To"], mail["Subject"] = "no-reply@verificationemail.com", to, subject
        mail.set_content(body)
        mailbox.mkdir(parents=True, exist_ok=True)
        (mailbox / f"acesso-{secrets.token_hex(8)}.eml").write_bytes(mail.as_bytes())

    cognito._deliver_cognito_email = deliver


def _reset(named: dict[str, str], form: dict[str, str]) -> str:
    """Set the new password; returns what is wrong, if anything."""
    if form.get("new_password") != form.get("confirm_password"):
        return "Passwords do not match."
    pool = cognito._find_pool_by_client_id(named["ClientId"])[1]
    errors = cognito._password_policy_errors(pool, form["new_password"])
    if errors:
        return "Password did not conform with policy: " + "; ".join(errors)
    code = {**named, "ConfirmationCode": form.get("reset_code", "").strip()}
    user = cognito._resolve_user(pool, named["Username"])[0]
    if user is None or cognito._confirmation_code_error("ConfirmForgotPassword", code) is not None:
        return "O código não confere. Peça outro, se já passou tempo."
    cognito._confirm_forgot_password({**code, "Password": form["new_password"]})
    return ""


def _wrong_code(user: dict[str, Any], code: str) -> str:
    """What is wrong with a code typed to sign in; it is used up if nothing is."""
    now = time.monotonic()
    count, free_at = _wrong.get(user["Username"], (0, 0.0))
    if now < free_at:
        return f"Muitas tentativas. Espere {math.ceil(free_at - now)} s e digite o código que o aplicativo mostrar."
    step = _step_of(user["_totp_secret"], code.strip())
    if step is None:
        wait = 0 if count + 1 < _FREE_ATTEMPTS else min(_LONGEST_WAIT_S, 2 ** (count + 1 - _FREE_ATTEMPTS))
        _wrong[user["Username"]] = (count + 1, now + wait)
        return "O código não confere. Digite o que o aplicativo mostra agora."
    if step <= user.get("_totp_step", -1):
        return "Este código já foi usado. Espere o próximo."
    _wrong.pop(user["Username"], None)
    user["_totp_step"] = step
    return ""


def _step_of(secret: str, code: str) -> int | None:
    """The half minute to which the code belongs: this one or one of its neighbours; None for a wrong code."""
    now = int(time.time() // 30)
    return next((now + near for near in (-1, 0, 1) if cognito._totp_code(secret, near) == code), None)


def _dated(answer: Any, signed_in_at: int) -> Any:
    """A redirect with a code, for a person who signed in then."""
    code = parse_qs(urlsplit(answer[1].get("Location", "")).query).get("code", [""])[0]
    if code:
        cognito._authorization_codes[code]["signed_in_at"] = signed_in_at
    return answer


def _issued(request: dict[str, str], pool_id: str, username: str) -> tuple[str, ...]:
    """The arguments of `_issue_auth_code_redirect`, in its order."""
    names = ("nonce", "code_challenge", "code_challenge_method", "state")
    proofs = (request[name] for name in names)
    return (request["client_id"], pool_id, request["redirect_uri"], request["scope"], username, *proofs)


def _form(body: bytes) -> dict[str, str]:
    return dict(parse_qsl(body.decode("utf-8", errors="replace"), keep_blank_values=True))


def _shown(page: str) -> tuple[int, dict[str, str], bytes]:
    headers = {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    return 200, headers, page.encode()


def _cookie(headers: dict[str, str]) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _users(file: Path) -> Iterable[dict[str, str]]:
    return json.loads(file.read_text()) if file.exists() else ()
