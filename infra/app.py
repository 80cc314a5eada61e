"""The CDK app: its stacks, checked by cdk-nag. `make synth` for AWS, `infra.local.synth` for the local cloud.

    MensalData       tables, files
    MensalIdentity   user pool, the trigger that writes the access token
    MensalProcesses  tasks, state machines, schedules, events, alarms
    MensalApi        API functions, gateway
    MensalWeb        the console's bucket and CloudFront; on AWS alone
    MensalFirewall   the firewall before CloudFront, in us-east-1; on AWS alone

Context: `local` ("true" for the cloud on a developer's machine), `console_origin` (where the web console is served; must
be given for a deployment), `console_certificate` and `console_web_acl` (ARNs in us-east-1, or nothing), `customer_key`
("true" for tables and files under a key of the account's own).
"""

import json
import os

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra import build
from infra.settings import LOCAL_CONSOLE, ROOT, Settings, deployed_origin
from infra.stacks.api import make_api
from infra.stacks.data import make_data
from infra.stacks.identity import make_identity
from infra.stacks.processes import make_processes
from infra.stacks.web import make_firewall, make_web

DEPLOYMENT = ("CONSOLE_ORIGIN", "CUSTOMER_KEY")
"""What `make synth` and `make deploy` are given for one deployment."""


def make_stacks(app: App, settings: Settings) -> None:
    """All stacks in `app`, which fails to synthesise when cdk-nag finds something that has no reason to stand."""
    stores = make_data(app, settings)
    identity = make_identity(app, settings, stores)
    processes = make_processes(app, settings, stores, identity.pre_token)
    api_endpoint = make_api(app, settings, stores, identity, processes)
    if not settings.local:  # where there is TLS to ask for, and an edge to serve from
        make_web(app, settings, api_endpoint, identity.sign_in_url, stores.files.bucket_regional_domain_name)
        make_firewall(app)
    Tags.of(app).add("product", "mensal")
    if not settings.local:  # where there is no TLS to ask for
        Validations.of(app).add_plugins(AwsSolutionsChecks(app))


def settings_of(app: App) -> Settings:
    local = str(app.node.try_get_context("local")).lower() == "true"
    return Settings(
        sources=build.sources(local=local),
        local=local,
        console_origin=LOCAL_CONSOLE
        if local
        else deployed_origin(app.node.try_get_context("console_origin")),
        customer_key=not local and str(app.node.try_get_context("customer_key")).lower() == "true",
        console_certificate=str(app.node.try_get_context("console_certificate") or ""),
        console_web_acl=str(app.node.try_get_context("console_web_acl") or ""),
    )


if __name__ == "__main__":
    defaults = json.loads((ROOT / "cdk.json").read_text())["context"]
    given = {name.lower(): os.environ[name] for name in DEPLOYMENT if os.environ.get(name)}
    app = App(
        context={**defaults, **given}
    )  # what the environment says, as the CDK command line does, comes before them
    make_stacks(app, settings_of(app))
    app.synth()
