"""What a programme sets as limits is kept when a trial is placed, and said before."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.test import Client
from djmoney.money import Money

from shop.customers.models import User
from shop.foundation.models import OutboxMessage
from tests.factories.shop import AddressFactory, SavedCardFactory, UserFactory, VariantFactory
from tests.factories.trials import TrialUnitFactory, delivered_trial, filled_box
from tests.trials.home_trials.confirming import confirm_requests
from trials.home_trials.errors import (
    BoxTooDearError,
    CoolDownError,
    TermsChangedError,
    TrialLimitError,
)
from trials.home_trials.models import Trial
from trials.home_trials.services.requests import cancel_trial, place_trial
from trials.programme.errors import NotSentThereError
from trials.programme.queries import current_version
from trials.programme.services import publish_version
from trials.returns.services.checking_in import check_in_unit, finish_check_in

pytestmark = pytest.mark.django_db


def _variants(*prices: int) -> list[object]:
    return [
        TrialUnitFactory(variant=VariantFactory(price=Money(price, "EUR"))).variant
        for price in prices
    ]


def _wish(user: User, *prices: int, country: str = "DE") -> dict[str, object]:
    return {
        "user": user,
        "box_id": filled_box(user=user, variants=_variants(*(prices or (100,)))).pk,
        "address_id": AddressFactory(user=user, country=country).pk,
        "card_id": SavedCardFactory(user=user).pk,
    }


def _closed(user: User, at: datetime) -> Trial:
    with time_machine.travel(at, tick=False):
        trial = delivered_trial(user=user, frames=1)
        for barcode in trial.items.values_list("unit__barcode", flat=True):
            check_in_unit(trial_id=trial.pk, barcode=barcode, finding="good", grade="A", by=user)
        finish_check_in(trial_id=trial.pk, by=user)
    return Trial.objects.get(pk=trial.pk, state="closed")


def test_a_box_worth_more_than_the_programme_sends_is_refused_with_both_amounts() -> None:
    publish_version(programme_slug="home", most_value=Money(250, "EUR"))
    user = UserFactory()

    with pytest.raises(BoxTooDearError) as refused:
        place_trial(**_wish(user, 120, 131))

    assert "250" in str(refused.value)
    assert "251" in str(refused.value)
    assert not Trial.objects.exists()


def test_a_box_worth_just_as_much_is_sent() -> None:
    publish_version(programme_slug="home", most_value=Money(250, "EUR"))

    assert place_trial(**_wish(UserFactory(), 120, 130)).state == "requested"


def test_she_is_told_from_which_of_her_own_days_on_she_can_ask_again() -> None:
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    publish_version(programme_slug="home", cool_down_days=7, valid_from=long_ago)
    # Late in the evening in UTC it is the third already where she lives.
    user = UserFactory(time_zone="Asia/Tokyo")
    _closed(user, datetime(2026, 3, 2, 20, tzinfo=UTC))
    wish = _wish(user)

    with (
        time_machine.travel(datetime(2026, 3, 9, 14, 59, tzinfo=UTC), tick=False),
        pytest.raises(CoolDownError) as refused,
    ):
        place_trial(**wish)
    assert refused.value.extra["possible_from"] == "2026-03-10"
    assert "10 March 2026" in str(refused.value)

    with time_machine.travel(datetime(2026, 3, 9, 15, 1, tzinfo=UTC), tick=False):
        assert place_trial(**wish).state == "requested"


def test_a_cancelled_trial_cools_nothing_down() -> None:
    publish_version(programme_slug="home", cool_down_days=7)
    user = UserFactory()
    cancel_trial(trial_id=place_trial(**_wish(user)).pk, by=user)

    assert place_trial(**_wish(user)).state == "requested"


def test_as_many_trials_are_open_at_once_as_the_programme_allows() -> None:
    publish_version(programme_slug="home", open_trials_per_customer=2)
    user = UserFactory()
    for _each in range(2):
        place_trial(**_wish(user))

    with pytest.raises(TrialLimitError):
        place_trial(**_wish(user))


def test_the_address_chooses_the_programme() -> None:
    publish_version(programme_slug="home")
    french = publish_version(programme_slug="fr", countries=("FR",), days_at_home=7)

    assert place_trial(**_wish(UserFactory(), country="FR")).programme_version == french
    assert place_trial(**_wish(UserFactory())).programme_version.programme.slug == "home"


def test_where_no_programme_sends_boxes_nothing_is_placed() -> None:
    publish_version(programme_slug="de", countries=("DE",))

    with pytest.raises(NotSentThereError, match="Switzerland"):
        place_trial(**_wish(UserFactory(), country="CH"))

    assert not Trial.objects.exists()


def test_a_running_trial_keeps_the_terms_it_was_placed_under() -> None:
    first = publish_version(programme_slug="home", days_at_home=5)
    trial = place_trial(**_wish(UserFactory()))
    publish_version(programme_slug="home", days_at_home=2, reminder_days=[1])

    assert Trial.objects.get(pk=trial.pk).programme_version == first


def test_terms_that_changed_since_she_read_them_are_not_hers() -> None:
    seen = publish_version(programme_slug="home")
    wish = _wish(UserFactory())
    now = publish_version(programme_slug="home", days_at_home=2, reminder_days=[1])

    with pytest.raises(TermsChangedError) as refused:
        place_trial(**wish, version_id=seen.pk)

    assert refused.value.extra["version_id"] == now.pk
    assert place_trial(**wish, version_id=now.pk).programme_version == now


def test_an_address_in_another_market_shows_its_terms_before_anything_is_placed() -> None:
    home = publish_version(programme_slug="home", days_at_home=5)
    french = publish_version(programme_slug="fr", countries=("FR",), days_at_home=7)
    user = UserFactory()
    wish = _wish(user, country="FR")
    AddressFactory(user=user, country="DE")
    client = Client()
    client.force_login(user)
    sent = {
        "wish": "0b0d8a5e-9f43-4f3e-8c5c-2f3a52cf2b0a",
        "address": wish["address_id"],
        "card": wish["card_id"],
    }

    assert f'name="version" value="{home.pk}"' in client.get("/box/place/").content.decode()
    page = client.post("/box/place/", {**sent, "version": home.pk})

    assert page.status_code == 422
    assert "7 days from the day it arrives" in page.content.decode()
    assert "These are the terms for boxes to France." in page.content.decode()
    assert not Trial.objects.exists()
    client.post("/box/place/", {**sent, "version": french.pk})
    assert Trial.objects.get().programme_version == french


def test_a_form_that_does_not_say_which_terms_it_showed_places_nothing() -> None:
    publish_version(programme_slug="home")
    user = UserFactory()
    wish = _wish(user)
    client = Client()
    client.force_login(user)
    sent = {"wish": uuid4(), "address": wish["address_id"], "card": wish["card_id"]}

    page = client.post("/box/place/", sent)

    assert page.status_code == 422
    assert "Please read the terms on this page" in page.content.decode()
    assert not Trial.objects.exists()


@pytest.mark.parametrize("path", ["/box/", "/box/place/"])
def test_what_keeps_her_from_a_trial_is_said_before_she_asks(path: str) -> None:
    publish_version(programme_slug="home", most_value=Money(100, "EUR"))
    user = UserFactory()
    _wish(user, 145)
    client = Client()
    client.force_login(user)

    assert "yours are worth" in client.get(path).content.decode()


def test_the_api_names_what_stands_in_the_way() -> None:
    publish_version(programme_slug="home", most_value=Money(100, "EUR"))
    user = UserFactory()
    wish = _wish(user, 145)
    client = Client()
    client.force_login(user)

    answer = client.post(
        "/api/v1/trials/",
        {
            "version_id": current_version(country="DE").pk,
            "address_id": wish["address_id"],
            "card_id": wish["card_id"],
        },
        content_type="application/json",
        headers={"Idempotency-Key": "once", "Referer": "http://testserver/"},
    )

    assert (answer.status_code, answer.json()["code"]) == (409, "box_too_dear")
    assert answer.json()["most"] == "100.000"


def test_two_days_pass_and_a_scheduled_version_counts() -> None:
    publish_version(programme_slug="home", days_at_home=5)
    later = datetime.now(UTC) + timedelta(days=1)
    publish_version(programme_slug="home", days_at_home=9, valid_from=later)

    assert place_trial(**_wish(UserFactory())).programme_version.days_at_home == 5
    with time_machine.travel(later + timedelta(seconds=1)):
        assert place_trial(**_wish(UserFactory())).programme_version.days_at_home == 9


def test_the_mail_says_all_terms_in_her_own_language() -> None:
    publish_version(programme_slug="home", late_fee=Money(2, "EUR"))
    place_trial(**_wish(UserFactory(language="de")))
    confirm_requests()

    text = OutboxMessage.objects.get(topic="mail.send").payload["text"]
    assert "am Tag, sobald die Kulanztage vorbei sind" in text
