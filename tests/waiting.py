"""What is in the product before its caller or producer exists, each with the requirement that it waits for. A test
keeps the list true."""

UNCALLED = {
    "fiscal/paper/": "FIS-02",
    "fiscal/document.py:observed": "FIS-03",
    "fiscal/numbering.py:annul": "FIS-04",
    "dispatch/service.py:add_demonstration_templates": "MSG-01",
    "payments/late_charges.py:cover": "PAY-08",
    "rating/proration.py:split_exactly": "CTR-07",
    "rating/proration.py:unused_credit": "CTR-07",
    "rating/replay.py:replay": "BEY-09",
    "core/calendar_br.py:add_business_days": "MSG-05",
    "panels/registrations.py:cities": "WEB-05",
}
"""Function, or folder that nothing outside imports -> the requirement whose route or screen will call it."""

UNSET_STATES = {
    "LockKind.AWAITING_PROFILE_CHANGE": "CTR-07",
    "LockKind.LOCKED_CHARGE": "CON-02",
    "LockKind.PENDING_BILLING": "CON-02",
    "LockKind.SCHEDULE_SUSPENDED": "INV-01",
    "MessageState.BOUNCED": "MSG-03",
    "MessageState.DELIVERED": "MSG-04",
    "MessageState.READ": "MSG-04",
}
UNSET_FIELDS: dict[str, str] = {}
