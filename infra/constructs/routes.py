"""The routes of an API function, from its resolver: a path without a handler cannot be reached."""

import re
from dataclasses import dataclass
from importlib import import_module

from infra.function import Function

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, order=True)
class Route:
    path: str
    """As API Gateway writes it: /customers/{customer_id}."""
    method: str


def routes_of(function: Function) -> list[Route]:
    """Every route that the handlers of the function's module declare, sorted."""
    resolver = import_module(function.module).api
    declared = [*resolver._static_routes, *resolver._dynamic_routes]  # noqa: SLF001  (it has no public list)
    return sorted(Route(gateway_path(route.path), route.method) for route in declared)


def gateway_path(path: str) -> str:
    """
    >>> gateway_path("/items/<item_id>/prices/<month>")
    '/items/{item_id}/prices/{month}'
    """
    return re.sub(r"<(\w+)>", r"{\1}", path)
