"""What is logged: a line a request, the same id all the way, and nothing that opens anything."""

import io
import json
import logging
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import structlog
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from config.logs import logging_config, scrubbed
from shop.customers.models import User
from shop.foundation import outbox
from shop.foundation.models import OutboxMessage

TOKEN = "Zq3vT9xK2mP7wR4y"


class Log:
    """What the process writes, as a served shop or as one at a terminal does."""

    def __init__(self, *, human: bool) -> None:
        formatter = dict(
            logging_config(level="INFO", human=human, quiet=False)["formatters"]["structured"]
        )
        self.stream = io.StringIO()
        self.handler = logging.StreamHandler(self.stream)
        self.handler.setFormatter(formatter.pop("()")(**formatter))

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def requests(self) -> list[dict[str, Any]]:
        return [line for line in self.lines() if line["event"] == "request"]


@pytest.fixture
def log(request: pytest.FixtureRequest) -> Iterator[Log]:
    taken = Log(human=getattr(request, "param", "served") == "terminal")
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.INFO)
    root.addHandler(taken.handler)
    yield taken
    root.removeHandler(taken.handler)
    root.setLevel(level)


def addresses_with_secrets(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            # One that only looks ahead takes nothing of the address.
            part = str(each.pattern)
            yield from addresses_with_secrets(each, before + part * ("(?=" not in part))
        elif isinstance(each, URLPattern) and {"token", "key"} & set(each.pattern.converters):
            yield before + str(each.pattern).replace("<str:token>", TOKEN)
        elif "(?P<key>" in str(each.pattern):
            yield before + str(each.pattern).partition("(?P<")[0].lstrip("^") + TOKEN + "/"


def test_every_address_that_opens_something_is_hidden() -> None:
    found = list(addresses_with_secrets(get_resolver()))
    assert len(found) > 8
    for address in found:
        assert TOKEN in address
        assert TOKEN not in scrubbed(address), address


@pytest.mark.django_db
def test_a_request_is_one_line_with_id_path_status_time_and_user_but_no_name(
    log: Log, client: Client
) -> None:
    user = User.objects.create_user(email="mia@shop.example", password="x" * 12, name="Mia")
    client.force_login(user)
    answer = client.get("/account/?next=secret", headers={"X-Request-ID": "ours-12345"})
    assert answer["X-Request-ID"] == "ours-12345"
    [line] = log.requests()
    assert {"method": "GET", "path": "/account/", "status": 200}.items() <= line.items()
    assert (line["request_id"], line["user"]) == ("ours-12345", str(user.pk))
    assert isinstance(line["ms"], int)
    written = log.stream.getvalue()
    assert "Mia" not in written
    assert "mia@" not in written
    assert "secret" not in written


@pytest.mark.django_db
def test_a_problem_names_the_id_of_its_answer_and_of_its_line(log: Log, client: Client) -> None:
    answer = client.get("/api/v1/frames/there-is-none/")
    [line] = log.requests()
    assert answer.json()["request_id"] == answer["X-Request-ID"] == line["request_id"]


@pytest.mark.django_db(transaction=True)
def test_what_a_request_causes_in_the_worker_bears_its_id(log: Log, client: Client) -> None:
    # An address of its own: the limit of mails to one address outlives a test.
    form = {"email": f"{uuid.uuid4()}@shop.example", "password1": "a-good-passphrase"}
    answer = client.post("/accounts/signup/", form)
    waiting = OutboxMessage.objects.get()
    outbox.carry_out(str(waiting.pk))
    [line] = [each for each in log.lines() if each["event"] == "carried_out"]
    assert line["topic"] == "mail.send"
    assert line["request_id"] == answer["X-Request-ID"]


@pytest.mark.django_db
@pytest.mark.parametrize("log", ["terminal"], indirect=True)
def test_at_a_terminal_a_request_is_a_short_line(log: Log, client: Client) -> None:
    client.get("/frames/")
    [line] = log.stream.getvalue().splitlines()
    assert " GET /frames/ 200 in " in line
    assert "{" not in line


@pytest.mark.parametrize("log", ["terminal"], indirect=True)
def test_at_a_terminal_an_error_is_one_line_that_names_its_cause(log: Log) -> None:
    try:
        raise ConnectionError("connection refused\n\tIs the server running on that host?")
    except ConnectionError:
        logging.getLogger("shop").exception("Not done")
    [line] = log.stream.getvalue().splitlines()
    assert line.endswith(" ERROR Not done (ConnectionError: connection refused)")


@pytest.mark.django_db
@pytest.mark.parametrize("log", ["terminal"], indirect=True)
def test_at_a_terminal_nobody_forges_a_line_or_colours_one(log: Log, client: Client) -> None:
    client.get("/frames/x%0aweb 12:00:00 ERROR%1b[31m%c2%85%e2%80%ae/")
    logging.getLogger("shop").warning("told\x1b[31m", extra={"by": "a\nb"})
    structlog.get_logger("shop").warning("named", by="a\nb\x9b", much="x" * 9000)
    request, told, named = log.stream.getvalue().split("\n")[:-1]
    assert " GET /frames/x\\nweb 12:00:00 ERROR\\x1b[31m\\x85\\u202e/ 404 in " in request
    assert told.endswith(" WARNING told\\x1b[31m")
    assert " by=a\\nb\\x9b much=xxx" in named
    assert len(named) < 500


@pytest.mark.django_db
def test_what_a_client_sends_wrongly_is_its_request_s_line_and_no_traceback(
    log: Log, client: Client
) -> None:
    client.get("/frames/", headers={"Host": "a/b"})
    client.get("/frames/?" + "a=1&" * 3000)
    client.post("/api/v1/cart/lines/", "x" * 3_000_000, content_type="application/json")
    assert [(line["event"], line["status"]) for line in log.lines()] == [
        ("request", 400),
        ("request", 400),
        ("request", 413),
    ]


@pytest.mark.django_db
def test_probes_and_files_are_not_logged_while_they_go_well(log: Log, client: Client) -> None:
    client.get("/static/css/tokens.css")
    client.get("/media/no-such-file.png")
    assert [line["path"] for line in log.requests()] == ["/media/no-such-file.png"]


def test_the_outermost_middleware_names_the_request_and_the_next_one_logs_it() -> None:
    assert [each.rpartition(".")[2] for each in settings.MIDDLEWARE[:2]] == [
        "RequestIdMiddleware",
        "RequestLogMiddleware",
    ]
