"""The API's OpenAPI 3.1 description, gathered from the handlers: `python -m infra.openapi` writes docs/api/openapi.json."""

import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCUMENT = ROOT / "docs" / "api" / "openapi.json"

_DESCRIPTION = (
    "API da Mensal: cobrança recorrente para empresas de serviços. Valores em dinheiro, quantidades e percentuais são "
    "textos com ponto decimal. Escritas levam Idempotency-Key (POST) ou If-Match (PUT, PATCH, DELETE). Erros seguem a "
    "RFC 9457, com um código estável em `code` e todos os motivos em `reasons`."
)

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457",
    "required": ["type", "code", "title", "status"],
    "properties": {
        "type": {"type": "string", "examples": ["urn:mensal:invoice.settled"]},
        "code": {"type": "string", "examples": ["invoice.settled"]},
        "title": {"type": "string", "examples": ["A Fatura 1024 já está liquidada"]},
        "status": {"type": "integer", "examples": [422]},
        "reasons": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "severity"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "severity": {"type": "string", "enum": ["blocks", "asks", "warns"]},
                    "field": {"type": "string"},
                },
            },
        },
    },
}


_POWERTOOLS = {"HTTPValidationError", "ResponseValidationError", "ValidationError"}
"""Answers of the library's own, which `entry/http.py` replaces with problem details."""


def describe() -> dict[str, Any]:
    """The whole description, in a stable order."""
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {"Problem": _PROBLEM}
    for module in sorted((ROOT / "functions").glob("*/api.py")):
        api = import_module(f"functions.{module.parent.name}.api").api
        part = json.loads(api.get_openapi_json_schema(title="Mensal", version="1"))
        paths.update(part.get("paths", {}))
        for name, schema in part.get("components", {}).get("schemas", {}).items():
            if name in _POWERTOOLS:
                continue
            if schemas.setdefault(name, schema) != schema:
                raise ValueError(f"two contexts call different things {name}: rename one")
    for path, operations in paths.items():
        for method, operation in operations.items():
            _complete(path, method, operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Mensal", "version": "1", "description": _DESCRIPTION},
        "security": [{"bearer": []}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": dict(sorted(schemas.items())),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


def render() -> str:
    """The document as it is committed, made in a process of its own: fields are described from their docstrings."""
    made = subprocess.run(
        [sys.executable, "-m", "infra.openapi", "--print"],
        cwd=ROOT,
        env={**os.environ, "MENSAL_DESCRIBE": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return made.stdout


def _complete(path: str, method: str, operation: dict[str, Any]) -> None:
    """What every operation has and no handler says: the headers of a write, and problem details."""
    name, what = {
        "post": (
            "Idempotency-Key",
            "Uma chave nova a cada operação (8 a 200 caracteres); repetida, a resposta é a mesma.",
        ),
    }.get(method, ("If-Match", "A versão lida (ETag)."))
    if method != "get":
        header = {
            "name": name,
            "in": "header",
            "required": True,
            "description": what,
            "schema": {"type": "string"},
        }
        operation.setdefault("parameters", []).append(header)
    responses = operation.setdefault("responses", {})
    responses.pop("422", None)
    problem = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for answered in responses.values():
        answered["description"] = "Atendido"
    responses["4XX"] = {"description": "Recusado", "content": problem}
    operation["operationId"] = operation.get("operationId", f"{method}_{path}").strip("_")


def main() -> None:
    if sys.argv[1:] == ["--print"]:
        sys.stdout.write(json.dumps(describe(), ensure_ascii=False, indent=1) + "\n")
        return
    DOCUMENT.parent.mkdir(parents=True, exist_ok=True)
    DOCUMENT.write_text(render())
    sys.stdout.write(f"{DOCUMENT.relative_to(ROOT)}\n")


if __name__ == "__main__":
    main()
