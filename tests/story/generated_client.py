"""A client generated from the schema that a running shop serves, and called as a program would."""

import importlib
import json
import subprocess
import sys
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path
from types import ModuleType
from typing import Any

PACKAGE = "lorgnette_client"
FILES = (
    "application/offset+octet-stream",
    "application/pdf",
    "application/zip",
    "image/jpeg",
    "image/svg+xml",
)


def generate(schema_url: str, folder: Path) -> Path:
    """Generate the package into ``folder``; the generator's warnings count as failures."""
    config = folder / "generator.json"
    # Files are bytes to a client; the generator knows but one name for those.
    kinds = dict.fromkeys(FILES, "application/octet-stream")
    choices = {"content_type_overrides": kinds, "post_hooks": [], "http_timeout": 60}
    config.write_text(json.dumps(choices))
    done = subprocess.run(
        [sys.executable, "-m", "openapi_python_client", "generate", "--url", schema_url]
        + ["--meta", "none", "--fail-on-warning", "--config", str(config)]
        + ["--output-path", str(folder / PACKAGE)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / PACKAGE


class Api:
    """One caller of the shop, by the generated client."""

    def __init__(self, url: str, token: str | None = None) -> None:
        self.url = url
        client = module("client")
        # A status that the schema does not name is an error of the schema's.
        common = {"base_url": url, "raise_on_unexpected_status": True, "timeout": 30}
        self.client = (
            client.AuthenticatedClient(
                token=token, prefix="", auth_header_name="X-Session-Token", **common
            )
            if token
            else client.Client(**common)
        )

    def response(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Call an operation and return status, headers and the parsed answer."""
        return _operation(operation)(*args, client=self.client, **kwargs)

    def __call__(self, operation: str, *args: Any, **kwargs: Any) -> Any:
        """Call an operation that must succeed and return the parsed answer."""
        answer = self.response(operation, *args, **kwargs)
        assert answer.status_code < HTTPStatus.BAD_REQUEST, answer.content.decode()
        return answer.parsed

    def refused(self, operation: str, *args: Any, **kwargs: Any) -> tuple[int, str]:
        """Call an operation that must be refused and return the problem's status and code."""
        answer = self.response(operation, *args, **kwargs)
        assert answer.status_code >= HTTPStatus.BAD_REQUEST, answer.content.decode()
        return answer.parsed.status, answer.parsed.code

    def pages(self, operation: str, **kwargs: Any) -> list[list[Any]]:
        """Follow a list's cursor to its end and return the rows of each page."""
        pages, cursor = [], module("types").UNSET
        while True:
            page = self(operation, cursor=cursor, **kwargs)
            pages.append(page.results)
            if not page.next_:
                return pages
            cursor = page.next_.split("cursor=")[1].split("&")[0].replace("%3D", "=")


def module(name: str) -> ModuleType:
    """Return a module of the generated package."""
    return importlib.import_module(f"{PACKAGE}.{name}")


def model(name: str, /, **fields: Any) -> Any:
    """Return an instance of a generated model."""
    return getattr(module("models"), name)(**fields)


def _operation(operation: str) -> Callable[..., Any]:
    call: Callable[..., Any] = module(f"api.{operation}").sync_detailed
    return call
