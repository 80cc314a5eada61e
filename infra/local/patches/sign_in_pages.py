"""The pages on which people sign in on this machine, in Portuguese, as Cognito's managed login has them."""

from collections.abc import Iterable, Mapping
from html import escape

_MESSAGES = {
    "Incorrect username or password.": "E-mail ou senha não conferem.",
    "User is disabled.": "Este acesso foi retirado. Fale com o administrador.",
    "User is not confirmed.": "Este acesso ainda não foi confirmado.",
    "Your session has expired. Please sign in again.": "Demorou demais. Entre de novo.",
    "Passwords do not match.": "As duas senhas não são iguais.",
}
_POLICY = {
    "length": "pelo menos 12 caracteres",
    "uppercase": "uma letra maiúscula",
    "lowercase": "uma letra minúscula",
    "numeric": "um número",
    "symbol": "um símbolo, como ! ou #",
}
"""What a password needs, by a word of the emulator's message."""

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
button.plain{background:#fff;color:#0b6e63;margin-top:4px}
p.soft{color:#566273;margin-top:8px}
button.person{margin-top:6px;background:#e3f2f0;color:#07493f;text-align:left}
:focus-visible{outline:2px solid #0b6e63;outline-offset:2px}
[role=alert]{background:#fdecea;color:#b42318;border-radius:6px;padding:10px}
"""


def login_page(request: Mapping[str, str], people: Iterable[Mapping[str, str]], message: str) -> str:
    """`people` are offered with one click: only on this machine."""
    form = f"""<form method="post" action="/login">{_hidden(**request)}
{_field("username", "E-mail", kind="email", fills="username", first=True)}
{_field("password", "Senha", kind="password", fills="current-password")}
<button>Entrar</button></form>
<form method="post" action="/login">{_hidden(**request, step="forgotten")}
<button class="plain">Esqueci a senha</button></form>"""
    offered = "".join(_person(request, user) for user in people)
    if offered:
        offered = f"<h2>Pessoas da demonstração, só nesta máquina</h2>{offered}"
    return _page("Entrar", _alert(message) + form + offered)


def new_password_page(np_token: str, message: str) -> str:
    form = f"""<form method="post" action="/login">{_hidden(np_token=np_token)}{_new_password(first=True)}
<button>Guardar e entrar</button></form>"""
    return _page("Crie a sua senha", _alert(message) + form)


def code_page(token: str, message: str) -> str:
    form = f"""<form method="post" action="/login">{_hidden(code_token=token)}
{_field("code", "Código do aplicativo autenticador", fills="one-time-code", first=True, digits=True)}
<button>Entrar</button></form>"""
    return _page("Código de segurança", _alert(message) + form)


def too_late_page() -> str:
    return _page("Entrar", _alert("Demorou demais. Volte ao console e entre de novo."))


def forgotten_page(request: Mapping[str, str], message: str = "") -> str:
    form = f"""<form method="post" action="/login">{_hidden(**request, step="send")}
{_field("username", "E-mail", kind="email", fills="username", first=True)}
<button>Enviar código</button></form>"""
    return _page("Esqueci a senha", _alert(message) + form)


def reset_page(request: Mapping[str, str], username: str, message: str = "") -> str:
    form = f"""<p>Se este e-mail tem acesso, enviamos a ele um código.</p>
<form method="post" action="/login">{_hidden(**request, step="reset", username=username)}
{_field("reset_code", "Código recebido por e-mail", fills="one-time-code", first=True, digits=True)}
{_new_password()}
<button>Guardar a nova senha</button></form>"""
    return _page("Nova senha", _alert(message) + form)


def in_portuguese(message: str) -> str:
    head, _, errors = message.partition("Password did not conform with policy: ")
    if head or not errors:
        return _MESSAGES.get(message, message)
    missing = [words for name, words in _POLICY.items() for error in errors.split("; ") if name in error]
    return f"A senha precisa de {_listed(missing)}."


def _listed(words: list[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} e {words[-1]}"


def _new_password(*, first: bool = False) -> str:
    return f"""{_field("new_password", "Nova senha", kind="password", fills="new-password", first=first)}
{_field("confirm_password", "Repita a nova senha", kind="password", fills="new-password")}
<p class="soft">Use {_listed(list(_POLICY.values()))}.</p>"""


def _field(
    name: str, label: str, *, fills: str, kind: str = "text", first: bool = False, digits: bool = False
) -> str:
    more = " autofocus" * first + ' inputmode="numeric" maxlength="6"' * digits
    return f"""<label for="{name}">{label}</label>
<input id="{name}" name="{name}" type="{kind}" autocomplete="{fills}" required{more}>"""


def _person(request: Mapping[str, str], user: Mapping[str, str]) -> str:
    login = _hidden(**request, username=user["email"], password=user["password"])
    words = f"{escape(user['profile'].title())} · {escape(user['email'])}"
    return f'<form method="post" action="/login">{login}<button class="person">{words}</button></form>'


def _hidden(**fields: str) -> str:
    return "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in fields.items()
    )


def _alert(message: str) -> str:
    return f'<p role="alert">{escape(in_portuguese(message))}</p>' if message else ""


def _page(title: str, body: str) -> str:
    return (
        f'<!doctype html><html lang="pt-BR"><head><meta charset="utf-8"><title>{title} · Mensal</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>'
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
