"""A shop of the story's own: web, worker, beat and Stripe sandbox as processes."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from django.conf import settings

from config.embedded.processes import end_with_parent
from shop.payments.sandbox.access import SIGNED_WITH
from tests.databases import connection_to, drop_database, fresh_database, migrated_database

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60


@dataclass(frozen=True)
class DemoShop:
    """The demo shop as it is loaded, to be copied: loading it takes longer than a story.

    Attributes:
        database: its name.
        media: the folder of its files.
    """

    database: str
    media: Path


@dataclass(frozen=True)
class RunningShop:
    """A shop that serves.

    Attributes:
        url: of the web server, without a slash at its end.
        stripe_url: of the Stripe sandbox.
        environment: for further processes of this shop.
        folder: its media, mail and logs.
    """

    url: str
    stripe_url: str
    environment: dict[str, str]
    folder: Path

    def manage(self, *arguments: str) -> str:
        """Run a command of ``manage.py`` over this shop's database and return what it printed."""
        return _manage(self.environment, *arguments)

    def execute(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """Run one SQL statement over this shop's database, as time passing would."""
        database = connection_to(self.environment["STORY_DATABASE"])
        with psycopg.connect(**database, autocommit=True) as connection:
            cursor = connection.execute(statement.encode(), values)
            return cursor.fetchall() if cursor.description else []


def _manage(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}:\n{done.stdout}\n{done.stderr}"
    return done.stdout


def _environment(*, database: str, redis_database: int, media: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.story.settings",
        "LORGNETTE_TESTING": "1",
        "STORY_DATABASE": database,
        "STORY_REDIS_DATABASE": str(redis_database),
        "MEDIA_ROOT": str(media),
    }


def free_port() -> int:
    """Return a port of this machine nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(url: str, processes: dict[str, "subprocess.Popen[bytes]"], folder: Path) -> None:
    ends_at = time.monotonic() + START_SECONDS
    while time.monotonic() < ends_at:
        for name, process in processes.items():
            if process.poll() is not None:
                raise RuntimeError(f"{name} ended:\n{(folder / f'{name}.log').read_text()[-3000:]}")
        try:
            with urllib.request.urlopen(url, timeout=3):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise TimeoutError(f"No good answer from {url} within {START_SECONDS} seconds.")


@contextlib.contextmanager
def demo_shop(folder: Path, *, redis_database: int) -> Iterator[DemoShop]:
    """Load the demo shop into a database that is dropped when the block ends."""
    demo = DemoShop("story_demo", folder / "media")
    environment = _environment(
        database=demo.database, redis_database=redis_database, media=demo.media
    )
    fresh_database(demo.database, copied_from=migrated_database())
    _manage(environment, "load_demo_shop", "--bare")
    yield demo
    drop_database(demo.database)


@contextlib.contextmanager
def running_shop(
    folder: Path, *, demo: DemoShop, name: str, redis_database: int
) -> Iterator[RunningShop]:
    """Run a copy of the demo shop until the block ends.

    Args:
        folder: for its files and logs.
        demo: what is copied.
        name: of its database, which is made anew and dropped at the end.
        redis_database: the number of its Redis database, not used by another test at once.

    Yields:
        The shop, once its ``/healthz`` answers.
    """
    web_port, stripe_port = free_port(), free_port()
    environment = {
        **_environment(database=name, redis_database=redis_database, media=folder / "media"),
        "STRIPE_API_BASE": f"http://127.0.0.1:{stripe_port}",
        "PORT": str(web_port),
    }
    shop = RunningShop(
        url=f"http://127.0.0.1:{web_port}",
        stripe_url=f"http://127.0.0.1:{stripe_port}",
        environment=environment,
        folder=folder,
    )
    fresh_database(name, copied_from=demo.database)
    shutil.copytree(demo.media, folder / "media")
    python = sys.executable
    commands = {
        "stripe": [python, "-m", "shop.payments.sandbox", "--port", str(stripe_port)]
        + ["--state", str(folder / "stripe"), "--webhook-url", f"{shop.url}/webhooks/stripe/"],
        "web": [python, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
        + ["--host", "127.0.0.1", "--port", str(web_port), "--workers", "1"]
        + ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"],
        "worker": [python, "-m", "celery", "-A", "config", "worker", "-c", "1", "-B"]
        + ["-s", str(folder / "beat"), "-l", "info", "--without-mingle", "--without-gossip"],
    }
    processes: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for each, command in commands.items():
            with (folder / f"{each}.log").open("wb") as log:
                processes[each] = subprocess.Popen(
                    command,
                    cwd=ROOT,
                    env={**environment, SIGNED_WITH: settings.STRIPE_WEBHOOK_SECRET},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    preexec_fn=end_with_parent(),
                )
        _wait_for(f"{shop.url}/healthz", processes, folder)
        yield shop
    finally:
        for process in processes.values():
            process.terminate()
        for process in processes.values():
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
        drop_database(name)
