"""Log lines carry the request's id, and never the key of a gallery or a card number."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from django.test import Client

from config.logs import logging_config, scrubbed
from shop.catalogue.models import Frame
from tests.factories.sharing import gallery_with_link

CARD = "4242 4242 4242 4242"
Lines = Callable[[], list[str]]


@pytest.fixture(params=["json", "terminal"])
def written(request: pytest.FixtureRequest) -> Iterator[Lines]:
    """What a served shop, or a shop at a terminal, writes to its log from here on."""
    structured = logging_config(level="INFO", human=request.param == "terminal", quiet=False)
    settings = dict(structured["formatters"]["structured"])
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(settings.pop("()")(**settings))
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel("INFO")
    yield lambda: stream.getvalue().splitlines()
    root.setLevel(before)
    root.removeHandler(handler)


def _break(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        card = CARD
        raise ZeroDivisionError(f"no way to charge {card}")

    monkeypatch.setattr(Frame.objects, "filter", broken)


@pytest.mark.django_db
@pytest.mark.parametrize("written", ["json"], indirect=True)
def test_each_line_of_a_request_carries_the_id_of_its_answer(
    written: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch)
    answers = [Client(raise_request_exception=False).get("/frames/x/") for _each in range(2)]

    lines = [json.loads(line) for line in written()]
    ids = dict.fromkeys(line["request_id"] for line in lines)
    assert list(ids) == [answer["X-Request-ID"] for answer in answers]
    assert {"event", "level", "logger", "timestamp"} <= set(lines[0])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("given", "kept"),
    [("abc-123.DEF_4", True), ("short", False), ("x" * 65, False), ("a b\r\nSet-Cookie: c", False)],
)
def test_an_id_that_is_given_is_kept_if_it_is_well_formed(given: str, kept: bool) -> None:
    answer = Client().get("/frames/", headers={"X-Request-ID": given})

    assert (answer["X-Request-ID"] == given) == kept
    assert answer["X-Request-ID"]


@pytest.mark.django_db
def test_the_key_of_a_gallery_is_in_no_line(
    written: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = gallery_with_link().token
    forged = Client(enforce_csrf_checks=True).post(f"/g/{token}/vote/")
    assert forged.status_code == 403
    monkeypatch.setattr("sharing.votes.views.opened", None)
    defect = Client(raise_request_exception=False).get(f"/g/{token}/")
    assert defect.status_code == 500

    text = "\n".join(written())
    assert "/g/[key]/vote/" in text
    assert "/g/[key]/" in text
    assert token not in text


@pytest.mark.django_db
def test_a_card_number_is_in_no_line_even_of_a_traceback(
    written: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    _break(monkeypatch)
    Client(raise_request_exception=False).get("/frames/x/")
    structlog.get_logger("tests").warning("typed", text=f"my card is {CARD.replace(' ', '-')}")
    logging.getLogger("tests").warning("typed %s", CARD.replace(" ", ""))

    text = "\n".join(written())
    assert "ZeroDivisionError: no way to charge [card number]" in text
    assert text.count("[card number]") == 3
    assert "4242 4242" not in text
    assert "42424242" not in text


@pytest.mark.parametrize(
    "harmless",
    ["/g/short/", "order 4242424242424241", "2026-11-25T13:23:13.414Z", "T-2345-6789", "12345"],
)
def test_other_numbers_and_addresses_stay_readable(harmless: str) -> None:
    assert scrubbed(harmless) == harmless


def test_settings_of_every_process_log_through_it(settings: Any) -> None:
    formatter = settings.LOGGING["formatters"]["structured"]
    assert formatter["processors"][-1](None, "", f"a {CARD}") == "a [card number]"
