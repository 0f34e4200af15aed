"""The pages and the API by which people ask."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from sharing.privacy.models import Erasure
from shop.customers.models import User
from shop.foundation.outbox import carry_out_due
from tests.access.table import PAGES
from tests.factories.sharing import ballot_paper, gallery_with_link, ready_photo, vote_on
from tests.factories.shop import PASSWORD, ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import requested_trial
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
JSON = "application/json"
CLOSE = "sharing:close_account"


def test_she_erases_what_she_chose_once_she_is_sure(client):
    user = UserFactory()
    client.force_login(user)
    address = reverse("sharing:privacy_erase")
    assert client.post(address, {"scopes": ["photos"]}).status_code == 422
    assert client.post(address, {"sure": "on"}).status_code == 422
    assert not Erasure.objects.exists()
    assert client.post(address, {"scopes": ["photos", "votes"], "sure": "on"}).status_code == 302
    assert Erasure.objects.get().scopes == ["photos", "votes"]


def test_the_account_goes_with_the_password_alone(client):
    user = UserFactory()
    client.force_login(user)
    wrong = client.post(reverse(CLOSE), {"password": "wrong horse", "sure": "on"})
    assert wrong.status_code == 422
    assert not Erasure.objects.exists()

    done = client.post(reverse(CLOSE), {"password": PASSWORD, "sure": "on"}, follow=True)
    assert "Your account is deleted" in done.content.decode()
    carry_out_due()
    user.refresh_from_db()
    assert (user.email, user.is_active) == (f"erased-{user.pk}@erased.invalid", False)


def test_who_logs_in_by_code_must_have_done_so_just_now(client):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    User.objects.filter(pk=user.pk).update(last_login=timezone.now() - timedelta(hours=1))
    assert client.post(reverse(CLOSE), {"sure": "on"}).status_code == 422
    User.objects.filter(pk=user.pk).update(last_login=timezone.now())
    assert client.post(reverse(CLOSE), {"sure": "on"}).status_code == 302


def test_passwords_cannot_be_tried_for_long(client):
    client.force_login(UserFactory())
    sent = {"scopes": ["account"], "password": "wrong"}
    answers = [
        client.post(reverse("api-erasures"), sent, content_type=JSON).status_code
        for _each in range(6)
    ]
    assert answers == [403] * 5 + [429]


def test_the_page_says_what_is_in_the_way(client):
    user = UserFactory()
    requested_trial(user=user)
    client.force_login(user)
    page = client.get(reverse(CLOSE)).content.decode()
    assert "A trial of yours is under way" in page
    assert 'name="password"' not in page
    sent = {"scopes": ["account"], "password": PASSWORD}
    answer = client.post(reverse("api-erasures"), sent, content_type=JSON)
    assert (answer.status_code, answer.json()["code"]) == (409, "account_busy")
    assert len(answer.json()["why"]) == 1


def test_the_api_erases_and_lists(client):
    client.force_login(UserFactory())
    answer = client.post(reverse("api-erasures"), {"scopes": ["comments"]}, content_type=JSON)
    assert (answer.status_code, answer.json()["state"]) == (202, "requested")
    carry_out_due()
    (listed,) = client.get(reverse("api-erasures")).json()["results"]
    assert (listed["scopes"], listed["state"]) == (["comments"], "done")


def test_managers_carry_out_a_letter_and_ops_do_not(client):
    user = UserFactory()
    sent = {"email": user.email.upper(), "scopes": ["account"]}
    client.force_login(StaffFactory())
    address = reverse("api-staff-erasures")
    assert client.post(address, sent, content_type=JSON).status_code == 403
    client.force_login(ManagerFactory())
    assert client.post(address, sent, content_type=JSON).status_code == 202


def test_managers_carry_out_a_letter_in_the_admin(client):
    user, busy = UserFactory(), UserFactory()
    requested_trial(user=busy)
    client.force_login(ManagerFactory())
    address = reverse("admin:sharing_erasure_add")
    refused = client.post(address, {"user": busy.pk, "scopes": ["account"]})
    assert "A trial of yours" in refused.content.decode()
    assert client.post(address, {"user": user.pk, "scopes": ["account"]}).status_code == 302
    assert Erasure.objects.get().user == user
    exports = reverse("admin:sharing_dataexport_add")
    assert client.post(exports, {"user": busy.pk}).status_code == 302
    assert busy.data_exports.count() == 1
    client.force_login(StaffFactory())
    assert client.get(address).status_code == 403


def friends_routes() -> list[str]:
    """Return the names of all pages below a friend's link."""
    return [
        name
        for name, route in PAGES.items()
        # A stylist's picture needs a thread; its test stands with it.
        if route.things[:1] == ("token",) and "answer" not in route.things
    ]


def test_the_pages_looked_at_are_all_below_a_link():
    known = dict.fromkeys(("photo", "vote"), uuid4())
    addresses = [_address(name, token="t", **known) for name in friends_routes()]
    assert len(addresses) >= 8
    assert [each for each in addresses if not each.startswith("/g/")] == []


def _address(name: str, **things: object) -> str:
    known = {"size": 800, "extension": "jpg", **things}
    return reverse(name, args=[known[thing] for thing in PAGES[name].things])


@pytest.mark.parametrize("name", friends_routes())
def test_no_page_of_a_friends_is_kept_found_or_told_on(name):
    shared = gallery_with_link(frames=1)
    photo = ready_photo(shared.items[0].trial_item)
    browser = Client(headers={"user-agent": PHONE})
    first = shared.items[0].pk
    browser.get(reverse("sharing:friend_gallery", args=[shared.token]))
    vote = {"favourite": first, f"reaction-{first}": "love"}
    vote["paper"] = ballot_paper(shared, browser)
    browser.post(reverse("sharing:vote", args=[shared.token]), vote)
    others = vote_on(shared, comment="Those!").vote_id
    carry_out_due()
    address = _address(name, token=shared.token, photo=photo.pk, vote=others)
    answers = [browser.get(address), browser.post(address, vote)]
    answered = [each for each in answers if each.status_code in (200, 302, 422)]

    assert answered
    for answer in answered:
        assert answer["Referrer-Policy"] in ("same-origin", "no-referrer")
        if answer.status_code != 302:
            assert "noindex" in answer["X-Robots-Tag"]
            assert "no-store" in answer["Cache-Control"]
