"""The API's OpenAPI 3.1 description, gathered from the handlers: `python -m infra.openapi` writes docs/api/openapi.json."""

import json
import os
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from infra import labels
from infra import schemas as shapes
from infra.constructs.routes import gateway_path

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "api" / "openapi.json"

_DESCRIPTION = (
    "API da Mensal: cobrança recorrente para empresas de serviços. Valores em dinheiro, quantidades e percentuais são "
    "textos com ponto decimal. Escritas levam Idempotency-Key (POST) ou If-Match (PUT, PATCH, DELETE). Erros seguem a "
    "RFC 9457, com um código estável em `code` e todos os motivos em `reasons`. Quem trabalha em "
    "várias bases (`GET /bases`) diz em qual é o pedido no cabeçalho `Mensal-Base`; sem ele, é a do seu acesso."
)

_PROBLEM = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457",
    "required": ["type", "code", "title", "status"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:mensal:invoice.settled"]},
        "code": {"type": "string", "examples": ["invoice.settled"]},
        "title": {"type": "string", "examples": ["A Fatura 1024 já está liquidada"]},
        "status": {"type": "integer", "examples": [422]},
        "reasons": {"type": "array", "items": {"$ref": "#/components/schemas/ProblemReason"}},
    },
}

_REASON = {
    "type": "object",
    "title": "ProblemReason",
    "required": ["code", "message", "severity"],
    "properties": {
        "code": {"type": "string"},
        "message": {"type": "string"},
        "severity": {"type": "string", "enum": ["blocks", "asks", "warns"]},
        "field": {"type": "string"},
    },
}

_HEADERS = {
    "IdempotencyKey": (
        "Idempotency-Key",
        "Uma chave nova a cada operação (8 a 200 caracteres); repetida, a resposta é a mesma.",
    ),
    "IfMatch": ("If-Match", "A versão lida (ETag)."),
}
"""What every write sends, described once."""


_POWERTOOLS = {"HTTPValidationError", "ResponseValidationError", "ValidationError"}
"""Answers that the library defines, and that `entry/http.py` replaces with problem details."""


def describe() -> dict[str, Any]:
    """The whole description, in a stable order."""
    paths: dict[str, Any] = {}
    names: dict[tuple[str, str], str] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM, "ProblemReason": _REASON}
    for module in sorted((ROOT / "functions").glob("*/api.py")):
        api = import_module(f"functions.{module.parent.name}.api").api
        part = json.loads(api.get_openapi_json_schema(title="Mensal", version="1"))
        paths.update(part.get("paths", {}))
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            if name in _POWERTOOLS:
                continue
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two contexts call different things {name}: rename one")
        names.update(_handlers(api))
    for path, operations in paths.items():
        for method, operation in operations.items():
            _complete(method, operation, names[method, path])
    if len(set(names.values())) < len(names):
        raise ValueError(f"two handlers have one name: {sorted(names.values())}")
    shapes.shape(paths, schemas)
    labels.label(schemas)
    labels.label_filters(operation for operations in paths.values() for operation in operations.values())
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mensal", "version": "1", "description": _DESCRIPTION},
        "security": [{"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "parameters": {
                key: {
                    "name": name,
                    "in": "header",
                    "required": True,
                    "description": what,
                    "schema": {"type": "string"},
                }
                for key, (name, what) in _HEADERS.items()
            },
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def render() -> str:
    """The document as it is committed, made in a process of its own: fields are described by their docstrings."""
    made = subprocess.run(
        [sys.executable, "-m", "infra.openapi", "--print"],
        cwd=ROOT,
        env={**os.environ, "MENSAL_DESCRIBE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout


def _handlers(api: Any) -> dict[tuple[str, str], str]:
    """Method and path -> the handler's name as a client calls it: listCustomers."""
    routes = [*api._static_routes, *api._dynamic_routes]  # noqa: SLF001  (it has no public list)
    return {
        (route.method.lower(), gateway_path(route.path)): re.sub(
            r"_(\w)", lambda match: match[1].upper(), route.func.__name__
        )
        for route in routes
    }


def _complete(method: str, operation: dict[str, Any], name: str) -> None:
    """Add what every operation has and no handler states: its name, the headers of a write, and problem details."""
    operation["operationId"] = name
    if method != "get":
        header = "IdempotencyKey" if method == "post" else "IfMatch"
        operation.setdefault("parameters", []).append({"$ref": f"#/components/parameters/{header}"})
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for answered in responses.values():
        answered["description"] = "Atendido"
    responses["4XX"] = {"description": "Recusado", "content": problem}


def main() -> None:
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(json.dumps(describe(), ensure_ascii=False, indent=1) + "\n")
        return
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(render())
    sys.stdout.write(f"{DOCUMENT.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
