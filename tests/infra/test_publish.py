"""Publishing the console's files to their bucket."""

from pathlib import Path
from typing import Any

from infra.publish import publish

OUTPUTS = {
    "MensalWeb": {"ConsoleBucketName": "pages", "ConsoleDistributionId": "D1"},
    "MensalIdentity": {"SignInUrl": "https://entrar.example", "UserPoolClientId": "client"},
}


class Recorder:
    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def put_object(self, **call: Any) -> None:
        self.calls.append(call)

    create_invalidation = put_object


def test_page_comes_after_the_files_that_it_names_and_is_not_kept(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("index.html", "icon.svg", "assets/main-1.js", ".stamp"):
        (tmp_path / name).write_text("x")
    s3, cloudfront = Recorder(), Recorder()

    publish(OUTPUTS, tmp_path, s3, cloudfront)

    assert [call["Key"] for call in s3.calls] == ["assets/main-1.js", "icon.svg", "index.html", "config.json"]
    assert [call["CacheControl"] for call in s3.calls] == [
        "public, max-age=31536000, immutable",
        "no-cache",
        "no-cache",
        "no-store",
    ]
    assert s3.calls[-1]["Body"] == b'{"signIn": "https://entrar.example", "clientId": "client"}'
    assert cloudfront.calls[0]["InvalidationBatch"]["Paths"]["Items"] == ["/index.html", "/config.json"]
