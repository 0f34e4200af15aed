"""The shop as it runs in either mode, over a test's database: web processes and a worker."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import redis
import requests
from django.conf import settings
from django.db import connection

from config.embedded.processes import end_with_parent
from config.embedded.run import web_command
from tests.shop.payments.sandbox.running import eventually
from tests.story.running import free_port

HOST = "shop.example"
PATIENCE = 60.0


@dataclass(frozen=True)
class Shop:
    """A shop that runs.

    Attributes:
        addresses: of its web servers, each a scheme, a number and a port.
        headers: what a browser, or the proxy in front, sends with each request.
        origin: how browsers call the shop.
    """

    addresses: list[str]
    headers: dict[str, str]
    origin: str


@contextlib.contextmanager
def embedded_shop(folder: Path, *, redis_database: int) -> Iterator[Shop]:
    """Run what ``make run`` starts: one web server of two processes, settings without a word.

    Args:
        folder: of private files, and for logs.
        redis_database: the number of one that no other test uses at once.

    Yields:
        The shop, once it answers.
    """
    port = free_port()
    environment = _environment(folder) | {
        "DJANGO_SETTINGS_MODULE": "tests.story.settings",
        "LORGNETTE_TESTING": "1",
        "STORY_DATABASE": connection.settings_dict["NAME"],
        "STORY_REDIS_DATABASE": str(redis_database),
    }
    address = f"http://127.0.0.1:{port}"
    shop = Shop(addresses=[address], headers={}, origin=address)
    with _running(folder, environment, [web_command("127.0.0.1", port)], shop, redis_database):
        yield shop


@contextlib.contextmanager
def served_shop(folder: Path, *, redis_database: int) -> Iterator[Shop]:
    """Run two web servers as on two machines behind a proxy, told all by the environment.

    Args:
        folder: of private files, and for logs.
        redis_database: the number of one that no other test uses at once.

    Yields:
        The shop, once it answers.
    """
    ports = [free_port(), free_port()]
    database = connection.settings_dict
    environment = _environment(folder) | {
        "DJANGO_SETTINGS_MODULE": "tests.sharing.galleries.served_settings",
        "DATABASE_URL": "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**database),
        "REDIS_URL": _redis_url(redis_database),
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": HOST,
        "PUBLIC_URL": f"https://{HOST}",
        "TRUSTED_PROXY_COUNT": "1",
        "STRIPE_SECRET_KEY": settings.STRIPE_SECRET_KEY,
        "STRIPE_PUBLISHABLE_KEY": settings.STRIPE_PUBLISHABLE_KEY,
        "STRIPE_WEBHOOK_SECRET": settings.STRIPE_WEBHOOK_SECRET,
    }
    web = [sys.executable, "-W", "ignore:No directory at", "-m", "granian"]
    web += ["--interface", "wsgi", "config.wsgi:application", "--no-ws", "--log-level", "warning"]
    commands = [[*web, "--port", str(port)] for port in ports]
    shop = Shop(
        addresses=[f"http://127.0.0.1:{port}" for port in ports],
        headers={"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"},
        origin=f"https://{HOST}",
    )
    with _running(folder, environment, commands, shop, redis_database):
        yield shop


def _environment(folder: Path) -> dict[str, str]:
    ours = ("DATABASE_", "REDIS_", "LORGNETTE_", "DJANGO_", "STORY_", "SECRET_KEY", "EMAIL_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "MEDIA_ROOT": str(folder)}


def _redis_url(number: int) -> str:
    return f"{settings.REDIS_URL.rpartition('/')[0]}/{number}"


@contextlib.contextmanager
def _running(
    folder: Path,
    environment: dict[str, str],
    webs: list[list[str]],
    shop: Shop,
    redis_database: int,
) -> Iterator[None]:
    with redis.Redis.from_url(_redis_url(redis_database)) as store:
        store.flushdb()
    worker = [sys.executable, "-m", "celery", "--quiet", "-A", "config", "worker", "-c", "1"]
    worker += ["--without-mingle", "--without-gossip", "-l", "info"]
    log = (folder / "shop.log").open("ab")
    processes: list[subprocess.Popen[bytes]] = []
    told: dict[str, Any] = {"stdout": log, "stderr": log, "preexec_fn": end_with_parent()}
    try:
        for command in [*webs, worker]:
            process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, **told)
            processes.append(process)
        for address in shop.addresses:
            assert eventually(_answers(f"{address}/healthz"), PATIENCE), _said(folder)
        yield
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            process.wait(timeout=30)
        log.close()


def _answers(url: str) -> Callable[[], bool]:
    def asked() -> bool:
        try:
            return requests.get(url, timeout=5).ok
        except requests.ConnectionError:
            return False

    return asked


def _said(folder: Path) -> str:
    return (folder / "shop.log").read_text()[-3000:]
