"""The rush for twenty units once more, through a real web server and two hundred real sessions."""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from io import StringIO
from threading import Barrier
from typing import Any

import pytest
import requests
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.db import connection

from config.embedded.processes import end_with_parent
from shop.customers.models import User
from tests.shop.payments.sandbox.running import eventually
from tests.story.running import free_port
from tests.trials.home_trials.rush import (
    CUSTOMERS,
    THREADS,
    UNITS,
    customers,
    double_booked,
    variants,
)
from trials.home_trials.models import Trial
from trials.programme.queries import current_version

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def _web_server() -> Iterator[str]:
    """Run Granian with two workers over the test's database, and give its address."""
    port = free_port()
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.story.settings",
        "LORGNETTE_TESTING": "1",
        "STORY_DATABASE": connection.settings_dict["NAME"],
        "STORY_REDIS_DATABASE": "10",
    }
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "config.wsgi:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "2"]
    command += ["--blocking-threads", "4", "--no-ws", "--log-level", "warning"]
    server = subprocess.Popen(
        command, cwd=settings.BASE_DIR, env=environment, preexec_fn=end_with_parent()
    )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        try:
            return requests.get(f"{address}/api/v1/frames/", timeout=5).ok
        except requests.RequestException:
            return False

    try:
        assert eventually(answers, 60)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=30)


def _log_in(user: User) -> str:
    """Return the token of a session of hers, as allauth gives it to an app."""
    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


def _place(address: str, user: dict[str, Any]) -> requests.Response:
    return requests.post(
        f"{address}/api/v1/trials/",
        data=json.dumps(
            {"version_id": user["terms"], "address_id": user["address"], "card_id": user["card"]}
        ),
        headers={
            "Content-Type": "application/json",
            "X-Session-Token": user["token"],
            "Idempotency-Key": "rush",
        },
        timeout=60,
    )


def test_two_hundred_at_the_door_get_twenty_units_and_a_clear_answer_each() -> None:
    wishing = customers([variants(1)] * CUSTOMERS)
    terms = current_version(country="DE").pk
    buyers = [
        {
            "token": _log_in(user),
            "terms": terms,
            "address": user.addresses.get().pk,
            "card": user.saved_cards.get().pk,
        }
        for user in wishing
    ]
    ready = Barrier(THREADS)

    def rush(mine: list[dict[str, Any]]) -> list[requests.Response]:
        ready.wait(timeout=60)
        return [_place(address, user) for user in mine]

    with _web_server() as address, ThreadPoolExecutor(THREADS) as pool:
        shares = pool.map(rush, [buyers[start::THREADS] for start in range(THREADS)])
        answers = [answer for share in shares for answer in share]

    assert Counter(answer.status_code for answer in answers) == {
        201: UNITS,
        409: CUSTOMERS - UNITS,
    }
    refused = {answer.json()["code"] for answer in answers if answer.status_code == 409}
    assert refused == {"none_free"}
    numbers = {answer.json()["number"] for answer in answers if answer.status_code == 201}
    assert numbers == set(Trial.objects.values_list("number", flat=True))
    assert not double_booked()
    said = StringIO()
    call_command("audit", stdout=said)
    assert "BROKEN" not in said.getvalue()
