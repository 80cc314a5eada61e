"""The managed login of the local user pool, as people see it."""

# ruff: noqa: SLF001 - a patch reaches into the program it mends

import json
import secrets
from collections.abc import Iterable
from html import escape
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any

from ministack.services import cognito

_COOKIE = "mensal_sign_in"
_sessions: dict[str, tuple[str, str]] = {}
"""Cookie value -> pool and user name. Forgotten when the emulator ends."""

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

_MESSAGES = {
    "Incorrect username or password.": "E-mail ou senha não conferem.",
    "User is disabled.": "Este acesso foi retirado. Fale com o administrador.",
    "User is not confirmed.": "Este acesso ainda não foi confirmado.",
}

_STYLE = """
*{margin:0;box-sizing:border-box}
body{font:14px/1.5 "Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b2430;background:#f5f7f9;display:flex;
 justify-content:center;align-items:center;min-height:100vh;padding:16px}
main{background:#fff;border:1px solid #d9dfe5;border-radius:8px;padding:32px;width:380px;max-width:100%}
h1{font-size:20px;margin-bottom:20px}
h2{font-size:13px;font-weight:600;color:#566273;margin:24px 0 8px}
label{display:block;font-weight:600;margin:12px 0 4px}
input{width:100%;padding:9px 10px;border:1px solid #8a96a3;border-radius:6px;font:inherit}
button{width:100%;margin-top:16px;padding:10px;border:0;border-radius:6px;background:#0b6e63;color:#fff;
 font:inherit;font-weight:600;cursor:pointer}
button.person{margin-top:6px;background:#e3f2f0;color:#07493f;text-align:left}
:focus-visible{outline:2px solid #0b6e63;outline-offset:2px}
[role=alert]{background:#fdecea;color:#b42318;border-radius:6px;padding:10px}
"""


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
        hidden = _hidden(**dict(zip(_REQUEST, request, strict=False)))
        form = f"""<form method="post" action="/login">{hidden}
<label for="username">E-mail</label>
<input id="username" name="username" type="email" autocomplete="username" required autofocus>
<label for="password">Senha</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Entrar</button></form>"""
        people = "".join(_person(hidden, user) for user in _users(users_file))
        if people:
            people = f"<h2>Pessoas da demonstração, só nesta máquina</h2>{people}"
        return _page("Entrar", _alert(error_message) + form + people)

    def new_password(np_token: str, error_message: str = "") -> str:
        form = f"""<form method="post" action="/login">{_hidden(np_token=np_token)}
<label for="new_password">Nova senha</label>
<input id="new_password" name="new_password" type="password" autocomplete="new-password" required autofocus>
<label for="confirm_password">Repita a nova senha</label>
<input id="confirm_password" name="confirm_password" type="password" autocomplete="new-password" required>
<button>Guardar e entrar</button></form>"""
        return _page("Crie a sua senha", _alert(error_message) + form)

    cognito._login_page_html = login
    cognito._new_password_page_html = new_password


def remember_who_signed_in() -> None:
    """AWS remembers in a cookie, for an hour, who signed in, and does not ask again; the emulator asks at every page
    load.

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
            _sessions[value] = (pool_id, username)
            cookie = f"{_COOKIE}={value}; Path=/; Max-Age=3600; HttpOnly; SameSite=Lax"
            headers = {**headers, "Set-Cookie": cookie}
        return status, headers, body

    def authorize_once(method: str, path: str, headers: dict[str, str], query: dict[str, list[str]]) -> Any:
        answer = authorize(method, path, headers, query)
        pool_id, username = _sessions.get(_cookie(headers), ("", ""))
        known = (cognito._get_pool_unscoped(pool_id) or {}).get("_users", {}).get(username)
        if answer[0] != 200 or known is None or not known.get("Enabled", True):
            return answer
        (client_id, redirect_uri, scope, state, challenge, way, nonce) = (
            query.get(name, [""])[0]
            for name in (
                "client_id", "redirect_uri", "scope", "state", "code_challenge", "code_challenge_method", "nonce",
            )
        )  # fmt: skip
        if cognito._find_pool_by_client_id(client_id)[0] != pool_id:
            return answer
        return issue(client_id, pool_id, redirect_uri, scope, username, nonce, challenge, way, state)

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


def _cookie(headers: dict[str, str]) -> str:
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(_COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel else ""


def _users(file: Path) -> Iterable[dict[str, str]]:
    return json.loads(file.read_text()) if file.exists() else ()


def _person(hidden: str, user: dict[str, str]) -> str:
    login = _hidden(username=user["email"], password=user["password"])
    words = f"{escape(user['profile'].title())} · {escape(user['email'])}"
    return (
        f'<form method="post" action="/login">{hidden}{login}<button class="person">{words}</button></form>'
    )


def _hidden(**fields: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )


def _alert(message: str) -> str:
    return f'<p role="alert">{escape(_MESSAGES.get(message, message))}</p>' if message else ""


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{title} · Mensal</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
