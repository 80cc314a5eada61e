"""`make run`: the whole cloud on this machine, with the demonstration tenant, until Ctrl-C. Data stay for the next start."""

import signal
import sys
import threading
from datetime import date

from billing.core.period import Month
from infra.local.cloud import LocalCloud
from infra.local.demo.cloud import DeployedCloud
from infra.local.demo.story import Story
from infra.local.demo.teller import Teller
from infra.local.deploy import deploy
from infra.local.docs_page import serve_docs
from infra.local.people import User, settle_people
from infra.local.synth import ROOT, synthesise

STATE = ROOT / ".local"
PORT = 4566
DOCS_PORT = 4580


def main() -> int:
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    assembly = synthesise()
    with LocalCloud(STATE, port=PORT) as cloud:
        outputs = deploy(cloud, assembly)
        users = settle_people(cloud, outputs)
        deployed = DeployedCloud(cloud, outputs, users)
        month = _load_once(deployed)
        api = cloud.api_url(outputs["MensalApi"]["ApiId"])
        _say(
            _welcome(
                api, serve_docs(api, DOCS_PORT), users, month, outputs["MensalIdentity"]["UserPoolClientId"]
            )
        )
        stop.wait()
        _say("Parando...")
    return 0


def _load_once(cloud: DeployedCloud) -> Month:
    """Load the demonstration's base and the usage of last month, once; cut off, the next start goes on with it.

    The clock is the machine's again at the end.
    """
    loaded = STATE / "demonstration-loaded"
    if loaded.exists():
        return Month(loaded.read_text())
    begun = STATE / "demonstration-begun"
    if not begun.exists():
        begun.write_text(Month.of(date.today()).plus(-1))  # noqa: DTZ011  (the machine's own month will do)
    month = Month(begun.read_text())
    _say("Carregando a empresa de demonstração (uma vez só)...")
    story = Story(Teller(cloud, _say), month)
    story.found()
    story.use(month)
    cloud.travel_home()
    loaded.write_text(month)
    return month


def _welcome(api: str, docs: str, users: list[User], month: Month, client: str) -> str:
    people = "\n".join(f"    {u.profile:<14} {u.email:<34} {u.password}" for u in users)
    return f"""
API                     {api}
Documentação da API     {docs}
Usuários (Cognito, cliente {client})
{people}
Arquivos (PDF, remessas) {STATE}/s3
E-mails e SMS           {STATE}/mailbox
Registros das funções   {STATE}/logs

Rodar o mês {month.format_br()}: com um acesso de administrador ({docs}), nesta ordem
    POST /runs/closings     fecha {month.format_br()}; veja GET /closings?month={month}
    POST /runs/billing      fatura os vencimentos de {month.plus(1).format_br()}
    POST /runs/remittances  gera a remessa de um profile
    POST /bank-returns      recebe o retorno do banco
    POST /runs/dispatches   envia e-mails e SMS
ou tudo de uma vez, com o banco de testes: make month
Ctrl-C para parar; os dados ficam."""


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
