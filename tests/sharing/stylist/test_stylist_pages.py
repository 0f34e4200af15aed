"""The stylist on the customer's pages and in the console."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from sharing.galleries.services import create_frames_gallery
from sharing.stylist.pictures import render_picture
from sharing.stylist.services import ask, show_to_friends
from tests.factories.sharing import (
    answered,
    asked_thread,
    gallery_with_link,
    new_browser,
    ready_photo,
    vote_on,
)
from tests.factories.shop import StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture
def ops(client: Client) -> Client:
    works = Client()
    works.force_login(StaffFactory(name="Ola Nowak"))
    return works


def test_a_customer_asks_on_her_trials_page_and_reads_the_answer_there(client: Client) -> None:
    trial = delivered_trial()
    client.force_login(trial.user)
    page = f"/trials/{trial.number}/"
    asked = client.post(f"{page}stylist/", {"text": "<script>Round?</script>"}, follow=True)
    assert "&lt;script&gt;Round?&lt;/script&gt;" in asked.content.decode()
    thread = trial.thread
    answered(thread, by=StaffFactory(name="Ola Nowak"), text="Round, yes.")
    shown = client.get(page).content.decode()
    assert "Round, yes." in shown
    assert "Ola Nowak" not in shown


def test_one_matter_is_one_thread_on_the_pages_of_trial_and_gallery(client: Client) -> None:
    shared = gallery_with_link()
    gallery = shared.gallery
    client.force_login(gallery.owner)
    ask(user=gallery.owner, trial=gallery.trial, text="Begun on the trial")
    shown = client.get(f"/galleries/{gallery.pk}/").content.decode()
    assert "Begun on the trial" in shown
    assert f'action="/trials/{gallery.trial.number}/stylist/"' in shown


def test_a_question_too_long_is_refused_and_nothing_kept(client: Client) -> None:
    trial = delivered_trial()
    client.force_login(trial.user)
    here = {"HTTP_REFERER": f"http://testserver/trials/{trial.number}/"}
    answer = client.post(
        f"/trials/{trial.number}/stylist/", {"text": "x" * 1001}, follow=True, **here
    )
    assert "1 to 1000 characters" in answer.content.decode()
    assert not hasattr(trial, "thread")


def test_the_queue_shows_who_waits_longest_first(ops: Client) -> None:
    first, second = asked_thread(), asked_thread()
    done = asked_thread()
    answered(done)
    page = ops.get("/console/stylist/").content.decode()
    assert page.index(str(first.pk)) < page.index(str(second.pk))
    assert str(done.pk) not in page
    assert str(done.pk) in ops.get("/console/stylist/?state=answered").content.decode()


def test_an_answer_with_a_picture_is_seen_by_the_customer_alone(
    ops: Client, client: Client
) -> None:
    thread = asked_thread()
    seen = thread.messages.get().pk
    form = {"seen": seen, "text": "", "picture": SimpleUploadedFile("p.jpg", jpeg())}
    assert ops.post(f"/console/stylist/{thread.pk}/", form).status_code == 302
    message = thread.messages.last()
    address = f"/stylist/{message.pk}/800.jpg"
    client.force_login(thread.customer)
    assert client.get(address).status_code == 404
    render_picture(message.pk)
    shown = client.get(address)
    assert shown.status_code == 200
    assert shown["Cache-Control"] == "private, no-store"
    assert f'src="{address}"' in client.get(f"/trials/{thread.trial.number}/").content.decode()
    stranger = Client()
    stranger.force_login(UserFactory())
    assert stranger.get(address).status_code == 404


def test_the_second_to_answer_keeps_her_words_and_reads_the_first(ops: Client) -> None:
    thread = asked_thread()
    seen = thread.messages.get().pk
    answered(thread, text="The first one's words")
    answer = ops.post(f"/console/stylist/{thread.pk}/", {"seen": seen, "text": "My own words"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody has written here since" in page
    assert "The first one&#x27;s words" in page
    assert "My own words</textarea>" in page
    # The form names what she reads now, so that sent again it goes out.
    assert f'name="seen" value="{thread.messages.last().pk}"' in page
    assert thread.messages.filter(from_staff=True).count() == 1


def test_a_picture_that_is_none_is_refused_and_no_file_is_left(ops: Client, private_files) -> None:
    thread = asked_thread()
    form = {
        "seen": thread.messages.get().pk,
        "text": "Look",
        "picture": SimpleUploadedFile("p.jpg", b"no photo"),
    }
    assert ops.post(f"/console/stylist/{thread.pk}/", form).status_code == 422
    form |= {"seen": 0, "picture": SimpleUploadedFile("p.jpg", jpeg())}
    assert ops.post(f"/console/stylist/{thread.pk}/", form).status_code == 409
    assert [each for each in private_files.rglob("*") if each.is_file()] == []


def test_staff_see_the_photos_of_the_trial_she_asked_about_and_no_others(ops: Client) -> None:
    shared = gallery_with_link()
    mine = ready_photo(shared.items[0].trial_item)
    other = ready_photo(gallery_with_link().items[0].trial_item)
    thread = ask(user=shared.gallery.owner, gallery=shared.gallery, text="Which?").thread
    here = f"/console/stylist/{thread.pk}/"
    assert f"{here}photos/{mine.pk}/320.webp" in ops.get(here).content.decode()
    assert ops.get(f"{here}photos/{mine.pk}/320.webp").status_code == 200
    assert ops.get(f"{here}photos/{other.pk}/320.webp").status_code == 404


def test_closing_and_reopening_by_buttons(ops: Client) -> None:
    thread = asked_thread()
    here = f"/console/stylist/{thread.pk}/"
    ops.post(f"{here}close/", {"seen": thread.messages.get().pk})
    thread.refresh_from_db()
    assert thread.state == "closed"
    ops.post(f"{here}reopen/")
    thread.refresh_from_db()
    assert thread.state == "waiting"


def test_friends_who_voted_read_answers_once_the_owner_shows_them(
    client: Client, friend: Client
) -> None:
    shared = gallery_with_link()
    gallery, thanks = shared.gallery, f"/g/{shared.token}/thanks/"
    thread = ask(user=gallery.owner, gallery=gallery, text="My secret question").thread
    answered(thread, text="The round pair, clearly.")
    friend.get(f"/g/{shared.token}/")
    vote_on(shared, browser=friend.cookies["lorgnette_friend"].value)
    assert "The round pair" not in friend.get(thanks).content.decode()
    client.force_login(gallery.owner)
    client.post(f"/galleries/{gallery.pk}/stylist/friends/", {"shown": "yes"})
    page = friend.get(thanks).content.decode()
    assert "The round pair, clearly." in page
    assert "secret" not in page
    assert "The round pair" not in friend.get(f"/g/{shared.token}/").content.decode()
    show_to_friends(owner=gallery.owner, gallery=gallery, shown=False)
    assert "The round pair" not in friend.get(thanks).content.decode()


def test_a_friends_app_reads_answers_after_its_vote_and_not_before() -> None:
    shared = gallery_with_link()
    gallery, app, browser = shared.gallery, APIClient(), new_browser()
    thread = ask(user=gallery.owner, gallery=gallery, text="My secret question").thread
    answered(thread, text="The round pair, clearly.")
    show_to_friends(owner=gallery.owner, gallery=gallery, shown=True)
    path, headers = f"/api/v1/shared/{shared.token}/stylist/", {"X-Voter-Token": browser}
    assert app.get(path, headers=headers).json()["code"] == "vote_first"
    assert app.get(path).status_code == 403
    vote_on(shared, browser=browser)
    (told,) = app.get(path, headers=headers).json()["answers"]
    assert told["text"] == "The round pair, clearly."
    show_to_friends(owner=gallery.owner, gallery=gallery, shown=False)
    assert app.get(path, headers=headers).json()["answers"] == []


def test_an_app_asks_and_staffs_app_answers() -> None:
    trial, hers, works = delivered_trial(), APIClient(), APIClient()
    hers.force_authenticate(trial.user)
    works.force_authenticate(StaffFactory())
    path = f"/api/v1/trials/{trial.number}/stylist/"
    assert hers.get(path).status_code == 404
    asked = hers.post(path, {"text": "Which?"}, format="json").json()
    (row,) = works.get("/api/v1/staff/threads/?state=waiting").json()["results"]
    seen = asked["messages"][-1]["id"]
    answer = f"/api/v1/staff/threads/{row['id']}/answer/"
    told = works.post(answer, {"seen": seen, "text": "This."}, format="json")
    assert told.json()["messages"][-1]["text"] == "This."
    late = works.post(answer, {"seen": seen, "text": "That."}, format="json")
    assert (late.status_code, late.json()["code"]) == (409, "thread_moved_on")
    assert hers.get(path).json()["state"] == "answered"
    found = works.get("/api/v1/staff/answer-times/").json()
    assert (found["every"]["asked"], found["every"]["median"]) == (1, None)


def test_a_longer_thread_and_a_longer_queue_take_no_more_queries(
    ops: Client, client: Client
) -> None:
    thread, _waits = asked_thread(), asked_thread()
    answered(thread)
    client.force_login(thread.customer)
    looks = [
        (ops, "/console/stylist/"),
        (ops, "/console/stylist/?state=all"),
        (ops, f"/console/stylist/{thread.pk}/"),
        (client, f"/trials/{thread.trial.number}/"),
    ]

    def counts() -> list[int]:
        found = []
        for who, path in looks:
            who.get(path)
            with CaptureQueriesContext(connection) as captured:
                who.get(path)
            found.append(len(captured))
        return found

    before = counts()
    for _each in range(3):
        ask(user=thread.customer, trial=thread.trial, text="And?")
        answered(thread)
        asked_thread()
    assert counts() == before


def test_staff_answer_about_a_gallery_made_before_any_trial(ops: Client) -> None:
    owner, variants = UserFactory(), [VariantFactory(), VariantFactory()]
    gallery = create_frames_gallery(owner=owner, variant_ids=[each.pk for each in variants])
    thread = ask(user=owner, gallery=gallery, text="Which should I try?").thread
    page = ops.get(f"/console/stylist/{thread.pk}/").content.decode()
    assert all(each.frame.name in page for each in variants)
    client = Client()
    client.force_login(owner)
    assert "Which should I try?" in client.get(f"/galleries/{gallery.pk}/").content.decode()
