"""Feeds as readers take them; questions to a circle; notes of colleagues; pages of saving."""

import json
from xml.etree import ElementTree

import pytest
from django.test import Client

from sharing.bookmarks.errors import BookmarkInvalidError
from sharing.bookmarks.models import Bookmark, Follow
from sharing.bookmarks.queries.answering import Asked, who_tried
from sharing.bookmarks.services.feed_tokens import new_feed_token, revoke_feed_token
from sharing.bookmarks.services.saving import save_note
from sharing.circles.errors import CircleMissingError
from sharing.circles.services.membership import show_trials
from sharing.circles.states import CircleKind
from shop.foundation.privacy import Scope, erase_by
from tests.factories.circles import circle_of, saved
from tests.factories.shop import FrameFactory, StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial, requested_trial

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"


def test_an_atom_feed_has_what_readers_need_and_keeps_what_is_no_xml_out():
    ada = UserFactory(name="Ada Lang")
    row = saved(ada, audience="public", tags=["round"], note='Light & "nice" \ufffe <b>')
    answer = Client().get("/feeds/tags/round.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ElementTree.fromstring(answer.content)
    for name in ("id", "title", "updated"):
        assert root.findtext(ATOM + name)
    (entry,) = root.findall(f"{ATOM}entry")
    for name in ("id", "title", "updated", "published", "content"):
        assert entry.findtext(ATOM + name)
    assert entry.findtext(f"{ATOM}id") == row.pk.urn
    assert entry.findtext(f"{ATOM}author/{ATOM}name") == "Ada L."
    assert entry.find(f"{ATOM}category").get("term") == "round"
    assert entry.findtext(f"{ATOM}content") == 'Light & "nice"  <b>'
    links = {link.get("rel"): link.get("href") for link in root.findall(f"{ATOM}link")}
    assert links["self"].endswith("/feeds/tags/round.atom")


def test_a_json_feed_is_of_version_1_1():
    ada = UserFactory()
    saved(ada, audience="public", tags=["round"])
    answer = Client().get(f"/feeds/people/{ada.shelf.pk}.json")
    assert answer["Content-Type"] == "application/feed+json; charset=utf-8"
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"]
    assert all({"id", "content_text"} <= item.keys() for item in feed["items"])
    assert Client().get(f"/feeds/people/{ada.shelf.pk}.rss").status_code == 404


def test_a_feed_that_has_not_changed_is_not_sent_again():
    ada = UserFactory()
    saved(ada, audience="public", tags=["round"])
    first = Client().get("/feeds/tags/round.atom")
    assert first["Cache-Control"] == "public, max-age=300"
    same = {"If-None-Match": first["ETag"]}
    assert Client().get("/feeds/tags/round.atom", headers=same).status_code == 304
    since = {"If-Modified-Since": first["Last-Modified"]}
    assert Client().get("/feeds/tags/round.atom", headers=since).status_code == 304
    saved(ada, audience="public", tags=["round"])
    assert Client().get("/feeds/tags/round.atom", headers=same).status_code == 200


def test_a_private_feed_opens_by_its_latest_secret_and_is_stored_nowhere():
    ada = UserFactory()
    circle = circle_of(ada)
    saved(ada, circle, tags=["round"])
    old = new_feed_token(user=ada)
    token = new_feed_token(user=ada)
    ada.shelf.refresh_from_db()
    assert token not in str(vars(ada.shelf))
    address = "/feeds/mine/{}/circles/{}.atom"
    answer = Client().get(address.format(token, circle.pk))
    assert answer["Cache-Control"] == "private, no-store"
    root = ElementTree.fromstring(answer.content)
    assert len(root.findall(f"{ATOM}entry")) == 1
    assert token not in answer.content.decode()
    assert Client().get(address.format(old, circle.pk)).status_code == 404
    unchanged = {"If-None-Match": answer["ETag"]}
    again = Client().get(address.format(token, circle.pk), headers=unchanged)
    assert (again.status_code, again["Cache-Control"]) == (304, "private, no-store")
    revoke_feed_token(user=ada)
    assert Client().get(address.format(token, circle.pk)).status_code == 404


def narrow(**facts):
    return TrialUnitFactory(
        variant=VariantFactory(frame=FrameFactory(bridge_mm=16), **facts)
    ).variant


def test_who_tried_narrow_bridges_is_answered_from_what_is_shared_with_the_circle():
    ada, bea, cleo = (UserFactory(name=f"Name{n}") for n in range(3))
    circle = circle_of(ada, bea, cleo)
    frame = narrow(colour_family="gold")
    saved(bea, circle, variant=frame, note="Slips", tags=["narrow bridge"])
    saved(bea, circle, variant=VariantFactory(frame=FrameFactory(bridge_mm=21)))
    saved(bea, variant=narrow(), note="mine alone")
    delivered_trial(user=cleo, variants=[frame])

    def asked(**facts):
        answers = who_tried(viewer=ada, circle=circle, asked=Asked(**facts))
        return {each.person: [(tried.how, tried.note) for tried in each.frames] for each in answers}

    assert asked(bridge="narrow") == {bea: [("saved", "Slips")]}
    show_trials(user=cleo, circle_id=circle.pk, shown=True)
    assert asked(bridge="narrow") == {bea: [("saved", "Slips")], cleo: [("tried", "")]}
    assert asked(bridge="narrow", colour="gold").keys() == {bea, cleo}
    assert asked(bridge="narrow", colour="blue") == {}
    assert asked(bridge="medium") == {}
    assert asked() == {}


def test_a_trial_still_on_its_way_was_not_tried():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    show_trials(user=bea, circle_id=circle.pk, shown=True)
    requested_trial(user=bea, variants=[narrow()])
    assert who_tried(viewer=ada, circle=circle, asked=Asked(bridge="narrow")) == []


def test_colleagues_note_on_a_trial_a_customer_and_a_frame_and_find_it_there():
    ola = StaffFactory()
    circle = circle_of(ola, name="Workshop", kind=CircleKind.STAFF)
    trial = requested_trial()
    things = {"trial": trial, "customer": trial.user, "frame": trial.items.first().variant.frame}
    browser = Client()
    browser.force_login(ola)
    for kind, thing in things.items():
        sent = {"circle": circle.pk, "kind": kind, "key": thing.pk, "note": f"On the {kind}"}
        answer = browser.post("/console/notes/", {**sent, "typed": "hinge, gentle"})
        assert answer.status_code == 302
    page = browser.get(f"/console/trials/{trial.number}/").content.decode()
    assert "On the trial" in page
    assert "On the customer" in page
    unit = trial.items.first().unit.barcode
    assert "On the frame" in browser.get(f"/console/units/{unit}/").content.decode()
    memory = f"/console/circles/{circle.pk}/"
    assert browser.get(memory).content.decode().count('class="comment"') == 3
    assert browser.get(f"{memory}?q=trial").content.decode().count('class="comment"') == 1
    assert browser.get(f"{memory}?tag=hinge").content.decode().count('class="comment"') == 3
    other = Client()
    other.force_login(StaffFactory())
    assert "On the trial" not in other.get(f"/console/trials/{trial.number}/").content.decode()
    assert other.get(memory).status_code == 404


def test_customers_note_nothing_on_others_and_nothing_from_work_goes_public():
    ada, ola = UserFactory(), StaffFactory()
    friends, work = circle_of(ada), circle_of(ola, kind=CircleKind.STAFF)
    with pytest.raises(CircleMissingError):
        save_note(by=ada, circle_id=work.pk, kind="customer", key=ola.pk, note="Hm")
    with pytest.raises(BookmarkInvalidError):
        save_note(by=ada, circle_id=friends.pk, kind="customer", key=ola.pk, note="Hm")


def test_whoever_has_her_account_erased_leaves_nothing_saved_and_hands_over_her_circle():
    ada, bea = UserFactory(), UserFactory()
    circle = circle_of(ada, bea)
    alone = circle_of(ada, name="Alone")
    saved(ada, circle)
    saved(ada, audience="public")
    erased = erase_by([Scope.ACCOUNT], ada)
    assert erased["sharing.bookmarks"] >= 3
    assert not Bookmark.objects.filter(owner=ada).exists()
    assert not Follow.objects.filter(follower=ada).exists()
    assert circle.memberships.get(state="owner").user == bea
    alone.refresh_from_db()
    assert (alone.name, alone.state) == ("", "archived")
    again = erase_by([Scope.ACCOUNT], ada)
    assert (again["sharing.bookmarks"], again["sharing.circles"]) == (0, 0)


def test_a_frame_is_saved_by_the_form_without_a_script():
    ada, variant = UserFactory(), VariantFactory()
    circle = circle_of(ada, name="Sisters")
    browser = Client()
    browser.force_login(ada)
    sheet = browser.get(f"/saved/new/?variant={variant.pk}&back=/frames/").content.decode()
    assert f'value="circle:{circle.pk}"' in sheet
    sent = {"variant": variant.pk, "typed": "Light, for work", "tags": ["round"], "back": "/box/"}
    answer = browser.post("/saved/new/", {**sent, "seen_by": f"circle:{circle.pk}", "note": "Hm"})
    assert answer["Location"] == "/box/"
    row = Bookmark.objects.get()
    assert (row.tags, row.note, row.circle) == (["round", "light", "for work"], "Hm", circle)
    wrong = browser.post("/saved/new/", {**sent, "typed": "x", "seen_by": "private"})
    assert wrong.status_code == 422
    assert "A tag has 2 to 30 characters" in wrong.content.decode()
    elsewhere = {**sent, "back": "https://evil.example/", "seen_by": "private"}
    assert browser.post("/saved/new/", elsewhere)["Location"].startswith("/frames/")


def test_who_is_in_no_circle_is_told_that_only_she_sees_it():
    browser = Client()
    browser.force_login(UserFactory())
    page = browser.get(f"/saved/new/?variant={VariantFactory().pk}").content.decode()
    assert "You are in no circle yet, so only you see it." in page
