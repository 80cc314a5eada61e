"""The same call by another request: with an Idempotency-Key of its own."""

from itertools import count

from billing.access.call import Call, Idempotency

_keys = count(1)


def anew(call: Call) -> Call:
    return call._replace(idempotency=Idempotency(f"request-{next(_keys):06d}", "hash"))
