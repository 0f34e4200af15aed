"""Another return label: who may ask for one, and what several parcels back mean for a trial."""

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.at_once import at_once
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import delivered_trial, packed_trial, shipped_trial
from tests.trials.economics.costs import booked, rates
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of
from tests.trials.returns.trials_with_charges import overdue_trial, told_what_lacks
from trials.console.queries.overdue import overdue_page
from trials.home_trials.models import Trial
from trials.returns.errors import NotLostError, NotYetChargeableError
from trials.returns.queries.charges import trials_to_charge, trials_to_remind
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.checking_in import finish_check_in
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_empty_box
from trials.shipping.errors import LabelLimitError, NothingToSendError, ShipmentMissingError
from trials.shipping.models import Because, Leg, Shipment
from trials.shipping.queries import (
    labels_never_used,
    parcels_to_look_after,
    return_shipment_of,
)
from trials.shipping.services.labels import create_labels
from trials.shipping.services.return_labels import another_return_label, note_never_used
from trials.shipping.services.tracking import record_tracking
from trials.shipping.tasks import poll_tracking

pytestmark = pytest.mark.django_db


def _labelled(trial: Trial) -> Trial:
    create_labels(trial_id=trial.pk, by=StaffFactory())
    return trial


def _another(trial: Trial, because: Because = Because.FURTHER) -> Shipment:
    return another_return_label(trial_id=trial.pk, by=trial.user, because=because)


def _first(trial: Trial) -> Shipment:
    return trial.shipments.get(leg=Leg.RETURN, nth=1)


def _told(parcel: Shipment, status: str, at: datetime | None = None) -> None:
    record_tracking(
        tracking_number=parcel.tracking_number,
        carrier_event_id=f"{parcel.pk}:{status}",
        status=status,
        occurred_at=at or timezone.now(),
    )


def _finished(trial: Trial, label: str = "") -> Trial:
    return finish_check_in(trial_id=trial.pk, by=StaffFactory(), label=label)


def _missing_one(trial: Trial) -> Shipment:
    """Send the box back by the first label with a frame too few, and make a label for that one."""
    first = _first(_labelled(trial))
    _told(first, "in_transit")
    checked_in(item_of(trial, 0))
    _finished(trial, first.tracking_number)
    return _another(trial)


def test_a_customer_gets_another_label_and_a_mail_of_where_it_is() -> None:
    trial = _labelled(delivered_trial())
    made = _another(trial, Because.LOST)

    assert (made.leg, made.nth, made.because, made.labelled_by) == ("return", 2, "lost", trial.user)
    assert return_shipment_of(user=trial.user, number=trial.number) == made
    (mail,) = OutboxMessage.objects.filter(payload__subject__icontains="return label")
    assert "#return" in mail.payload["text"]
    assert broken_laws() == []


def test_asking_twice_for_the_same_label_makes_one() -> None:
    trial = _labelled(delivered_trial())
    asked = {"trial_id": trial.pk, "by": trial.user, "nth": 2}

    assert another_return_label(**asked) == another_return_label(**asked)
    assert trial.shipments.filter(leg=Leg.RETURN).count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_at_once_get_the_same_label() -> None:
    trial = _labelled(delivered_trial())
    by = StaffFactory()
    asks = partial(another_return_label, trial_id=trial.pk, nth=2)
    asked = [partial(asks, by=each) for each in (trial.user, by, trial.user)]
    first, *others = at_once(asked, expected=())
    assert others == [first, first]
    assert trial.shipments.filter(leg=Leg.RETURN).count() == 2


def test_a_customer_has_a_few_and_staff_may_make_more(settings: Any) -> None:
    settings.RETURN_LABELS_BESIDES = 2
    trial = _labelled(delivered_trial())
    _another(trial)
    _another(trial)

    with pytest.raises(LabelLimitError, match="Write to us"):
        _another(trial)
    assert another_return_label(trial_id=trial.pk, by=StaffFactory()).nth == 4


def test_no_label_is_made_where_nothing_is_at_home() -> None:
    for trial in (packed_trial(), shipped_trial()):
        with pytest.raises(NothingToSendError):
            _another(_labelled(trial))
    back = _labelled(delivered_trial(frames=1))
    checked_in(item_of(back))
    _finished(back)
    with pytest.raises(NothingToSendError):
        _another(back)


def test_a_box_that_the_carrier_brings_back_needs_no_label() -> None:
    trial = _labelled(shipped_trial())
    _told(trial.shipments.get(leg=Leg.OUTBOUND), "sent_back")

    with pytest.raises(NothingToSendError):
        _another(trial)


def test_either_label_puts_the_trial_on_its_way_back() -> None:
    trial = _labelled(delivered_trial())
    made = _another(trial, Because.LOST)
    _told(made, "in_transit")

    trial.refresh_from_db()
    assert trial.state == "returning"
    assert _first(trial).state == "labelled"


def test_a_frame_in_another_parcel_puts_its_charge_off_to_the_longest_wait() -> None:
    trial = overdue_trial()
    second = _missing_one(trial)
    told_what_lacks(trial)
    assert trials_to_charge(timezone.now()) == [trial.pk]
    _told(second, "in_transit")

    assert trials_to_charge(timezone.now()) == []
    with pytest.raises(NotYetChargeableError, match="on its way back"):
        charge_unreturned(trial_id=trial.pk)
    assert trial.charge_at is not None
    late = trial.charge_at + timedelta(days=14, minutes=1)
    assert trials_to_charge(late) == [trial.pk]
    assert [row.pk for row in _rows("under_way", timezone.now())] == [trial.pk]
    assert _rows("missing", timezone.now()) == []
    _told(second, "delivered")
    assert trials_to_charge(late) == []
    assert [row.pk for row in _rows("arrived", late)] == [trial.pk]
    with time_machine.travel(late), pytest.raises(NotYetChargeableError, match="Check it in"):
        charge_unreturned(trial_id=trial.pk)


def test_a_second_parcel_that_was_opened_waits_no_more() -> None:
    trial = overdue_trial(frames=3)
    second = _missing_one(trial)
    _told(second, "delivered")
    checked_in(item_of(trial, 1))

    second.refresh_from_db()
    assert second.checked_in_at is not None
    told_what_lacks(trial)
    assert trials_to_charge(timezone.now()) == [trial.pk]


def test_a_second_parcel_that_was_empty_waits_no_more() -> None:
    trial = overdue_trial()
    second = _missing_one(trial)
    _told(second, "delivered")
    note_empty_box(trial_id=trial.pk, by=StaffFactory(), label=second.tracking_number)
    told_what_lacks(trial)
    assert trials_to_charge(timezone.now()) == [trial.pk]


def test_nobody_is_reminded_of_what_is_on_its_way() -> None:
    trial = overdue_trial()
    second = _missing_one(trial)
    Trial.objects.update(reminded_at=None)
    grace = trial.charge_at - timedelta(hours=1) if trial.charge_at else timezone.now()
    assert list(trials_to_remind(grace)) == [trial]
    _told(second, "in_transit")

    assert list(trials_to_remind(grace)) == []


def test_the_label_in_hand_says_which_parcel_was_opened() -> None:
    trial = _labelled(delivered_trial())
    second = _another(trial)
    for parcel in (_first(trial), second):
        _told(parcel, "in_transit")
    checked_in(item_of(trial, 1))
    _finished(trial, second.tracking_number)

    second.refresh_from_db()
    assert (second.checked_in_at is not None, _first(trial).checked_in_at) == (True, None)
    assert trials_to_charge(timezone.now() + timedelta(days=8)) == []


@pytest.mark.parametrize(("hour", "more"), [(15, 2), (9, 1)])
def test_late_days_of_a_further_parcel_end_with_its_own_first_scan(hour: int, more: int) -> None:
    now = timezone.now().astimezone(ZoneInfo("Europe/Berlin")).replace(hour=hour)
    with time_machine.travel(now, tick=False):
        trial = overdue_trial()
        trial.programme_version.late_fee = 2
        trial.programme_version.save()
        second = _missing_one(trial)
    with time_machine.travel(now + timedelta(days=2)):
        _told(second, "in_transit")
    with time_machine.travel(now + timedelta(days=6)):
        checked_in(item_of(trial, 1))
    assert trial.charge_at is not None
    today, last = (each.astimezone(trial.user.zone).date() for each in (now, trial.charge_at))
    fee = trial.charges.get(purpose="late")
    assert fee.amount.amount == 2 * ((today - last).days + more)


def test_one_of_two_parcels_is_not_given_up_while_the_other_is_under_way(settings: Any) -> None:
    trial = _labelled(delivered_trial())
    first, second = _first(trial), _another(trial)
    _told(first, "in_transit")
    _told(second, "in_transit")
    by = StaffFactory()

    with pytest.raises(NotLostError, match="Check it in first"):
        lose_parcel(tracking_number=first.tracking_number, by=by, early=True)
    checked_in(item_of(trial, 0))
    _finished(trial, second.tracking_number)
    claim = lose_parcel(tracking_number=first.tracking_number, by=by, early=True)

    assert claim.amount == item_of(trial, 1).price
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert broken_laws() == []


def test_a_parcel_that_was_opened_is_not_lost() -> None:
    trial = overdue_trial()
    _missing_one(trial)
    with pytest.raises(NotLostError):
        lose_parcel(tracking_number=_first(trial).tracking_number, by=StaffFactory(), early=True)


def test_a_silent_further_parcel_is_looked_after_and_an_unused_label_never() -> None:
    trial = _labelled(delivered_trial())
    second = _another(trial)
    later = timezone.now() + timedelta(days=30)
    assert list(parcels_to_look_after(later)) == []

    _told(_first(trial), "in_transit")
    assert list(parcels_to_look_after(later)) == [_first(trial)]
    checked_in(item_of(trial, 0))
    _finished(trial, _first(trial).tracking_number)
    assert list(parcels_to_look_after(later)) == []
    _told(second, "in_transit")
    assert list(parcels_to_look_after(later)) == [second]


def test_the_cost_of_a_label_nobody_used_is_taken_back_once_the_trial_is_over() -> None:
    rates(shipping_back=Decimal("3.70"), shipping_out=Decimal(0))
    trial = _labelled(delivered_trial(frames=1))
    second = _another(trial, Because.LOST)
    assert booked("shipping") == Decimal("7.40")
    _told(second, "in_transit")
    checked_in(item_of(trial))
    poll_tracking()
    assert booked("shipping") == Decimal("7.40")
    _finished(trial, second.tracking_number)
    poll_tracking()
    poll_tracking()

    assert booked("shipping") == Decimal("3.70")
    assert _first(trial).unused_at is not None
    _told(_first(trial), "in_transit")
    _told(_first(trial), "delivered")
    assert booked("shipping") == Decimal("7.40")
    assert broken_laws() == []


def test_labels_of_what_may_still_come_are_kept_until_it_would_come_too_late() -> None:
    trial = overdue_trial(frames=1)
    _labelled(trial)
    _another(trial)
    trial.programme_version.unreturned_percent = 0
    trial.programme_version.save()
    charge_unreturned(trial_id=trial.pk)
    days = timedelta(days=trial.programme_version.late_return_days)

    assert not labels_never_used(timezone.now() + days - timedelta(hours=1)).exists()
    late = timezone.now() + days + timedelta(hours=1)
    (unused,) = labels_never_used(late)
    assert unused.nth == 2
    assert note_never_used(shipment_id=unused.pk, now=late)
    assert not note_never_used(shipment_id=unused.pk, now=late)


def test_the_only_label_of_a_box_that_came_back_unscanned_is_no_unused_one() -> None:
    trial = _labelled(delivered_trial(frames=1))
    checked_in(item_of(trial))
    _finished(trial)

    assert not labels_never_used(timezone.now() + timedelta(days=300)).exists()
    assert _first(trial).checked_in_at is not None


def test_a_box_opened_by_its_trial_came_by_the_latest_label_if_the_first_was_lost() -> None:
    trial = _labelled(delivered_trial())
    second = _another(trial, Because.LOST)
    checked_in(item_of(trial))
    _finished(trial)

    second.refresh_from_db()
    assert (second.checked_in_at is not None, _first(trial).checked_in_at) == (True, None)


def test_what_is_missing_of_a_received_box_can_be_sent_by_a_label_of_its_own() -> None:
    trial = overdue_trial()
    second = _missing_one(trial)

    assert return_shipment_of(user=trial.user, number=trial.number) == second
    checked_in(item_of(trial, 1))
    with pytest.raises(ShipmentMissingError):
        return_shipment_of(user=trial.user, number=trial.number)


def test_the_page_offers_another_label_and_makes_it(client: Client) -> None:
    trial = _labelled(delivered_trial())
    client.force_login(trial.user)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert "I need another label" in page
    url = reverse("trials:return_label_more", args=[trial.number])
    for _each in range(2):
        assert client.post(url, {"because": "lost", "nth": 2}).status_code == 302

    made = trial.shipments.get(leg=Leg.RETURN, nth=2)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert made.tracking_number in page
    assert client.post(url, {"because": "nothing"}).status_code == 422


def test_a_received_box_with_a_frame_missing_still_says_how_to_send_it(client: Client) -> None:
    trial = overdue_trial()
    _missing_one(trial)
    client.force_login(trial.user)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert "Send it in any sturdy box" in page


def test_by_the_api_a_customer_lists_asks_and_prints(client: Client) -> None:
    trial = _labelled(delivered_trial())
    client.force_login(trial.user)
    url = reverse("api-return-labels", args=[trial.number])
    asked = {"because": "further", "nth": 2}
    made = client.post(url, asked, content_type="application/json")
    assert (made.status_code, made.json()["nth"]) == (201, 2)
    assert client.post(url, asked, content_type="application/json").json() == made.json()
    assert [each["nth"] for each in client.get(url).json()["labels"]] == [1, 2]
    file = client.get(reverse("api-return-label-file", args=[trial.number]))
    assert file.content.startswith(b"%PDF")
    client.force_login(UserFactory())
    assert client.post(url, asked, content_type="application/json").status_code == 404


def test_staff_make_and_print_one_at_the_console_and_by_the_api(client: Client) -> None:
    trial, by = _labelled(delivered_trial()), StaffFactory()
    client.force_login(by)
    page = reverse("console:trial", args=[trial.number])
    assert "Make another return label" in client.get(page).content.decode()
    url = reverse("console:return_label_make", args=[trial.number])
    asked = {"because": "lost", "nth": 2, "seen": "delivered"}
    assert client.post(url, asked).status_code == 302
    made = trial.shipments.get(leg=Leg.RETURN, nth=2)
    assert made.labelled_by == by
    assert "The label before is lost or torn" in client.get(page).content.decode()
    paper = client.get(reverse("console:parcel_label", args=[made.tracking_number]))
    assert paper.content.startswith(b"%PDF")
    api = reverse("api-staff-return-labels", args=[trial.number])
    sent = {"because": "further", "nth": 3}
    assert client.post(api, sent, content_type="application/json").json()["nth"] == 3


def _rows(kind: str, now: datetime) -> list[Any]:
    return list(overdue_page(kind=kind, sort="age", after="", now=now, size=9).rows)
