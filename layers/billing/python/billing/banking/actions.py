"""What happens to payment profiles, by name (REP-03)."""

from billing.audit.model import Action


class ProfileAction(Action):
    ADDED = "profile.added", "Profile de pagamento incluído"
    CHANGED = "profile.changed", "Profile de pagamento alterado"
