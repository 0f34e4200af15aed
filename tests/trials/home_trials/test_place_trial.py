"""Placing a trial reserves a unit of each frame, or refuses with nothing changed."""

import uuid
from datetime import timedelta

import pytest
import time_machine
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from shop.analytics.models import Event
from shop.analytics.names import EventName
from shop.analytics.services import customer, record
from shop.foundation.models import OutboxMessage
from shop.messages.models import MessageItem
from tests.factories.shop import (
    AddressFactory,
    SavedCardFactory,
    StaffFactory,
    UserFactory,
    VariantFactory,
)
from tests.factories.trials import (
    BoxFactory,
    ProgrammeVersionFactory,
    TrialUnitFactory,
    delivered_trial,
    filled_box,
    requested_trial,
)
from tests.trials.home_trials.confirming import confirm_requests
from tests.trials.returns.boxes_back import checked_in, item_of
from trials.home_trials.errors import (
    AddressUnknownError,
    BoxEmptyError,
    BoxFullError,
    CardUnknownError,
    NotForTrialError,
    TrialLimitError,
)
from trials.home_trials.models import Trial
from trials.home_trials.numbers import is_well_formed
from trials.home_trials.services.requests import cancel_trial, place_trial
from trials.home_trials.states import TrialState
from trials.returns.services.checking_in import finish_check_in
from trials.units.errors import NothingFreeError
from trials.units.models import TrialUnit

pytestmark = pytest.mark.django_db
# Some of them write down that she was mailed, and when (shop.messages).
MOST_STATEMENTS = 27


@pytest.fixture(autouse=True)
def _rules() -> None:
    ProgrammeVersionFactory()


def _ready(**kwargs: object) -> dict[str, object]:
    """Return what ``place_trial`` needs of a customer with a filled box."""
    user = UserFactory()
    return {
        "user": user,
        "box_id": filled_box(user=user, **kwargs).pk,
        "address_id": AddressFactory(user=user).pk,
        "card_id": SavedCardFactory(user=user).pk,
    }


def _nothing_changed() -> bool:
    return not Trial.objects.exists() and not TrialUnit.objects.exclude(state="available").exists()


def test_every_frame_gets_a_unit_and_the_box_is_empty_again() -> None:
    wish = _ready(frames=5)

    trial = place_trial(**wish)

    assert is_well_formed(trial.number)
    assert trial.state == "requested"
    items = list(trial.items.select_related("unit", "variant"))
    assert len(items) == 5
    for item in items:
        assert item.unit.state == "reserved"
        assert item.unit.variant_id == item.variant_id
        assert item.unit.movements.latest("pk").trial_id == trial.pk
        assert item.price == item.variant.price
    assert wish["user"].box.items.count() == 0
    assert trial.transitions.get().to_state == "requested"


def test_the_customer_is_mailed_what_is_reserved_for_her() -> None:
    trial = requested_trial(frames=2)
    confirm_requests()

    mail = OutboxMessage.objects.get(topic="mail.send").payload
    assert mail["to"] == trial.user.email
    assert trial.number in mail["subject"]
    assert all(str(item.variant) in mail["text"] for item in trial.items.all())


def test_a_wish_that_was_called_off_before_its_mail_was_written_is_not_confirmed() -> None:
    trial = requested_trial()
    cancel_trial(trial_id=trial.pk, by=trial.user)
    confirm_requests()

    mail = OutboxMessage.objects.get(topic="mail.send").payload
    assert "called off" in mail["subject"] or "cancel" in mail["subject"].lower()


def test_a_trial_that_is_over_before_its_mail_could_be_written_is_not_confirmed() -> None:
    trial = delivered_trial(frames=1)
    checked_in(item_of(trial))
    finish_check_in(trial_id=trial.pk, by=StaffFactory())
    trial.refresh_from_db()
    assert trial.state == TrialState.CLOSED
    confirm_requests()

    told = MessageItem.objects.filter(about=str(trial.pk)).values_list("template", flat=True)
    assert set(told) == {"trial_shipped", "trial_delivered", "trial_closed"}


def test_the_way_she_came_is_kept_with_the_trial_and_its_event() -> None:
    wish, link = _ready(), uuid.uuid4()
    with transaction.atomic():
        click = record(
            EventName.REFERRAL_JOINED,
            key="joined",
            subject=("referral", 1),
            person=customer(wish["user"]),
            channel="whatsapp",
            link=link,
        )

    trial = place_trial(**wish)

    event = Event.objects.get(name="trial_requested")
    assert (trial.channel, trial.link, trial.caused_by) == ("whatsapp", str(link), click)
    assert (event.channel, event.link, event.caused_by) == ("whatsapp", str(link), click)
    assert event.person_id == str(wish["user"].pk)
    assert Event.objects.filter(name="box_filled").count() == 1


def test_the_same_wish_sent_again_gives_the_same_trial() -> None:
    wish = {**_ready(), "wish": uuid.uuid4()}

    assert place_trial(**wish) == place_trial(**wish)
    assert Trial.objects.count() == 1


def test_a_wish_of_another_customer_gives_her_own_trial() -> None:
    name = uuid.uuid4()

    first, second = place_trial(**_ready(), wish=name), place_trial(**_ready(), wish=name)

    assert first.user != second.user
    assert first.pk != second.pk


def test_where_one_frame_is_gone_it_is_named_and_nothing_reserved() -> None:
    free, gone = TrialUnitFactory().variant, VariantFactory()

    with pytest.raises(NothingFreeError) as refused:
        place_trial(**_ready(variants=[free, gone]))

    assert refused.value.code == "none_free"
    assert refused.value.extra["frames"] == [str(gone)]
    assert str(gone) in str(refused.value)
    assert _nothing_changed()


def test_an_empty_box_is_refused() -> None:
    wish = _ready()
    wish["user"].box.items.all().delete()

    with pytest.raises(BoxEmptyError):
        place_trial(**wish)


def test_the_box_of_another_customer_counts_as_empty() -> None:
    stolen = {**_ready(), "box_id": filled_box(user=UserFactory()).pk}

    with pytest.raises(BoxEmptyError):
        place_trial(**stolen)
    assert _nothing_changed()


def test_more_frames_than_the_programme_allows_by_now_are_refused() -> None:
    wish = _ready(frames=3)
    ProgrammeVersionFactory(number=2, frames_per_box=2)

    with pytest.raises(BoxFullError):
        place_trial(**wish)


def test_a_frame_no_longer_in_the_shop_is_refused() -> None:
    wish = _ready()
    variant = wish["user"].box.items.first().variant
    variant.frame.published = False
    variant.frame.save()

    with pytest.raises(NotForTrialError) as refused:
        place_trial(**wish)
    assert refused.value.extra["variants"] == [variant.pk]


@pytest.mark.parametrize("of_another", [True, False])
def test_an_address_of_another_or_retired_is_refused(of_another: bool) -> None:
    wish = _ready()
    address = AddressFactory(**({} if of_another else {"user": wish["user"]}))
    if not of_another:
        address.retired_at = timezone.now()
        address.save()

    with pytest.raises(AddressUnknownError):
        place_trial(**{**wish, "address_id": address.pk})
    assert _nothing_changed()


@pytest.mark.parametrize(
    "fields", [{}, {"detached_at": "now"}, {"exp_year": 2020}], ids=["other", "detached", "expired"]
)
def test_a_card_that_cannot_be_charged_is_refused(fields: dict[str, object]) -> None:
    wish = _ready()
    if "detached_at" in fields:
        fields = {"detached_at": timezone.now()}
    card = SavedCardFactory(**fields, **({"user": wish["user"]} if fields else {}))

    with pytest.raises(CardUnknownError):
        place_trial(**{**wish, "card_id": card.pk})
    assert _nothing_changed()


def test_a_card_is_good_to_the_end_of_its_month() -> None:
    wish = _ready()
    card = SavedCardFactory(user=wish["user"], exp_year=2030, exp_month=2)

    with time_machine.travel("2030-02-28T20:00:00Z", tick=False):
        assert place_trial(**{**wish, "card_id": card.pk})


def test_a_second_trial_waits_for_the_first_to_be_over() -> None:
    first = requested_trial()
    filled_box(user=first.user)
    again = {
        "user": first.user,
        "box_id": first.user.box.pk,
        "address_id": first.address_id,
        "card_id": first.card_id,
    }

    with pytest.raises(TrialLimitError):
        place_trial(**again)

    cancel_trial(trial_id=first.pk, by=first.user)
    assert place_trial(**again).state == "requested"


def test_five_frames_take_few_statements() -> None:
    wish = _ready(frames=5)

    with CaptureQueriesContext(
        connection,
    ) as statements:
        place_trial(**wish)

    assert len(statements) <= MOST_STATEMENTS, [each["sql"][:90] for each in statements]


def test_a_larger_box_takes_no_more_statements() -> None:
    one, five = _ready(frames=1), _ready(frames=5)
    with CaptureQueriesContext(connection) as few:
        place_trial(**one)
    with CaptureQueriesContext(connection) as many:
        place_trial(**five)

    assert len(many) == len(few)


def test_an_old_touch_is_no_longer_the_way_she_came() -> None:
    wish = _ready()
    with transaction.atomic():
        record(
            EventName.REFERRAL_JOINED,
            key="joined",
            subject=("referral", 1),
            person=customer(wish["user"]),
            occurred_at=timezone.now() - timedelta(days=31),
            channel="whatsapp",
            link=uuid.uuid4(),
        )

    assert place_trial(**wish).caused_by is None


def test_a_box_nobody_filled_is_no_trial() -> None:
    box = BoxFactory()

    with pytest.raises(BoxEmptyError):
        place_trial(user=box.user, box_id=box.pk, address_id=1, card_id=1)
