"""The routes of an API function, read from the decorators of its module: what is not declared there is not reachable.

The source is read, not imported: synthesis needs none of the handlers' packages, and a context that does not load
does not keep the others from being deployed.
"""

import ast
import re
from dataclasses import dataclass

from infra.functions import Function
from infra.settings import ROOT

METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True, order=True)
class Route:
    path: str
    """As API Gateway writes it: /customers/{customer_id}."""
    method: str


def routes_of(function: Function) -> list[Route]:
    """Every `@api.<method>("<path>", ...)` of the module, sorted. A module that is not there has none."""
    file = ROOT / f"{function.module.replace('.', '/')}.py"
    if not file.exists():
        return []
    tree = ast.parse(file.read_text(), str(file))
    decorators = (
        decorator
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        for decorator in node.decorator_list
    )
    return sorted(route for decorator in decorators if (route := _route(decorator)) is not None)


def gateway_path(path: str) -> str:
    """
    >>> gateway_path("/items/<item_id>/prices/<month>")
    '/items/{item_id}/prices/{month}'
    """
    return re.sub(r"<(\w+)>", r"{\1}", path)


def _route(decorator: ast.expr) -> Route | None:
    match decorator:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="api"), attr=method),
            args=[ast.Constant(value=str(path)), *_],
        ) if method in METHODS:
            return Route(gateway_path(path), method.upper())
        case _:
            return None
