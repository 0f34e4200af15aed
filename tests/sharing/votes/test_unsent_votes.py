"""A vote that cannot be taken loses nothing of what a friend said, and says what became of it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.services import close_gallery, revoke_link
from sharing.votes.models import Vote
from tests.factories.sharing import SharedGallery, gallery_with_link
from tests.factories.shop import UserFactory
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
WORDS = "The round ones make you look like Nora"


@pytest.fixture
def shared() -> SharedGallery:
    return gallery_with_link(frames=3)


@pytest.fixture
def strict() -> Client:
    """Return a browser that must bring a form's token, as all do outside tests."""
    return Client(enforce_csrf_checks=True, headers={"user-agent": PHONE})


def hidden_fields(browser: Client, shared: SharedGallery) -> dict[str, str]:
    body = browser.get(reverse("sharing:friend_gallery", args=[shared.token])).content.decode()
    return fields_in(body)


def fields_in(body: str) -> dict[str, str]:
    form = body[body.index('id="vote-form"') :]
    names = ("csrfmiddlewaretoken", "paper")
    return {name: re.search(rf'name="{name}" value="([^"]+)"', form)[1] for name in names}  # type: ignore[index]


def send(browser: Client, shared: SharedGallery, fields: dict[str, str], **headers: str):
    first = shared.items[0].pk
    said = {f"reaction-{first}": "love", "favourite": first, "comment": WORDS, "name": "Beate"}
    address = reverse("sharing:vote", args=[shared.token])
    return browser.post(address, {**said, **fields}, headers=headers or None)


def clear_cookies(browser: Client, shared: SharedGallery) -> None:
    browser.cookies.clear()


def sign_up_in_another_tab(browser: Client, shared: SharedGallery) -> None:
    browser.force_login(UserFactory())
    browser.cookies["csrftoken"] = "z" * 32


def change_nothing(browser: Client, shared: SharedGallery) -> None:
    pass


@pytest.mark.parametrize(
    ("meanwhile", "left_away"),
    [
        (clear_cookies, ()),
        (sign_up_in_another_tab, ()),
        (change_nothing, ("csrfmiddlewaretoken",)),
    ],
)
def test_a_form_without_its_token_comes_back_with_all_she_said_and_then_counts(
    shared: SharedGallery, strict: Client, time_machine, meanwhile, left_away
) -> None:
    fields = hidden_fields(strict, shared)
    for name in left_away:
        del fields[name]
    meanwhile(strict, shared)
    answer = send(strict, shared, fields)
    body = answer.content.decode()
    assert answer.status_code == 403
    assert "send it once more" in body
    assert WORDS in body
    assert 'value="Beate"' in body
    assert f'name="favourite" value="{shared.items[0].pk}" checked' in body
    assert "no-store" in answer["Cache-Control"]
    assert not Vote.objects.exists()

    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    assert send(strict, shared, fields_in(body)).status_code == 302
    vote = Vote.objects.get()
    assert (vote.comment, vote.counted) == (WORDS, True)


def test_a_form_on_another_site_gets_nothing_back_and_changes_no_browser(
    shared: SharedGallery, strict: Client
) -> None:
    fields = hidden_fields(strict, shared)
    answer = send(strict, shared, fields, origin="https://evil.example")
    assert answer.status_code == 403
    assert WORDS not in answer.content.decode()
    assert "Please send it once more" in answer.content.decode()
    assert "lorgnette_friend" not in answer.cookies
    assert not Vote.objects.exists()


def test_a_link_that_is_gone_is_gone_for_a_form_without_a_token_too(
    shared: SharedGallery, strict: Client
) -> None:
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    answer = send(strict, shared, {})
    assert answer.status_code == 404
    assert "Lorgnette" in answer.content.decode()


def test_any_other_form_without_a_token_is_answered_by_the_house(strict: Client) -> None:
    answer = strict.post(reverse("account_login"), {"login": "beate@example.com"})
    body = answer.content.decode()
    assert answer.status_code == 403
    assert "Please send it once more" in body
    assert "CSRF" not in body
    german = strict.post(reverse("account_login"), headers={"accept-language": "de"})
    assert "Bitte schick es noch einmal ab" in german.content.decode()


def test_a_vote_after_the_end_looks_like_no_vote_and_gives_her_words_back(
    shared: SharedGallery, friend: Client
) -> None:
    fields = hidden_fields(friend, shared)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    answer = send(friend, shared, fields)
    body = answer.content.decode()
    assert answer.status_code == 409
    assert "Your vote came too late and was not taken." in body
    assert "Your pick" not in body
    assert "You love it" not in body
    assert WORDS in body
    assert body.count('role="alert"') == 1


def test_a_vote_after_the_end_leaves_the_one_before_it_as_it_was(
    shared: SharedGallery, friend: Client, time_machine
) -> None:
    fields = hidden_fields(friend, shared)
    time_machine.move_to(timezone.now() + timedelta(seconds=10))
    assert send(friend, shared, fields).status_code == 302
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    second = {**fields, "favourite": str(shared.items[1].pk), "comment": "Or these"}
    body = send(friend, shared, second).content.decode()
    assert body.count("Your pick") == 1
    assert "Or these" in body
    assert "Erase my vote" in body


def test_a_form_without_a_token_after_the_end_says_that_it_is_over(
    shared: SharedGallery, strict: Client
) -> None:
    fields = hidden_fields(strict, shared)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    clear_cookies(strict, shared)
    body = send(strict, shared, fields).content.decode()
    assert "Your vote came too late and was not taken." in body
    assert "send it once more" not in body
