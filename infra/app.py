"""The CDK app: its stacks, checked by cdk-nag. `make synth` for AWS, `infra.local.synth` for the local cloud.

    MensalData       tables, files
    MensalIdentity   user pool, the trigger that writes the access token
    MensalProcesses  tasks, state machines, schedules, events, alarms
    MensalApi        API functions, gateway
    MensalWeb        the console's bucket and CloudFront; on AWS alone
    MensalFirewall   the firewall before CloudFront, in us-east-1; on AWS alone

Context: `local` ("true" for the cloud on a developer's machine), `console_origin` (where the web console is served),
`console_certificate` and `console_web_acl` (ARNs in us-east-1, or nothing).
"""

import json

from aws_cdk import App, Tags, Validations
from cdk_nag import AwsSolutionsChecks

from infra import build
from infra.settings import LOCAL_CONSOLE, ROOT, Settings
from infra.stacks.api import make_api
from infra.stacks.data import make_data
from infra.stacks.identity import make_identity
from infra.stacks.processes import make_processes
from infra.stacks.web import make_firewall, make_web


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
        console_origin=LOCAL_CONSOLE if local else str(app.node.get_context("console_origin")),
        console_certificate=str(app.node.try_get_context("console_certificate") or ""),
        console_web_acl=str(app.node.try_get_context("console_web_acl") or ""),
    )


if __name__ == "__main__":
    defaults = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(context=defaults)  # what the environment says, as the CDK command line does, comes before them
    make_stacks(app, settings_of(app))
    app.synth()
