"""What looks odd is held with its reasons until somebody decides; nobody refers herself."""

import itertools

import pytest
from django.urls import reverse

from sharing.referrals import suspicion
from sharing.referrals.browsers import note_browser
from sharing.referrals.errors import (
    CodeRefusedError,
    ReviewForbiddenError,
    ReviewNoteMissingError,
)
from sharing.referrals.models import Campaign, Referral
from sharing.referrals.services.claiming import claim_code
from sharing.referrals.services.codes import code_for
from sharing.referrals.services.reviewing import refuse_referral, release_referral
from sharing.referrals.suspicion import same_mailbox
from shop.analytics.models import Event
from shop.customers.models import Address, User
from shop.customers.roles import ensure_roles
from shop.foundation.history import IllegalMoveError
from shop.orders.models import Voucher
from shop.payments.queries import credit_of
from tests.factories.shop import (
    AddressFactory,
    ManagerFactory,
    SavedCardFactory,
    StaffFactory,
    UserFactory,
)
from tests.sharing.referrals.friends import (
    broken,
    campaign,
    euros,
    held_referral,
    joined,
    later,
    ordered,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _running() -> None:
    campaign()


def state_of(referral: Referral) -> tuple[str, list[str]]:
    referral.refresh_from_db()
    return referral.state, referral.held_for


def test_nobody_takes_her_own_code() -> None:
    user = UserFactory()
    with pytest.raises(CodeRefusedError, match="your own code"):
        claim_code(user=user, code=code_for(user=user))
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("advocate", "friend"),
    [
        ("anna.berg@example.org", "anna.berg+2@example.org"),
        ("annaberg@gmail.com", "a.n.n.a.berg@googlemail.com"),
        ("anna.berg@example.org", "ANNA.BERG+x@example.org"),
        ("anna.berg@example.org", "anna.berg@example.net"),
    ],
)
def test_mail_addresses_that_are_one_or_nearly_are_held(advocate: str, friend: str) -> None:
    referral = joined(UserFactory(email=advocate), UserFactory(email=friend))
    assert state_of(referral) == ("held", ["similar_email"])
    assert not Voucher.objects.exists()
    held = Event.objects.get(name="referral_held")
    assert held.caused_by == Event.objects.get(name="referral_joined").pk


@pytest.mark.parametrize("friend", ["anna@example.net", "berta.berg@example.org"])
def test_mail_addresses_that_only_share_a_first_name_or_a_house_are_not(friend: str) -> None:
    advocate = UserFactory(email="anna@example.org")
    assert state_of(joined(advocate, UserFactory(email=friend))) == ("joined", [])


def test_dots_count_where_the_mailbox_counts_them() -> None:
    assert same_mailbox("a.b@example.org") != same_mailbox("ab@example.org")


def test_the_same_card_is_held_once_the_order_counts() -> None:
    referral = joined()
    ordered(referral.friend)
    for user in (referral.advocate, referral.friend):
        SavedCardFactory(user=user, fingerprint="the same")
    assert later() == 1
    assert state_of(referral) == ("held", ["same_card"])
    assert credit_of(referral.advocate) == euros(0)


def test_a_card_of_another_friend_of_hers_is_held_too() -> None:
    advocate = UserFactory()
    first, second = joined(advocate), joined(advocate)
    for each in (first, second):
        SavedCardFactory(user=each.friend, fingerprint="the same")
        ordered(each.friend)
    later()
    assert state_of(first) == state_of(second) == ("held", ["same_card"])


def test_the_same_door_is_held_however_it_is_written() -> None:
    referral = joined()
    ordered(referral.friend)
    AddressFactory(user=referral.advocate, line1="Weg-Straße 4")
    Address.objects.filter(user=referral.friend).update(line1="WEG STR. 4")
    later()
    assert state_of(referral) == ("held", ["same_address"])


def test_a_browser_both_were_seen_in_is_held() -> None:
    advocate, friend = UserFactory(), UserFactory()
    note_browser(user=advocate, seen_in="b" * 64)
    referral = claim_code(user=friend, code=code_for(user=advocate), browser_hash="b" * 64)
    assert state_of(referral) == ("held", ["same_browser"])


def test_rings_of_any_length_are_held() -> None:
    people = [UserFactory() for _each in range(4)]
    for advocate, friend in itertools.pairwise(people):
        assert state_of(joined(advocate, friend))[0] == "joined"
    last = joined(people[-1], people[0])
    assert state_of(last) == ("held", ["ring"])


def test_very_many_friends_in_a_day_are_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suspicion, "VELOCITY", 2)
    advocate = UserFactory()
    states = [state_of(joined(advocate)) for _each in range(3)]
    assert states == [("joined", []), ("joined", []), ("held", ["velocity"])]


@pytest.fixture
def manager() -> User:
    ensure_roles()
    return ManagerFactory()


def test_a_released_referral_goes_on_and_is_held_for_the_same_no_second_time(
    manager: User,
) -> None:
    referral = held_referral()
    release_referral(referral_id=referral.pk, by=manager, note="Two sisters")
    assert state_of(referral) == ("joined", [])
    assert ordered(referral.friend).discount == euros(10)
    later()
    assert state_of(referral) == ("rewarded", [])
    written = referral.transitions.get(from_state="held")
    assert (written.actor, written.reason) == (manager, "Two sisters")
    assert broken() == []


def test_a_refused_referral_earns_nobody_anything(manager: User) -> None:
    referral = held_referral()
    refuse_referral(referral_id=referral.pk, by=manager, note="One person")
    assert Campaign.objects.get().promised == 0
    assert ordered(referral.friend).discount == euros(0)
    assert later() == 0
    with pytest.raises(IllegalMoveError):
        release_referral(referral_id=referral.pk, by=manager, note="After all")
    assert broken() == []


def test_who_may_not_review_and_who_is_concerned_decides_nothing(manager: User) -> None:
    referral = held_referral()
    with pytest.raises(ReviewForbiddenError):
        release_referral(referral_id=referral.pk, by=StaffFactory(), note="x")
    with pytest.raises(ReviewNoteMissingError):
        release_referral(referral_id=referral.pk, by=manager, note="  ")
    Referral.objects.filter(pk=referral.pk).update(advocate=manager)
    with pytest.raises(ReviewForbiddenError, match="part of this"):
        release_referral(referral_id=referral.pk, by=manager, note="x")


def test_the_queue_shows_reasons_and_takes_a_decision(client, manager: User) -> None:
    referral = held_referral()
    client.force_login(manager)
    page = client.get(reverse("sharing:console_held")).content.decode()
    assert "Their e-mail addresses are one address, or nearly" in page
    url = reverse("sharing:referral_decide", args=[referral.pk])
    assert client.post(url, {"way": "refuse", "note": "One person"}).status_code == 302
    page = client.get(reverse("sharing:console_held")).content.decode()
    assert "Nothing is held" in page
    assert "One person" in page


def test_a_friend_is_not_told_that_she_is_checked(client) -> None:
    advocate = UserFactory(email="anna.berg@example.org")
    friend = UserFactory(email="anna.berg+1@example.org")
    client.force_login(friend)
    answer = client.post(
        "/api/v1/referrals/claims/", {"code": code_for(user=advocate)}, "application/json"
    )
    assert answer.json() == {"state": "joined"}
    assert Referral.objects.get().state == "held"
