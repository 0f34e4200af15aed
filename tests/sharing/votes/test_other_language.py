"""A friend reads her page in the other language, without an account and without a script."""

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from tests.factories.sharing import ballot_paper, gallery_with_link
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _language_stays() -> Iterator[None]:
    """Leave the language to the next test as it was; requests here choose German."""
    with translation.override("en"):
        yield


def switched(browser: Client, page: str) -> str:
    """Press the header's button and return where it leads."""
    text = browser.get(page).content.decode()
    found = re.search(r'name="next" value="([^"]+)"', text)
    assert found is not None
    assert 'name="language" value="de" lang="de">Deutsch</button>' in text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert token is not None
    answer = browser.post(
        reverse("set_language"),
        {"language": "de", "next": found[1], "csrfmiddlewaretoken": token[1]},
    )
    assert answer.status_code == 302
    return str(answer["Location"])


def test_a_friend_chooses_german_and_it_stays() -> None:
    shared = gallery_with_link()
    browser = Client(headers={"user-agent": PHONE}, enforce_csrf_checks=True)
    page = reverse("sharing:friend_gallery", args=[shared.token])
    back = switched(browser, page)
    assert back.endswith(page)
    german = browser.get(back).content.decode()
    assert "Stimme abgeben" in german
    assert 'value="en" lang="en">English</button>' in german


def test_who_has_voted_comes_back_to_her_thanks(friend: Client) -> None:
    shared = gallery_with_link()
    sent = {"paper": ballot_paper(shared, friend), "favourite": shared.items[0].pk}
    friend.post(reverse("sharing:vote", args=[shared.token]), sent)
    thanks = reverse("sharing:thanks", args=[shared.token])
    text = friend.get(thanks).content.decode()
    assert f'name="next" value="{thanks}"' in text
