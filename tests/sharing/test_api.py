"""The sharing floor as an API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from rest_framework.test import APIClient

from sharing.galleries.models import LinkView
from sharing.votes.models import Vote
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import gallery_with_link, ready_photo, vote_by_api, vote_on
from tests.factories.shop import UserFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link(frames=2)


@pytest.fixture
def owner(shared):
    return logged_in(shared.gallery.owner)


def logged_in(user):
    api = APIClient()
    api.force_authenticate(user)
    return api


def test_the_whole_way_from_photo_to_referral():
    trial = delivered_trial(frames=2)
    owner, friend = logged_in(trial.user), APIClient()
    photos = reverse("api-trial-photos", args=[trial.number])
    upload = {
        "trial_item_id": str(trial.items.first().pk),
        "file": SimpleUploadedFile("a.jpg", jpeg()),
        "consent_version": "2026-11",
    }
    photo = owner.post(photos, upload, format="multipart")
    assert (photo.status_code, photo.data["state"]) == (201, "pending")
    carry_out_due()
    assert owner.get(reverse("api-photo", args=[photo.data["id"]])).data["state"] == "ready"

    gallery = owner.post(reverse("api-galleries"), {"trial": trial.number, "question": "Which?"})
    assert gallery.status_code == 201
    link = owner.post(reverse("api-links", args=[gallery.data["id"]]), {"channel": "mail"})
    assert link.status_code == 201

    seen = friend.get(reverse("api-shared", args=[link.data["token"]]))
    assert seen.data["question"] == "Which?"
    item = seen.data["items"][0]["id"]
    header = {"X-Voter-Token": seen.data["voter_token"]}
    ballot = {"reactions": {str(item): "love"}, "favourite": item, "comment": "That one"}
    ballot["ballot_paper"] = seen.data["ballot_paper"]
    vote = friend.put(reverse("api-shared-vote", args=[link.data["token"]]), ballot, headers=header)
    assert (vote.status_code, vote.data["first"], vote.data["standing"]["total"]) == (200, True, 1)
    claim = friend.post(reverse("api-shared-referral", args=[link.data["token"]]), headers=header)
    assert claim.data["referral_token"]

    shown = owner.get(reverse("api-gallery", args=[gallery.data["id"]])).data
    assert shown["standing"]["total"] == 1
    assert shown["comments"][0]["text"] == "That one"
    assert (
        owner.get(reverse("api-links", args=[gallery.data["id"]])).data["results"][0]["people"] == 1
    )
    assert owner.get(reverse("api-galleries")).data["results"][0]["votes"] == 1


def test_the_same_device_changes_its_vote_and_another_one_adds_its_own(shared):
    api, (first, second) = APIClient(), shared.items
    answer = vote_by_api(api, shared.token, {"favourite": first.pk})
    voter = answer.data["voter_token"]
    changed = vote_by_api(api, shared.token, {"favourite": second.pk}, voter=voter)
    assert not changed.data["first"]
    assert Vote.objects.get().favourite == second
    vote_by_api(api, shared.token, {"favourite": first.pk})
    assert Vote.objects.count() == 2
    assert LinkView.objects.count() == 2


def test_the_standing_is_for_those_who_have_voted(shared):
    url = reverse("api-shared-standing", args=[shared.token])
    assert APIClient().get(url).status_code == 403
    answer = vote_by_api(APIClient(), shared.token, {"favourite": shared.items[0].pk})
    header = {"X-Voter-Token": answer.data["voter_token"]}
    assert APIClient().get(url, headers=header).data["total"] == 1


@pytest.mark.parametrize(
    ("ballot", "status"),
    [
        ({}, 422),
        ({"favourite": 999_999_999}, 422),
        ({"reactions": {"x": "love"}}, 400),
        ({"reactions": {"1": "hate"}}, 400),
        ({"comment": "x" * 501}, 400),
        ({"comment": "4242424242424242"}, 422),
    ],
)
def test_a_wrong_vote_is_a_problem_with_a_code_and_nothing_is_written(shared, ballot, status):
    response = vote_by_api(APIClient(), shared.token, ballot)
    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert response.data["code"]
    assert not Vote.objects.exists()


def test_a_closed_gallery_answers_409_and_the_owner_403(shared, owner):
    ballot = {"favourite": shared.items[0].pk}
    assert vote_by_api(owner, shared.token, ballot).status_code == 403
    owner.post(reverse("api-gallery-close", args=[shared.gallery.pk]))
    response = vote_by_api(APIClient(), shared.token, ballot)
    assert (response.status_code, response.data["code"]) == (409, "voting_closed")
    owner.post(reverse("api-gallery-reopen", args=[shared.gallery.pk]))
    assert vote_by_api(APIClient(), shared.token, ballot).status_code == 200


def test_a_withdrawn_link_answers_404_everywhere(shared, owner):
    url = reverse("api-link", args=[shared.gallery.pk, shared.link.pk])
    assert owner.delete(url).status_code == 204
    api = APIClient()
    for name in ("api-shared", "api-shared-standing"):
        assert api.get(reverse(name, args=[shared.token])).status_code == 404
    assert vote_by_api(api, shared.token, {"favourite": shared.items[0].pk}).status_code == 404
    assert api.post(reverse("api-shared-referral", args=[shared.token])).status_code == 404
    assert (
        owner.get(reverse("api-links", args=[shared.gallery.pk])).data["results"][0]["token"] == ""
    )


def test_everything_of_somebody_else_answers_404(shared):
    photo = ready_photo(shared.items[0].trial_item)
    other, gallery, trial = logged_in(UserFactory()), shared.gallery.pk, shared.gallery.trial
    answers = [
        other.get(reverse("api-trial-photos", args=[trial.number])),
        other.get(reverse("api-photo", args=[photo.pk])),
        other.delete(reverse("api-photo", args=[photo.pk])),
        other.post(reverse("api-galleries"), {"trial": trial.number}),
        other.get(reverse("api-gallery", args=[gallery])),
        other.post(reverse("api-gallery-close", args=[gallery])),
        other.post(reverse("api-gallery-reopen", args=[gallery])),
        other.get(reverse("api-links", args=[gallery])),
        other.post(reverse("api-links", args=[gallery]), {}),
        other.delete(reverse("api-link", args=[gallery, shared.link.pk])),
    ]
    assert [answer.status_code for answer in answers] == [404] * 10
    assert other.get(reverse("api-galleries")).data["results"] == []


def test_strangers_are_asked_to_log_in(shared):
    for name, args in (("api-galleries", []), ("api-gallery", [shared.gallery.pk])):
        assert APIClient().get(reverse(name, args=args)).status_code in (401, 403)


def test_lists_and_galleries_take_a_constant_number_of_queries():
    counts = []
    for frames in (1, 5):
        shared = gallery_with_link(frames=frames)
        for item in shared.items:
            ready_photo(item.trial_item)
            vote_on(shared, favourite=item, comment="Yes")
        owner = logged_in(shared.gallery.owner)
        row = []
        for url in (
            reverse("api-galleries"),
            reverse("api-gallery", args=[shared.gallery.pk]),
            reverse("api-links", args=[shared.gallery.pk]),
            reverse("api-shared", args=[shared.token]),
            reverse("api-trial-photos", args=[shared.gallery.trial.number]),
        ):
            with CaptureQueriesContext(connection) as queries:
                assert owner.get(url).status_code == 200
            row.append(len(queries))
        counts.append(row)
    assert counts[0] == counts[1]


def test_a_gallery_made_again_is_answered_as_it_is():
    trial = delivered_trial(frames=2)
    owner, galleries = logged_in(trial.user), reverse("api-galleries")
    first = owner.post(galleries, {"trial": trial.number, "question": "Which?"})
    again = owner.post(galleries, {"trial": trial.number, "question": "Another?"})
    assert (first.status_code, again.status_code) == (201, 200)
    assert (again.data["id"], again.data["question"]) == (first.data["id"], "Which?")


def test_the_favourite_goes_to_the_cart_with_where_it_is_from(shared, owner):
    loved = shared.items[0]
    vote_on(shared, favourite=loved)
    buy = reverse("api-gallery-buy", args=[shared.gallery.pk])
    cart = owner.post(buy, {"item_id": loved.pk})
    assert cart.status_code == 200
    assert [each["note"] for each in cart.data["lines"]] == ["Friends’ favourite: 1 of 1"]
    [line] = shared.gallery.owner.carts.get().lines.all()
    assert line.origin == f"gallery:{shared.gallery.pk}:{shared.gallery.trial_id}"

    other = gallery_with_link().items[0]
    assert owner.post(buy, {"item_id": other.pk}).status_code == 422
    assert logged_in(UserFactory()).post(buy, {"item_id": loved.pk}).status_code == 404
