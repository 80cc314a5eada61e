"""Cognito's pre token generation trigger, version 2: adds tenant, companies, profiles and whether the user has a second
factor to the access token.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from typing import Any

from billing.entry import log, wiring
from billing.members import store


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """A user without a membership gets a token without a tenant, which the API refuses with the reason."""
    user_id: str = event["request"]["userAttributes"]["sub"]
    standings = store.standings(user_id)
    member = standings[0].member if standings else None
    log.event("sign_in", user_id=user_id, tenant_id=member.tenant_id if member else "-")
    claims = {}
    if member is not None:
        moves_money = any(one.moves_money for one in standings)
        has_second = moves_money and wiring.directory_of(event["userPoolId"]).has_second_factor(user_id)
        claims = {**member.claims(), "second_factor": "yes" if has_second else "no"}
    event["response"] = {
        "claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": claims}}
    }
    return event
