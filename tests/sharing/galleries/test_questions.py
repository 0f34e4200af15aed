"""A usual question is read in the reader's language; one the owner wrote stays as she wrote it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sharing.galleries.questions import as_read
from sharing.galleries.services import change_settings
from tests.factories.sharing import frames_gallery, gallery_with_link
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
ENGLISH, GERMAN = "Which ones should I try on?", "Welche soll ich anprobieren?"


def test_a_usual_question_follows_the_reader_from_either_language():
    assert as_read(ENGLISH, "de") == as_read(GERMAN, "de")
    assert as_read(as_read(ENGLISH, "de"), "en") == ENGLISH
    with translation.override("de"):
        assert as_read(ENGLISH) != ENGLISH
    assert as_read("Which for work?", "de") == "Which for work?"


def friends_page(shared, language):
    browser = Client(headers={"user-agent": PHONE, "accept-language": language})
    return browser.get(reverse("sharing:friend_gallery", args=[shared.token])).content.decode()


def test_each_friend_is_asked_in_her_own_language():
    for shared in (frames_gallery(), gallery_with_link()):
        usual = shared.gallery.question
        assert f"<h1>{usual}</h1>" in friends_page(shared, "en")
        assert f"<h1>{as_read(usual, 'de')}</h1>" in friends_page(shared, "de")
        assert usual not in friends_page(shared, "de")


def test_her_app_asks_her_in_her_own_language(client):
    shared = frames_gallery()
    address = reverse("api-shared", args=[shared.token])
    found = client.get(address, headers={"accept-language": "de"}).json()
    assert found["question"] == as_read(ENGLISH, "de")


def test_what_the_owner_wrote_stays_as_she_wrote_it():
    shared = frames_gallery()
    owner, gallery = shared.gallery.owner, shared.gallery.pk
    change_settings(owner=owner, gallery_id=gallery, question="Which for work?")
    assert "<h1>Which for work?</h1>" in friends_page(shared, "de")
