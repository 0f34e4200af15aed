"""The owner's pages: settings in her zone, putting away, asking about a box."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.services import close_gallery, revoke_link
from tests.factories.sharing import frames_gallery, gallery_with_link
from tests.factories.shop import UserFactory
from tests.factories.trials import ProgrammeVersionFactory, filled_box

pytestmark = pytest.mark.django_db
SETTINGS = {"question": "Blue?", "closes_at": "", "is_blind": "0", "names_shown": "owner"}
SETTINGS["shows_bought"] = "1"


@pytest.fixture
def shared(client):
    owner = UserFactory(time_zone="Pacific/Auckland")
    made = frames_gallery(owner=owner)
    client.force_login(owner)
    return made


def url(shared, name="gallery_settings"):
    return reverse(f"sharing:{name}", args=[shared.gallery.pk])


@time_machine.travel(datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("UTC")), tick=False)
def test_a_deadline_is_read_and_written_in_her_time_zone(client, shared):
    sent = {**SETTINGS, "closes_at": "2026-07-05T18:30"}
    assert client.post(url(shared), sent).status_code == 302
    gallery = Gallery.objects.get()
    assert gallery.closes_at == datetime(2026, 7, 5, 6, 30, tzinfo=ZoneInfo("UTC"))
    assert (gallery.question, gallery.is_blind) == ("Blue?", False)
    for name in ("gallery_settings", "gallery"):
        body = client.get(url(shared, name)).content.decode()
        assert 'value="2026-07-05T18:30"' in body
    assert "The voting ends on" in client.get(url(shared, "gallery")).content.decode()


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"closes_at": "2020-01-01T10:00"}, "This time is past"),
        ({"closes_at": "2199-01-01T10:00"}, "within the next 60 days"),
        ({"closes_at": "soon"}, "Enter a valid date"),
        ({"question": "4242 4242 4242 4242"}, "card"),
        ({"names_shown": "all"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_set_comes_back_with_its_reason(client, shared, changed, words):
    answer = client.post(url(shared), {**SETTINGS, **changed})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert Gallery.objects.get().question == "Which ones should I try on?"


def test_a_closed_gallery_offers_no_settings_and_takes_none(client, shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    body = client.get(url(shared, "gallery")).content.decode()
    assert url(shared) not in body
    assert "You have ended the voting." in body
    assert client.post(url(shared), SETTINGS).status_code == 409


def test_putting_away_and_withdrawing_are_asked_first_and_a_look_does_neither(client, shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    away = url(shared, "gallery_archive")
    withdraw = reverse("sharing:link_revoke", args=[shared.gallery.pk, shared.link.pk])
    page = client.get(url(shared, "gallery")).content.decode()
    for address in (away, withdraw):
        assert f'href="{address}"' in page
        assert f'action="{address}"' not in page
        assert f'action="{address}"' in client.get(address).content.decode()
    assert "cannot be undone" in client.get(withdraw).content.decode()
    shared.gallery.refresh_from_db()
    shared.link.refresh_from_db()
    assert (shared.gallery.state, shared.link.revoked_at) == ("closed", None)


def test_a_links_note_is_changed_by_its_owner_alone(client, shared):
    address = reverse("sharing:link_label", args=[shared.gallery.pk, shared.link.pk])
    client.post(address, {"label": " Cousins  in Bern "})
    shared.link.refresh_from_db()
    assert shared.link.label == "Cousins in Bern"
    assert client.post(address, {"label": "x" * 61}).status_code == 422
    api = reverse("api-link", args=[shared.gallery.pk, shared.link.pk])
    sent = client.patch(api, {"label": "Aunts"}, content_type="application/json")
    assert sent.json()["label"] == "Aunts"
    client.force_login(UserFactory())
    assert client.post(address, {"label": "Mine"}).status_code == 404
    shared.link.refresh_from_db()
    assert shared.link.label == "Aunts"


def test_what_is_put_away_can_be_brought_back_from_its_page(client, shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    back = url(shared, "gallery_bring_back")
    assert back not in client.get(url(shared, "gallery")).content.decode()
    page = client.post(url(shared, "gallery_archive"), follow=True).content.decode()
    assert f'action="{back}"' in page
    client.post(back)
    shared.gallery.refresh_from_db()
    assert shared.gallery.state == "closed"


def test_what_is_put_away_is_listed_apart(client, shared):
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    assert client.post(url(shared, "gallery_archive")).status_code == 302
    listed = reverse("sharing:gallery_list")
    assert url(shared, "gallery") not in client.get(listed).content.decode()
    assert "Show what is put away" in client.get(listed).content.decode()
    assert url(shared, "gallery") in client.get(listed, {"away": "1"}).content.decode()
    assert "opens nothing" not in client.get(url(shared, "gallery")).content.decode()


def test_the_lists_take_as_many_queries_with_many_galleries_as_with_one(
    client, django_assert_max_num_queries
):
    owner = UserFactory()
    client.force_login(owner)
    for number in range(4):
        frames_gallery(owner=owner, frames=2 + number % 3)
        with django_assert_max_num_queries(12):
            client.get(reverse("sharing:gallery_list"))


def test_the_frames_of_a_box_are_asked_about_before_it_is_placed(client):
    ProgrammeVersionFactory()
    box = filled_box(user=UserFactory(), frames=3)
    client.force_login(box.user)
    page = client.get(reverse("trials:box")).content.decode()
    assert "Ask before you order" in page
    chosen = list(box.items.values_list("variant_id", flat=True))
    answer = client.post(reverse("sharing:gallery_create_frames"), {"variant": chosen})
    gallery = Gallery.objects.get()
    assert answer.url == reverse("sharing:gallery", args=[gallery.pk])
    assert {item.variant_id for item in gallery.items.all()} == set(chosen)
    assert gallery.links.count() == 1


@pytest.mark.parametrize("chosen", [[], ["1"], ["x", "2"], [str(each) for each in range(40)]])
def test_no_gallery_comes_of_a_choice_that_is_none(client, chosen):
    client.force_login(UserFactory())
    answer = client.post(reverse("sharing:gallery_create_frames"), {"variant": chosen})
    assert answer.status_code == 422
    assert not Gallery.objects.exists()


def test_the_page_of_a_trials_gallery_says_what_ended_it(client):
    shared = gallery_with_link()
    client.force_login(shared.gallery.owner)
    for because, words in (("purchase", "when you bought a frame"), ("date", "time for voting")):
        gallery = close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
        Gallery.objects.filter(pk=gallery.pk).update(closed_because=because)
        assert words in client.get(url(shared, "gallery")).content.decode()


def test_a_link_without_a_note_may_be_given_one_where_it_is_sent(client, shared):
    where = {"link": shared.link.pk}
    page = client.get(url(shared, "gallery"), where).content.decode()
    assert "data-once-shared" in page
    assert f'data-copy="http://testserver/g/{shared.token}/' in page
    address = reverse("sharing:link_label", args=[shared.gallery.pk, shared.link.pk])
    answer = client.post(address, {"label": "Aunts", "sending": "yes"})
    assert answer["Location"].endswith(f"?link={shared.link.pk}#share")
    assert "data-once-shared" not in client.get(url(shared, "gallery"), where).content.decode()


def test_no_look_makes_a_link(client, shared):
    before = ShareLink.objects.count()
    for query in ({}, {"link": shared.link.pk}, {"link": "whatsapp"}, {"channel": "telegram"}):
        assert client.get(url(shared, "gallery"), query).status_code == 200
    assert client.get(reverse("sharing:gallery_list")).status_code == 200
    assert client.get(url(shared, "link_create")).status_code == 405
    assert ShareLink.objects.count() == before
    for _twice in range(2):
        client.post(url(shared, "link_create"), {"channel": "telegram"})
    assert ShareLink.objects.count() == before + 1


@pytest.mark.parametrize(("channel", "asked"), [("mail", 1), ("link", 1), ("", 0)])
def test_who_has_no_name_is_asked_for_it_once_and_only_to_send(client, shared, channel, asked):
    owner = shared.gallery.owner
    owner.name = ""
    owner.save()
    revoke_link(owner=owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    if channel:
        client.post(url(shared, "link_create"), {"channel": channel})
    page = client.get(url(shared, "gallery")).content.decode()
    assert page.count('name="called"') == asked
