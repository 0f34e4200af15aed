"""A person on a photo objects without an account; its owner answers, the shop decides."""

from datetime import timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.galleries.queries import open_link
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import crop_photo, erase_photo
from sharing.privacy.errors import AnswerMissingError, ObjectionMissingError
from sharing.privacy.models import PhotoObjection
from sharing.privacy.services.objecting import (
    DAY,
    HIDDEN_AT_ONCE,
    OBJECTIONS_A_NETWORK,
    answer_objection,
    decide_objection,
    decide_together,
    forget_objectors,
    object_to_photo,
    settle_moot,
    tell_owners,
)
from shop.analytics.models import Event
from shop.foundation.errors import TooManyError
from shop.foundation.history import IllegalMoveError
from shop.foundation.outbox import carry_out_due
from shop.foundation.photos.crops import Crop
from tests.at_once import at_once
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
    person = said.pop("person", None) or uuid4()
    return object_to_photo(
        link=open_link(shared.token), photo_id=photo.pk, person_id=person, address=network, **said
    )


def photos_of(shared, count):
    return [ready_photo(shared.items[0].trial_item) for _each in range(count)]


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


def test_its_owner_reads_of_it_on_her_trial_and_gallery_and_finds_the_answer(shared, photo, client):
    trial, gallery = photo.trial_item.trial, shared.gallery
    client.force_login(trial.user)
    pages = [
        reverse("trials:trial", args=[trial.number]),
        reverse("sharing:gallery", args=[gallery.pk]),
    ]
    notice = "hidden from your friends"
    assert all(notice not in client.get(page).content.decode() for page in pages)
    objection = objected(shared, photo)
    answer = reverse("sharing:objection", args=[objection.pk])
    for page in pages:
        shown = client.get(page).content.decode()
        assert notice in shown
        assert answer in shown
    photos = client.get(reverse("sharing:photo_upload", args=[trial.number])).content.decode()
    assert f'<a href="{answer}"><span class="badge"' in photos


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


@pytest.mark.parametrize("same", ["person", "address"])
def test_one_browser_or_network_hides_two_photos_of_a_gallery_a_day(shared, friend, same):
    known = {same: uuid4() if same == "person" else str(uuid4())}
    photos = photos_of(shared, 5)
    states = [objected(shared, each, **known).state for each in photos]
    assert states == ["hidden"] * HIDDEN_AT_ONCE + ["waiting"] * 3
    assert seen_by(friend, shared, photos[-1]) == [True, 200, 200]
    # Whoever else is on a photo has hers hidden at once.
    assert objected(shared, photos_of(shared, 1)[0]).state == "hidden"


def test_what_was_decided_meanwhile_leaves_no_room_for_more(shared):
    person, photos = uuid4(), photos_of(shared, 3)
    for each in photos[:2]:
        hidden = objected(shared, each, person=person)
        decide_objection(objection_id=hidden.pk, by=StaffFactory(), erase=False)
    assert objected(shared, photos[2], person=person).state == "waiting"


def test_a_day_later_one_may_hide_again_and_nobody_remembers_who_it_was(shared):
    with time_machine.travel(timezone.now() - DAY - timedelta(minutes=1), tick=True):
        person, photos = uuid4(), photos_of(shared, 3)
        before = [objected(shared, each, person=person) for each in photos[:2]]
        assert forget_objectors() == 0
    assert forget_objectors() == len(before)
    assert set(PhotoObjection.objects.values_list("person", "address_hash")) == {(None, "")}
    assert objected(shared, photos[2], person=person).state == "hidden"


def test_who_objects_reads_that_a_later_photo_waits(shared, friend):
    photos = photos_of(shared, 3)
    for each in photos:
        answer = friend.post(object_page(shared, each), follow=True).content.decode()
    assert "the shop looks at first" in answer
    assert Photo.objects.get(pk=photos[2].pk).state == "ready"


def test_the_owner_gets_one_mail_at_once_and_one_of_the_rest_a_day_later(shared, mailoutbox):
    person, now = uuid4(), timezone.now()
    with time_machine.travel(now, tick=True):
        for each in photos_of(shared, 5):
            objected(shared, each, person=person)
        assert tell_owners() == 0
        carry_out_due()
    assert len([each for each in mailoutbox if "objects" in each.subject]) == 1
    with time_machine.travel(now + DAY + timedelta(minutes=1), tick=True):
        assert tell_owners() == 1
        assert tell_owners() == 0
        carry_out_due()
    (_first, second) = [each for each in mailoutbox if "objects" in each.subject]
    assert "4 photos" in second.body
    assert reverse("sharing:privacy") in second.body


def test_staff_decide_on_those_of_one_gallery_together(shared, client):
    photos, staff = photos_of(shared, 4), StaffFactory()
    person = uuid4()
    made = [objected(shared, each, person=person) for each in photos]
    client.force_login(staff)
    queue = client.get(reverse("sharing:objection_list")).content.decode()
    assert queue.count('<form class="panel') == 1
    assert queue.count('name="objection"') == len(made)

    decide_objection(objection_id=made[0].pk, by=staff, erase=True)
    chosen = {"objection": [each.pk for each in made], "way": "keep"}
    client.post(reverse("sharing:objection_decide"), chosen)
    states = PhotoObjection.objects.order_by("created_at").values_list("state", flat=True)
    assert list(states) == ["erased", "kept", "kept", "kept"]
    assert decide_together(objection_ids=[made[1].pk], by=staff, erase=True) == 0
    nothing = client.post(reverse("sharing:objection_decide"), {"way": "keep"})
    assert nothing.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_of_six_photos_objected_to_in_one_moment_two_are_hidden():
    shared, person = gallery_with_link(frames=2), uuid4()
    photos = photos_of(shared, 6)
    acts = [lambda each=each: objected(shared, each, person=person) for each in photos]
    made = at_once(acts, expected=())
    assert sorted(each.state for each in made) == ["hidden"] * 2 + ["waiting"] * 4


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
    with django_assert_max_num_queries(9):
        client.get(reverse("sharing:objection_list"))


def test_staff_decide_together_by_the_api_as_on_the_page(shared, client):
    photos = photos_of(shared, 3)
    first, second, third = (objected(shared, each) for each in photos)
    client.force_login(StaffFactory())
    listed = client.get(reverse("api-staff-objections")).json()["results"]
    assert {each["id"] for each in listed} == {str(each.pk) for each in (first, second, third)}
    owner = shared.gallery.owner
    said = {(row["owner_id"], row["times"], row["times_kept"]) for row in listed}
    assert said == {(owner.pk, 1, 0)}
    assert client.get(listed[0]["photo_url"]).headers["Content-Type"] == "image/jpeg"

    together = reverse("api-staff-objections-decide")
    chosen = [str(first.pk), str(second.pk), str(uuid4())]
    said = {"objections": chosen, "erase": True, "reason": "Clearly her"}
    for decided in (2, 0):
        answer = client.post(together, said, content_type="application/json")
        assert (answer.status_code, answer.json()) == (200, {"decided": decided})

    states = [Photo.objects.get(pk=each.pk).state for each in photos]
    assert states == [PhotoState.ERASED, PhotoState.ERASED, PhotoState.HIDDEN]
    assert client.get(listed[0]["photo_url"]).status_code == 404
    said["objections"] = []
    assert client.post(together, said, content_type="application/json").status_code == 400
