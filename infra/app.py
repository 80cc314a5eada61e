"""The CDK app: its stacks, checked by cdk-nag. `make synth` for AWS, `infra.local.synth` for the local cloud.

    MensalData       tables, files
    MensalIdentity   user pool, the trigger that writes the access token
    MensalProcesses  tasks, state machines, schedules, events, alarms
    MensalApi        gateway
    MensalApi<Area>  API functions of one area, with their routes
    MensalWeb        the console's bucket and CloudFront; only on AWS
    MensalFirewall   the firewall in front of CloudFront, in us-east-1; only on AWS

Context: `local` ("true" for the cloud on a developer's machine), `console_origin` (where the web console is served;
required for a deployment), `console_certificate` and `console_web_acl` (ARNs in us-east-1, or nothing), `customer_key`
("true" for tables and files under the account's own key).
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
"""The settings of one deployment that `make synth` and `make deploy` take."""


def make_stacks(app: App, settings: Settings) -> None:
    """Make all stacks in `app`; synthesis fails if cdk-nag finds something that was not accepted with a reason."""
    stores = make_data(app, settings)
    identity = make_identity(app, settings, stores)
    processes = make_processes(app, settings, stores, identity.pre_token)
    api_endpoint = make_api(app, settings, stores, identity, processes)
    if not settings.local:  # the local cloud has no TLS to require, and no edge to serve from
        make_web(app, settings, api_endpoint, identity.sign_in_url, stores.files.bucket_regional_domain_name)
        make_firewall(app)
    Tags.of(app).add("product", "mensal")
    if not settings.local:  # the local cloud has no TLS to require
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
    )  # the environment, like the CDK command line, takes precedence over the defaults
    make_stacks(app, settings_of(app))
    app.synth()
