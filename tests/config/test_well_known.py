"""What browsers and search engines ask every site for."""

from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client


def test_the_icon_is_found_where_old_browsers_look(client: Client) -> None:
    answer = client.get("/favicon.ico", follow=True)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("robot", "address", "may"),
    [
        *(("Googlebot", address, True) for address in ("/", "/frames/", "/frames/nora/")),
        *(("Googlebot", f"/{room}/x", False) for room in ("g", "console", "account", "accounts")),
        *(("Googlebot", f"/{room}/x", False) for room in ("api", "admin", "orders", "trials")),
        ("WhatsApp", "/g/abc/preview.png", True),
        ("WhatsApp", "/account/", False),
    ],
)
def test_robots_stay_out_of_what_is_one_person_s(
    client: Client, robot: str, address: str, may: bool
) -> None:
    answer = client.get("/robots.txt")
    assert answer["Content-Type"].startswith("text/plain")
    rules = RobotFileParser()
    rules.parse(answer.content.decode().splitlines())
    assert rules.can_fetch(robot, address) is may
