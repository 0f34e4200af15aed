"""Where a simulation plays: a database of its own, a Stripe sandbox, a clock, nobody's mailbox."""

import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import redis
import time_machine
from celery import current_app
from celery.exceptions import AlwaysEagerIgnored
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import override_settings
from psycopg import sql

from shop.foundation import limits
from shop.payments.gateway import call
from shop.payments.sandbox.sandbox import Sandbox
from shop.payments.sandbox.server import serve

SUFFIX = "_simulation"
# Not the shop's own: limits count people by number, and here they are other people.
REDIS_DATABASE = 8


@contextmanager
def stage(begin: datetime, *, stripe: Path, files: Path | None) -> Iterator[time_machine.Traveller]:
    """Set the stage: mail goes to nobody, limits and Stripe are not those of the running shop.

    Args:
        begin: what the clock shows at first.
        stripe: where its Stripe sandbox keeps its state.
        files: where its files are kept; nothing for those of the shop.

    Yields:
        The clock, to be turned by ``move_to``.
    """
    address = settings.REDIS_URL.rpartition("/")[0] + f"/{REDIS_DATABASE}"
    with (
        time_machine.travel(begin, tick=True) as clock,
        stripe_sandbox(stripe) as stripe_url,
        override_settings(
            STRIPE_API_BASE=stripe_url,
            STRIPE_BROWSER_BASE=stripe_url,
            STRIPE_SECRET_KEY="sk_test_simulation",  # noqa: S106 - opens the sandbox alone
            STRIPE_PUBLISHABLE_KEY="pk_test_simulation",
            STRIPE_IS_SANDBOX=True,
            EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
            REDIS_URL=address,
            **(_files_in(files) if files else {}),
        ),
    ):
        limits.forget_connection()
        redis.Redis.from_url(address).flushdb()
        try:
            with _jobs_done_at_once():
                yield clock
        finally:
            limits.forget_connection()


@contextmanager
def _jobs_done_at_once() -> Iterator[None]:
    """Carry out jobs in this process, and send nothing to the workers of the running shop."""
    alone = {
        "broker_url": "memory://localhost/",
        "task_always_eager": True,
        "task_eager_propagates": True,
    }
    before = {name: current_app.conf[name] for name in alone}
    current_app.conf.update(alone)
    _forget_broker()
    try:
        with warnings.catch_warnings():
            # The outbox rings for each message; here nobody hears it, beat carries them out.
            warnings.simplefilter("ignore", category=AlwaysEagerIgnored)
            yield
    finally:
        current_app.conf.update(before)
        _forget_broker()


def _forget_broker() -> None:
    """Let Celery connect anew, to the broker that its settings name by now."""
    # What Celery does itself after a fork; it has no public name for it.
    current_app._after_fork()  # type: ignore[attr-defined]


@contextmanager
def own_database(*, keep: bool) -> Iterator[None]:
    """Make a database beside the shop's, empty but for its tables, and use it.

    It is named after the shop's with ``_simulation`` behind it, and stays, to be looked at.

    Args:
        keep: use the one that is there, rather than make it anew.
    """
    shops = str(connection.settings_dict["NAME"])
    own = sql.Identifier(f"{shops}{SUFFIX}")
    if not keep:
        with connection.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(own))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(own))
            # A play may lose its last second with the machine, and need not wait for the disk.
            cursor.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(own))
    _use(f"{shops}{SUFFIX}")
    try:
        call_command("migrate", verbosity=0)
        yield
    finally:
        _use(shops)


def _use(name: str) -> None:
    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


@contextmanager
def stripe_sandbox(folder: Path) -> Iterator[str]:
    """Run a Stripe sandbox in this process, so that it reads the same clock; yields its address."""
    sandbox = Sandbox(folder, webhook_url=None, webhook_secret=None)
    server = serve(sandbox, "127.0.0.1", 0)
    sandbox.start()
    serving = threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True)
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.shutdown()
        server.server_close()
        sandbox.close()


def confirm_card(setup_intent: str, card: str) -> None:
    """Do what a customer's browser does with Stripe's form: confirm a card.

    Args:
        setup_intent: what the shop began.
        card: one of the sandbox's cards, such as ``pm_card_visa``.
    """
    call(lambda client: client.v1.setup_intents.confirm(setup_intent, {"payment_method": card}))


def _files_in(folder: Path) -> dict[str, Any]:
    def kept(name: str) -> dict[str, Any]:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": folder / name, "base_url": "/media/"},
        }

    storages = {**settings.STORAGES, "default": kept("public"), "private": kept("private")}
    return {"MEDIA_ROOT": folder, "STORAGES": storages}
