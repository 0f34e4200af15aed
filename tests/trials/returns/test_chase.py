"""What staff do by hand about what is overdue or owed: each checked, kept and bounded."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.trials.returns.trials_with_charges import broken, overdue_trial, owed_charge, refused
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import mark_returning
from trials.returns.errors import (
    AskedLatelyError,
    ChargeSettledError,
    MayNotSettleError,
    NothingAwayError,
    NothingToRemindError,
    ReasonMissingError,
    RemindedLatelyError,
)
from trials.returns.services.asking import ask_now
from trials.returns.services.letting_go import mark_lost, waive_charge
from trials.returns.services.reminding import remind, remind_now
from trials.shipping.services.labels import create_labels
from trials.shipping.services.tracking import record_tracking

pytestmark = pytest.mark.django_db


def test_a_customer_is_written_to_by_hand_no_more_than_once_a_day() -> None:
    trial, by = overdue_trial(), StaffFactory()
    remind_now(trial_id=trial.pk, by=by)
    with pytest.raises(RemindedLatelyError):
        remind_now(trial_id=trial.pk, by=by)
    with time_machine.travel(timezone.now() + timedelta(hours=21)):
        remind_now(trial_id=trial.pk, by=by)

    assert [notice.sent_by for notice in trial.notices.all()] == [None, by, by]


def test_nobody_is_written_to_about_what_is_not_late_or_charged_already() -> None:
    for trial in (delivered_trial(), owed_charge().trial):
        with pytest.raises(NothingToRemindError):
            remind_now(trial_id=trial.pk, by=StaffFactory())


def test_who_is_first_written_to_by_hand_has_a_day_before_she_is_charged() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=20))
    remind_now(trial_id=trial.pk, by=StaffFactory())

    trial.refresh_from_db()
    assert trial.charge_at is not None
    assert trial.reminded_at is not None
    assert trial.charge_at - trial.reminded_at >= timedelta(hours=24)


def test_nobody_is_asked_for_what_the_carrier_has_in_time_or_has_brought() -> None:
    trial = delivered_trial(at=timezone.now() - timedelta(days=6))
    create_labels(trial_id=trial.pk, by=StaffFactory())
    parcel = trial.shipments.get(leg="return")

    def told(status: str) -> None:
        record_tracking(
            tracking_number=parcel.tracking_number,
            carrier_event_id=status,
            status=status,
            occurred_at=timezone.now(),
        )

    told("in_transit")
    with pytest.raises(NothingToRemindError, match="on its way back"):
        remind_now(trial_id=trial.pk, by=StaffFactory())
    told("delivered")
    with time_machine.travel(timezone.now() + timedelta(days=30)):
        assert not remind(trial_id=trial.pk)
        with pytest.raises(NothingToRemindError, match="Check it in"):
            remind_now(trial_id=trial.pk, by=StaffFactory())


def test_whose_box_is_under_way_reads_until_when_it_must_have_come() -> None:
    trial = overdue_trial()
    mark_returning(trial_id=trial.pk, at=timezone.now())
    before = Trial.objects.get(pk=trial.pk).charge_at
    remind_now(trial_id=trial.pk, by=StaffFactory())

    text = OutboxMessage.objects.filter(topic="mail.send").latest("created_at").payload["text"]
    assert "has not reached us by the end of" in text
    assert Trial.objects.get(pk=trial.pk).charge_at == before


def test_a_card_is_asked_again_by_hand_and_who_did_it_is_kept() -> None:
    charge, by = owed_charge(), StaffFactory()
    refused(charge, "stolen_card")
    with pytest.raises(AskedLatelyError):
        ask_now(charge_id=charge.pk, by=by)
    with time_machine.travel(timezone.now() + timedelta(hours=2)):
        ask_now(charge_id=charge.pk, by=by)

    assert charge.attempts.latest("number").asked_by == by
    assert OutboxMessage.objects.filter(topic="payments.ask_again").count() == 1


def test_a_card_is_not_asked_while_its_answer_is_awaited() -> None:
    charge = owed_charge()
    later = time_machine.travel(timezone.now() + timedelta(hours=2))
    with later, pytest.raises(AskedLatelyError):
        ask_now(charge_id=charge.pk, by=StaffFactory())


def test_a_card_is_not_asked_more_often_in_a_month_than_its_network_bears() -> None:
    charge, began, asked = owed_charge(), timezone.now(), 0
    for hour in range(2, 60, 2):
        refused(charge, "do_not_honor", failed_charge=f"ch_{hour}")
        with time_machine.travel(began + timedelta(hours=hour)):
            try:
                ask_now(charge_id=charge.pk, by=StaffFactory())
            except AskedLatelyError:
                break
            asked += 1

    assert asked == 11
    assert charge.attempts.filter(asked_at__isnull=False).count() == 12


def test_nothing_is_asked_for_what_was_let_go() -> None:
    charge = owed_charge()
    waive_charge(charge_id=charge.pk, by=ManagerFactory(), reason="Goodwill")

    with pytest.raises(ChargeSettledError):
        ask_now(charge_id=charge.pk, by=StaffFactory())


def test_a_box_that_is_lost_costs_nobody_anything_and_ends_its_trial() -> None:
    trial = overdue_trial(frames=2)
    mark_lost(trial_id=trial.pk, by=ManagerFactory(), reason="The carrier lost it")

    trial.refresh_from_db()
    assert trial.state == "closed"
    assert {item.outcome for item in trial.items.all()} == {"lost"}
    assert trial.away_value.amount == 0
    assert broken() == set()


def test_only_a_manager_gives_frames_up_and_says_why() -> None:
    trial = overdue_trial()
    with pytest.raises(MayNotSettleError):
        mark_lost(trial_id=trial.pk, by=StaffFactory(), reason="Lost")
    with pytest.raises(ReasonMissingError):
        mark_lost(trial_id=trial.pk, by=ManagerFactory(), reason="  ")


def test_frames_of_a_box_still_on_its_way_out_are_not_given_up() -> None:
    trial = shipped_trial()
    with pytest.raises(NothingAwayError):
        mark_lost(trial_id=trial.pk, by=ManagerFactory(), reason="Lost")
    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_what_is_charged_is_not_given_up_beside_its_charge() -> None:
    charge = owed_charge()
    with pytest.raises(NothingAwayError):
        mark_lost(trial_id=charge.trial_id, by=ManagerFactory(), reason="Lost")


def test_what_is_away_is_worth_what_its_unsettled_frames_cost() -> None:
    trial = overdue_trial(frames=2)
    items = list(trial.items.order_by("pk"))
    trial.refresh_from_db()
    assert trial.away_value == items[0].price + items[1].price
    Trial.objects.filter(pk=trial.pk).update(away_value=1)
    assert "What is away of a trial is worth what its frames cost that are not settled" in broken()
