"""A person on a photo objects without an account; its owner answers, the shop decides."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from sharing.galleries.queries import open_link
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import crop_photo, erase_photo
from sharing.privacy.errors import AnswerMissingError, ObjectionMissingError
from sharing.privacy.models import PhotoObjection
from sharing.privacy.services.objecting import (
    OBJECTIONS_A_NETWORK,
    answer_objection,
    decide_objection,
    object_to_photo,
    settle_moot,
)
from shop.analytics.models import Event
from shop.foundation.errors import TooManyError
from shop.foundation.history import IllegalMoveError
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.crops import Crop
from tests.factories.sharing import gallery_with_link, ready_photo
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link(frames=2)


@pytest.fixture
def photo(shared):
    return ready_photo(shared.items[0].trial_item)


def objected(shared, photo, **said) -> PhotoObjection:
    network = said.pop("address", str(uuid4()))
    return object_to_photo(
        link=open_link(shared.token), photo_id=photo.pk, person_id=uuid4(), address=network, **said
    )


def object_page(shared, photo):
    return reverse("sharing:photo_object", args=[shared.token, photo.pk])


def seen_by(browser, shared, photo) -> list[int]:
    """Return what a friend is answered for the page's mention and each file of a photo."""
    page = browser.get(reverse("sharing:friend_gallery", args=[shared.token]))
    files = [
        browser.get(reverse("sharing:friend_photo", args=[shared.token, photo.pk, size, end]))
        for size, end in ((320, "webp"), (800, "jpg"))
    ]
    return [str(photo.pk) in page.content.decode(), *(each.status_code for each in files)]


def test_a_look_hides_nothing_and_an_act_hides_it_from_everybody_but_the_owner(
    shared, photo, friend, client
):
    other = Client()
    assert seen_by(friend, shared, photo) == [True, 200, 200]
    assert friend.get(object_page(shared, photo)).status_code == 200
    assert seen_by(other, shared, photo) == [True, 200, 200]

    said = {"reason": "I am the one with the hat"}
    assert friend.post(object_page(shared, photo), said).status_code == 302

    assert seen_by(friend, shared, photo) == seen_by(other, shared, photo) == [False, 404, 404]
    api = other.get(reverse("api-shared", args=[shared.token])).content.decode()
    assert str(photo.pk) not in api
    client.force_login(shared.gallery.owner)
    own = reverse("sharing:photo", args=[photo.pk, 320, "webp"])
    assert client.get(own).status_code == 200
    client.force_login(UserFactory())
    assert client.get(own).status_code == 404


def test_its_owner_reads_that_it_is_hidden_and_may_erase_it(shared, photo, client):
    trial = photo.trial_item.trial
    page = reverse("sharing:photo_upload", args=[trial.number])
    client.force_login(trial.user)
    objected(shared, photo)

    shown = client.get(page).content.decode()
    assert ">Hidden<" in shown
    assert "Being prepared" not in shown
    assert reverse("sharing:photo", args=[photo.pk, 320, "webp"]) in shown
    assert reverse("sharing:photo_erase", args=[photo.pk]) in shown
    # Friends do not see it: there is no part of it to be chosen for them.
    assert reverse("sharing:photo_crop", args=[photo.pk]) not in shown


def test_owner_and_staff_are_told(shared, photo, friend, client, mailoutbox):
    friend.post(object_page(shared, photo), {"reason": "I am the one with the hat"})
    carry_out_due()

    (mail,) = [mail for mail in mailoutbox if "objects" in mail.subject]
    assert mail.to == [shared.gallery.owner.email]
    client.force_login(StaffFactory())
    queue = client.get(reverse("sharing:objection_list")).content.decode()
    assert "the one with the hat" in queue


def test_the_event_is_of_the_link_and_names_nobody(shared, photo, friend):
    friend.get(reverse("sharing:friend_gallery", args=[shared.token]))
    friend.post(object_page(shared, photo), {"reason": "hat"})

    event = Event.objects.get(name="photo_objected")
    assert (event.person_type, event.link) == ("voter", str(shared.link.pk))
    assert event.caused_by == Event.objects.get(name="link_viewed").id
    assert "hat" not in str(event.details)


def test_a_photo_of_another_gallery_cannot_be_hidden_by_this_link(shared, friend):
    foreign = ready_photo(gallery_with_link(frames=1).items[0].trial_item)
    assert friend.post(object_page(shared, foreign)).status_code == 404
    foreign.refresh_from_db()
    assert foreign.state == "ready"


def test_a_second_objection_while_one_is_open_adds_nothing(shared, photo):
    assert objected(shared, photo) == objected(shared, photo)
    assert (
        PhotoObjection.objects.count() == Event.objects.filter(name="photo_objected").count() == 1
    )


def test_one_network_hides_only_so_many(shared, photo):
    network = str(uuid4())
    for _each in range(OBJECTIONS_A_NETWORK):
        objected(shared, photo, address=network)
    with pytest.raises(TooManyError):
        objected(shared, photo, address=network)


def test_the_owner_erases(shared, photo, private_files):
    objection = objected(shared, photo, reason="hat")
    answer_objection(owner=shared.gallery.owner, objection_id=objection.pk, erase=True)
    carry_out_due()

    photo.refresh_from_db()
    objection.refresh_from_db()
    assert (photo.state, objection.state, objection.reason) == ("erased", "erased", "")
    assert list((private_files / "photos").rglob("*.jpg")) == []


def test_the_owner_explains_the_photo_stays_hidden_and_staff_show_it(shared, photo, friend):
    objection = objected(shared, photo)
    owner, staff = shared.gallery.owner, StaffFactory()
    with pytest.raises(AnswerMissingError):
        answer_objection(owner=owner, objection_id=objection.pk, erase=False, answer=" ")
    answer_objection(owner=owner, objection_id=objection.pk, erase=False, answer="It is me")
    assert seen_by(friend, shared, photo) == [False, 404, 404]
    decide_objection(objection_id=objection.pk, by=staff, erase=False, reason="Owner alone")

    assert seen_by(friend, shared, photo) == [True, 200, 200]
    moves = objection.transitions.values_list("to_state", "actor")
    assert list(moves) == [("hidden", None), ("explained", owner.pk), ("kept", staff.pk)]


def test_after_the_shop_kept_it_a_click_hides_nothing_but_is_looked_at(shared, photo, friend):
    first = objected(shared, photo)
    decide_objection(objection_id=first.pk, by=StaffFactory(), erase=False)
    again = objected(shared, photo, reason="Still me")

    assert again.state == "repeated"
    assert seen_by(friend, shared, photo) == [True, 200, 200]
    decide_objection(objection_id=again.pk, by=StaffFactory(), erase=True)
    assert seen_by(friend, shared, photo) == [False, 404, 404]
    # The decision of before is moot with the photo.
    assert settle_moot() == 1
    assert set(PhotoObjection.objects.values_list("state", flat=True)) == {"erased"}


def test_the_part_chosen_just_before_it_was_hidden_is_shown_once_it_is_back(shared, photo):
    owner = shared.gallery.owner
    crop_photo(user=owner, photo_id=photo.pk, crop=Crop(0, 0, 0.5, 1))
    objection = objected(shared, photo)
    carry_out_due()
    photo.refresh_from_db()
    assert photo.being_cropped

    decide_objection(objection_id=objection.pk, by=StaffFactory(), erase=False)
    carry_out_due()
    photo.refresh_from_db()
    assert (photo.state, photo.being_cropped) == (PhotoState.READY, False)


def test_a_decision_is_made_once(shared, photo):
    objection = objected(shared, photo)
    decide_objection(objection_id=objection.pk, by=StaffFactory(), erase=True)
    with pytest.raises(IllegalMoveError):
        decide_objection(objection_id=objection.pk, by=StaffFactory(), erase=False)
    assert Photo.objects.get().state == "erased"


def test_nobody_answers_for_the_owner(shared, photo):
    objection = objected(shared, photo)
    with pytest.raises(ObjectionMissingError):
        answer_objection(owner=UserFactory(), objection_id=objection.pk, erase=True)


def test_a_photo_erased_otherwise_settles_its_objection_and_forgets_the_words(shared, photo):
    objection = objected(shared, photo, reason="hat")
    erase_photo(user=shared.gallery.owner, photo_id=photo.pk)
    assert settle_moot() == 1
    assert settle_moot() == 0
    objection.refresh_from_db()
    assert (objection.state, objection.reason) == ("erased", "")


def test_staff_see_the_photo_only_while_it_is_to_be_decided(shared, photo, client):
    client.force_login(StaffFactory())
    objection = objected(shared, photo)
    address = reverse("sharing:objection_photo", args=[objection.pk])
    assert client.get(address).status_code == 200
    decide_objection(objection_id=objection.pk, by=StaffFactory(), erase=False)
    assert client.get(address).status_code == 404


def test_programs_object_answer_and_decide(shared, photo, client):
    address = reverse("api-shared-objection", args=[shared.token, photo.pk])
    answer = client.post(address, {"reason": "hat"}, content_type="application/json")
    assert (answer.status_code, answer.json()) == (201, {"hidden": True})
    client.force_login(shared.gallery.owner)
    (listed,) = client.get(reverse("api-objections")).json()["results"]
    client.post(
        reverse("api-objection-answer", args=[listed["id"]]),
        {"erase": False, "answer": "It is me"},
        content_type="application/json",
    )
    client.force_login(StaffFactory())
    (waiting,) = client.get(reverse("api-staff-objections")).json()["results"]
    decided = client.post(
        reverse("api-staff-objection-decide", args=[waiting["id"]]),
        {"erase": False},
        content_type="application/json",
    )
    assert decided.json()["state"] == "kept"


def test_the_queues_queries_do_not_grow_with_it(django_assert_max_num_queries, client):
    client.force_login(StaffFactory())
    for _each in range(4):
        each = gallery_with_link(frames=1)
        objected(each, ready_photo(each.items[0].trial_item))
    with django_assert_max_num_queries(8):
        client.get(reverse("sharing:objection_list"))
