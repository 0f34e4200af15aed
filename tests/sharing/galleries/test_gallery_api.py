"""Galleries' settings and links, as clients of the API use them."""

from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from PIL import Image
from rest_framework.test import APIClient

from sharing.galleries.models import Gallery, LinkAdmission
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import frames_gallery, gallery_with_link, vote_on, with_link
from tests.factories.shop import StockRecordFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def api() -> APIClient:
    return APIClient()


def test_frames_are_asked_about_and_the_answer_says_what_it_is_set_to(api):
    api.force_authenticate(UserFactory())
    chosen = [StockRecordFactory().variant_id for _each in range(2)]
    sent = {"variant_ids": chosen, "question": "Which?"}
    first, again = (api.post(reverse("api-frames-galleries"), sent) for _each in range(2))
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    told = first.json()
    assert (told["kind"], told["trial"], told["state"]) == ("frames", None, "open")
    assert (told["question"], told["is_blind"], told["names_shown"]) == ("Which?", True, "owner")
    assert (told["takes_votes"], told["kept_until"], told["closed_because"]) == (True, None, "")
    full = api.get(reverse("api-gallery", args=[told["id"]])).json()
    assert (full["kind"], full["trial"], len(full["items"])) == ("frames", None, 2)
    [listed] = api.get(reverse("api-galleries")).json()["results"]
    assert (listed["kind"], listed["trial"]) == ("frames", None)


@pytest.mark.parametrize("chosen", [[1], [1, 2, 3, 4, 5, 6], ["x", 2], None])
def test_a_choice_that_is_none_is_refused(api, chosen):
    api.force_authenticate(UserFactory())
    answer = api.post(reverse("api-frames-galleries"), {"variant_ids": chosen})
    assert answer.status_code == 400
    missing = api.post(reverse("api-frames-galleries"), {"variant_ids": [998, 999]})
    assert (missing.status_code, missing.json()["code"]) == (422, "frames_invalid")


def test_one_setting_changes_and_the_others_stay(api):
    shared = gallery_with_link()
    api.force_authenticate(shared.gallery.owner)
    url = reverse("api-gallery-settings", args=[shared.gallery.pk])
    assert api.patch(url, {"is_blind": False}).json()["is_blind"] is False
    answer = api.patch(url, {"closes_at": "2020-01-01T00:00:00Z"})
    assert (answer.status_code, answer.json()["code"]) == (422, "setting_invalid")
    assert api.patch(url, {"closes_at": None, "question": "Q?"}).json()["question"] == "Q?"
    assert api.get(url).json()["is_blind"] is False
    assert api.patch(url, {"names_shown": "all"}).status_code == 400


def test_a_gallery_is_put_away_when_its_voting_is_over(api):
    shared = gallery_with_link()
    api.force_authenticate(shared.gallery.owner)
    url = reverse("api-gallery-archive", args=[shared.gallery.pk])
    assert api.post(url).status_code == 409
    api.post(reverse("api-gallery-close", args=[shared.gallery.pk]))
    told = api.post(url).json()
    assert (told["state"], told["closed_because"]) == ("archived", "hand")
    assert told["kept_until"] is not None
    settings = reverse("api-gallery-settings", args=[shared.gallery.pk])
    assert api.patch(settings, {"question": "Q?"}).json()["code"] == "gallery_closed"
    assert api.delete(url).json()["state"] == "closed"


def test_a_link_says_how_long_it_opens_for_how_many_and_who_came(api):
    shared = gallery_with_link()
    api.force_authenticate(shared.gallery.owner)
    url = reverse("api-links", args=[shared.gallery.pk])
    made = api.post(url, {"channel": "person", "label": "Ann", "days": 7, "admits": 1}).json()
    assert (made["admits"], made["let_in"], made["channel"]) == (1, 0, "person")
    vote_on(shared)
    latest, first = api.get(url).json()["results"]
    assert (latest["id"], first["people"], first["voted"]) == (made["id"], 1, 1)
    for wrong in ({"days": 3}, {"admits": 0}, {"admits": 99}, {"channel": "post"}):
        assert api.post(url, wrong).status_code == 400


def test_links_take_as_many_queries_with_many_as_with_one(api, django_assert_max_num_queries):
    shared = gallery_with_link()
    api.force_authenticate(shared.gallery.owner)
    for _each in range(5):
        vote_on(with_link(shared.gallery))
        with django_assert_max_num_queries(4):
            api.get(reverse("api-links", args=[shared.gallery.pk]))


def test_a_link_is_sent_noted_and_drawn(api):
    shared = gallery_with_link()
    api.force_authenticate(shared.gallery.owner)
    link = [shared.gallery.pk, shared.link.pk]
    assert api.post(reverse("api-link-shared", args=link)).status_code == 204
    sent = {"address": "jo@friends.example", "knows_me": True}
    assert api.post(reverse("api-link-mail", args=link), sent).status_code == 202
    refused = api.post(reverse("api-link-mail", args=link), {**sent, "knows_me": False})
    assert refused.status_code == 400
    carry_out_due()
    assert [each.to for each in mail.outbox if shared.token in each.body] == [[sent["address"]]]
    assert Event.objects.filter(name="link_shared").count() == 1
    assert b"<svg" in api.get(reverse("api-link-qr", args=link)).content
    story = api.get(reverse("api-link-story", args=[*link, "frames"]))
    assert Image.open(BytesIO(story.content)).size == (1080, 1920)
    assert api.get(reverse("api-link-story", args=[*link, "faces"])).status_code == 404


def test_a_device_that_entered_stays_the_one_person(api):
    shared = with_link(frames_gallery().gallery, admits=1)
    token = api.post(reverse("api-shared-enter", args=[shared.token])).json()["voter_token"]
    hers = {"X-Voter-Token": token}
    paper = api.get(reverse("api-shared", args=[shared.token]), headers=hers).json()["ballot_paper"]
    vote = {"favourite": shared.items[0].pk, "ballot_paper": paper}
    url = reverse("api-shared-vote", args=[shared.token])
    assert api.put(url, vote).status_code == 404
    assert api.put(url, vote, headers=hers).status_code == 200
    assert LinkAdmission.objects.count() == 1
    assert Gallery.objects.get().votes.count() == 1
