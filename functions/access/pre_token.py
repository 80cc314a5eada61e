"""Cognito's pre token generation trigger, version 2: tenant, companies and profile enter the access token here.

https://docs.aws.amazon.com/cognito/latest/developerguide/user-pool-lambda-pre-token-generation.html
"""

from typing import Any

from billing.entry import log
from billing.members.store import find_by_user


def handler(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """A user without a membership gets a token without a tenant, which the API refuses with the reason."""
    user_id: str = event["request"]["userAttributes"]["sub"]
    member = find_by_user(user_id)
    log.event("sign_in", user_id=user_id, tenant_id=member.tenant_id if member else "-")
    claims = member.claims() if member else {}
    event["response"] = {
        "claimsAndScopeOverrideDetails": {"accessTokenGeneration": {"claimsToAddOrOverride": claims}}
    }
    return event
