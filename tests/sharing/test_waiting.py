"""What customers and their friends said stands on the console's first page and in its menu."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import Client
from django.urls import reverse

from sharing.ideas.services import add_idea
from sharing.privacy.services.objecting import object_to_photo
from sharing.votes.moderation import report_as_owner
from sharing.waiting import waiting_for
from tests.factories.sharing import asked_thread, gallery_with_link, ready_photo, vote_on
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def said_by_everybody():
    asked_thread()
    shared = gallery_with_link()
    photo = ready_photo(shared.items[0].trial_item)
    object_to_photo(
        link=shared.link,
        photo_id=photo.pk,
        person_id=vote_on(shared).voter_id,
        address="203.0.113.9",
    )
    vote = vote_on(shared, comment="Ugly words").vote_id
    report_as_owner(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, vote_id=vote)
    add_idea(user=UserFactory(), title="Cases in red")


def counts(user):
    return {each.name: each.count for each in waiting_for(user)}


def test_nothing_said_is_nothing_to_do():
    assert set(counts(ManagerFactory()).values()) == {0}
    assert all(each.note == "" for each in waiting_for(ManagerFactory()))


def test_each_thing_said_is_counted_by_one_query(django_assert_num_queries):
    said_by_everybody()
    manager = ManagerFactory()
    manager.has_perm("sharing.view_commentreport")
    with django_assert_num_queries(1):
        found = counts(manager)
    assert found == {"stylist": 1, "objections": 1, "reports": 1, "referrals": 0, "ideas": 1}


def test_who_may_not_see_reports_is_told_of_none():
    assert "reports" not in counts(AnonymousUser())


def test_today_and_the_menu_show_how_much_waits():
    said_by_everybody()
    browser = Client()
    browser.force_login(StaffFactory())
    body = browser.get(reverse("console:home")).content.decode()
    assert "Customers and friends" in body
    for name in ("sharing:stylist_queue", "sharing:objection_list", "sharing:console_ideas"):
        assert f'<a class="queue" href="{reverse(name)}">' in body
    assert body.count('<span class="num">1</span>') >= 3
