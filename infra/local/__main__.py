"""`make run`: the whole cloud on this machine, with the demonstration tenant, until Ctrl-C. The data stay for the next
start.

`make month` (`python -m infra.local month`) lives through the next month in a running cloud; `make audit` checks that
everything it keeps adds up; `make token AS=financeiro` signs in one of the four users.
"""

import json
import signal
import sys
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import FrameType

from billing.core.period import Month
from infra.local.cloud import HOST, CloudDidNotStart, LocalCloud, answers
from infra.local.console import PORT as CONSOLE_PORT
from infra.local.console import ConsoleNotBuilt, build_console, serve_console
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.teller import Teller
from infra.local.demonstration import live_next_month, load_once
from infra.local.deploy import Outputs, deploy
from infra.local.docs_page import serve_docs
from infra.local.people import USERS, User, point_at, settle_people
from infra.local.synth import ROOT, synthesise
from infra.local.watch import KeepsDying, watch

STATE = ROOT / ".local"
PORT = 4566
DOCS_PORT = 4580


def run() -> None:
    require_free(PORT, CONSOLE_PORT, DOCS_PORT)
    stop = threading.Event()

    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    console = _start_console_build()
    assembly = synthesise()
    with LocalCloud(STATE, port=PORT) as cloud:
        outputs = deploy(cloud, assembly)
        (STATE / "outputs.json").write_text(json.dumps(outputs))
        users = settle_people(cloud, outputs)
        deployed = DeployedCloud(cloud, outputs, users)
        month = load_once(STATE, Teller(deployed, _say), deployed)
        api = cloud.api_url(outputs["MensalApi"]["ApiId"])
        try:
            dist = console.result()
            address = serve_console(cloud, outputs, dist)
        except ConsoleNotBuilt as failure:
            address = f"não foi montado; a API funciona sem ele. {failure}"
        docs = serve_docs(api, DOCS_PORT)
        _say(_welcome(address, api, docs, deployed.token("administrador"), users, month))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, end)
        try:
            watch(cloud, stop, _say)
        except (KeepsDying, CloudDidNotStart) as error:
            raise SystemExit(
                f"{error}\nOs dados estão em {STATE}; o que houve, em {cloud.emulator_log}."
            ) from None
        _say("Parando...")


def require_free(*ports: int) -> None:
    """Before minutes of work; ends the program if another one has a port, such as a `make run` in another folder."""
    taken = [str(port) for port in ports if answers(port)]
    if taken:
        raise SystemExit(
            f"Já em uso em {HOST}: porta {', '.join(taken)}. Feche o programa que a ocupa (outro `make run`?) e tente de novo."
        )


def _start_console_build() -> Future[Path]:
    """Runs beside the synthesis, which takes as long."""
    return ThreadPoolExecutor(1).submit(build_console)


def month() -> None:
    cloud, outputs = _running()
    deployed = DeployedCloud(cloud, outputs, settle_people(cloud, outputs))
    lived = live_next_month(STATE, Teller(deployed, _say, is_alone=False), deployed)
    _say(f"{lived.format_br()} foi vivido: veja as faturas, as remessas, os retornos e {STATE}/mailbox.")


def token() -> None:
    """Print an access token, valid for an hour, for the user with the profile that follows the command."""
    profile = sys.argv[2] if len(sys.argv) > 2 else "administrador"
    if profile not in USERS:
        raise SystemExit(f"O perfil {profile} não existe. Há: {', '.join(USERS)}.")
    cloud, outputs = _running()
    _say(DeployedCloud(cloud, outputs, settle_people(cloud, outputs)).token(profile))


def audit() -> None:
    """Exits with 1 if something does not add up."""
    point_at(*_running())
    from infra.local.audit import (
        behind,
        findings,
    )  # the stores read the tables' names when they are imported

    faults = [*findings(), *behind()]
    for finding in faults:
        _say(" ".join(finding))
    _say("Tudo confere." if not faults else f"{len(faults)} divergências.")
    if faults:
        raise SystemExit(1)


def _running() -> tuple[LocalCloud, Outputs]:
    """The cloud that `make run` keeps running. Raises SystemExit if there is none."""
    cloud = LocalCloud(STATE, port=PORT)
    kept = STATE / "outputs.json"
    if not (kept.exists() and cloud.is_up):
        raise SystemExit("A nuvem local não está no ar: deixe `make run` rodando em outro terminal.")
    outputs: Outputs = json.loads(kept.read_text())
    return cloud, outputs


def _welcome(console: str, api: str, docs: str, token: str, users: list[User], month: Month) -> str:
    people = "\n".join(f"    {u.profile:<14} {u.email:<34} {u.password}" for u in users)
    return f"""
Console                  {console}
API                      {api}
Documentação interativa  {docs}
Usuários
{people}
Acesso de administrador, por uma hora (Authorize, na documentação):
{token}
De outro usuário, em outro terminal: make token AS=financeiro (ou operacao, consulta)
Arquivos, PDF            {STATE}/objects
E-mails e SMS            {STATE}/mailbox
Registros das funções    {STATE}/logs

O mês {month.format_br()} tem o consumo lançado. Para vivê-lo com o banco de testes, do fechamento ao retorno: make month
Ou passo a passo, pela documentação:
    POST /runs/closings      fecha {month.format_br()}; veja GET /closings?month={month}
    POST /runs/billing       fatura os vencimentos de {month.plus(1).format_br()}
    POST /runs/remittances   gera a remessa de um profile de pagamento
    POST /bank-returns       dá o endereço para enviar o retorno do banco
    POST /runs/dispatches    envia e-mails e SMS
Ctrl-C para parar; os dados ficam."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        {"month": month, "audit": audit, "token": token}.get("".join(sys.argv[1:2]), run)()
    except KeyboardInterrupt:
        _say("Parado.")
