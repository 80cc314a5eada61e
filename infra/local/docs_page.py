"""The API's interactive documentation on loopback: the committed description, shown by the Swagger UI that Powertools ships."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files

from infra.openapi import DOCUMENT

_PAGE = """<!doctype html>
<html lang="pt-BR"><head><meta charset="utf-8"><title>API da Mensal</title>
<link rel="stylesheet" href="swagger-ui.min.css"></head>
<body><div id="ui"></div><script src="swagger-ui-bundle.min.js"></script>
<script>SwaggerUIBundle({url: "openapi.json", dom_id: "#ui", servers: []})</script></body></html>
"""


def serve_docs(api_url: str, port: int = 0) -> str:
    """Serve until this process ends; returns the address."""
    assets = files("aws_lambda_powertools.event_handler.openapi.swagger_ui")
    document = DOCUMENT.read_text().replace(
        '"openapi": "3.1.0",', f'"openapi": "3.1.0", "servers": [{{"url": "{api_url}"}}],', 1
    )
    pages: dict[str, tuple[str, bytes]] = {
        "/": ("text/html; charset=utf-8", _PAGE.encode()),
        "/openapi.json": ("application/json", document.encode()),
        "/swagger-ui.min.css": ("text/css", (assets / "swagger-ui.min.css").read_bytes()),
        "/swagger-ui-bundle.min.js": ("text/javascript", (assets / "swagger-ui-bundle.min.js").read_bytes()),
    }

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, content = pages.get(self.path, ("", b""))
            self.send_response(200 if kind else 404)
            self.send_header("Content-Type", kind or "text/plain")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (the base class's name)
            """Log nothing: the terminal is the operator's."""

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_address[1]}/"
