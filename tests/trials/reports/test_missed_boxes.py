"""A customer says that her box never came: what waits for the answer, and what comes of it."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import delivered_trial, shipped_trial
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels, scanned
from tests.trials.returns.trials_with_charges import (
    overdue_trial,
    owed_charge,
    payment_of,
    refused,
    told,
)
from trials.at_home.queries import trials_to_write_to
from trials.at_home.services.reminding import remind_at_home
from trials.console.overdue import overdue_rows
from trials.console.queries.overdue import overdue_page
from trials.home_trials.errors import TrialMissingError
from trials.home_trials.models import Trial
from trials.reports.errors import (
    NotMissedError,
    ReportDecidedError,
    ReportMissingError,
    ReportWordsError,
)
from trials.reports.missed_boxes import answer_never_came, came_after_all, tell_never_came
from trials.reports.models import CustomerReport
from trials.reports.queries import boxes_that_never_came
from trials.reports.services import report_broken
from trials.returns.errors import NotLostError, NotYetChargeableError
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import attempts_due, trials_to_charge, trials_to_remind
from trials.returns.services.asking import ask_attempt, ask_now
from trials.returns.services.charging import charge_unreturned
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.queries import trials_without_word
from trials.shipping.services.tracking import assume_delivered

pytestmark = pytest.mark.django_db


def _long_ago(trial: Trial, days: int = 9) -> Trial:
    Trial.objects.filter(pk=trial.pk).update(shipped_at=timezone.now() - timedelta(days=days))
    trial.refresh_from_db()
    return trial


def _tell(trial: Trial) -> CustomerReport:
    told = tell_never_came(user=trial.user, number=trial.number)
    trial.refresh_from_db()
    return told


def _owed() -> TrialCharge:
    """Return the charge of a trial of one frame that left long ago."""
    charge = owed_charge()
    _long_ago(charge.trial, days=25)
    charge.refresh_from_db()
    return charge


def _state(trial: Trial) -> str:
    return Trial.objects.get(pk=trial.pk).state


def _subjects(words: str) -> int:
    return OutboxMessage.objects.filter(payload__subject__icontains=words).count()


def test_she_tells_once_and_is_written_to() -> None:
    trial = _long_ago(shipped_trial())
    told = _tell(trial)

    assert _tell(trial) == told
    assert (told.kind, trial.missed_at) == ("never_came", told.told_at)
    assert _subjects("We look for your try-on box") == 1
    assert list(boxes_that_never_came(decided=False)) == [told]
    assert broken_laws() == []


def test_it_is_too_early_a_few_days_after_it_left(settings: Any) -> None:
    settings.BOX_MISSED_AFTER_DAYS = 5
    with pytest.raises(NotMissedError, match="Parcels take a few days"):
        _tell(_long_ago(shipped_trial(), days=4))
    settings.BOX_MISSED_AFTER_DAYS = 4
    assert _tell(_long_ago(shipped_trial(), days=5))


def test_what_the_carrier_says_was_delivered_is_missed_at_once(client: Client) -> None:
    trial = delivered_trial()
    client.force_login(trial.user)

    assert 'id="missed"' in client.get(f"/trials/{trial.number}/").content.decode()
    assert _tell(trial)


def test_who_told_of_a_frame_or_sent_the_box_has_it() -> None:
    trial = _long_ago(delivered_trial())
    item = item_of(trial)
    report_broken(user=trial.user, number=trial.number, item_id=item.pk, words="A hinge")
    with pytest.raises(NotMissedError, match="it has come"):
        _tell(trial)
    partly = _long_ago(delivered_trial(frames=2))
    checked_in(item_of(partly))
    with pytest.raises(NotMissedError, match="not on its way to you"):
        _tell(partly)
    back = _long_ago(delivered_trial())
    scanned(back, Leg.RETURN)
    with pytest.raises(NotMissedError):
        _tell(back)
    with pytest.raises(TrialMissingError):
        tell_never_came(user=UserFactory(), number=trial.number)


def test_a_box_she_misses_is_not_taken_for_delivered() -> None:
    trial = _long_ago(shipped_trial(), days=30)
    parcels(trial)
    assert trials_without_word(timezone.now()) == [trial.pk]
    _tell(trial)

    assert trials_without_word(timezone.now()) == []
    assume_delivered(trial_id=trial.pk)
    trial.refresh_from_db()
    assert trial.state == "shipped"


def test_until_she_is_answered_the_clock_charges_nothing_and_reminds_of_nothing() -> None:
    trial = overdue_trial()
    assert trials_to_charge(timezone.now()) == [trial.pk]
    told = _tell(_long_ago(trial, days=25))

    assert trials_to_charge(timezone.now()) == []
    for by in (None, StaffFactory()):
        with pytest.raises(NotYetChargeableError, match="never came"):
            charge_unreturned(trial_id=trial.pk, by=by)
    Trial.objects.update(reminded_at=None)
    assert not trials_to_remind(timezone.now()).exists()
    answer_never_came(report_id=told.pk, by=StaffFactory(), answer="Your neighbour has it.")
    assert list(trials_to_remind(timezone.now())) == [trial]


def test_a_card_that_was_refused_before_she_told_is_not_asked_again_until_she_is_answered() -> None:
    charge = _owed()
    refused(charge, "insufficient_funds")
    report = _tell(charge.trial)

    with time_machine.travel(timezone.now() + timedelta(days=9)):
        attempt = charge.attempts.get(asked_at=None)
        assert attempts_due(timezone.now()) == []
        assert not ask_attempt(attempt_id=attempt.pk)
        with pytest.raises(NotYetChargeableError, match="never came"):
            ask_now(charge_id=charge.pk, by=StaffFactory())
        # On its way back it has come to her, whatever she said.
        Trial.objects.update(state="returning")
        assert attempts_due(timezone.now()) == [attempt.pk]
        Trial.objects.update(state="delivered")
        answer_never_came(report_id=report.pk, by=StaffFactory(), answer="A neighbour has it.")
        assert attempts_due(timezone.now()) == []


def test_what_a_card_paid_that_was_asked_before_she_told_is_a_managers_to_give_back() -> None:
    charge = _owed()
    report = _tell(charge.trial)
    told(payment_of(charge), "succeeded")

    charge.refresh_from_db()
    assert (charge.state, charge.to_decide, _state(charge.trial)) == ("paid", True, "closed")
    assert list(boxes_that_never_came(decided=False)) == [report]
    answer_never_came(report_id=report.pk, by=StaffFactory(), answer="We look for it.")
    assert not boxes_that_never_came(decided=False).exists()


def test_of_a_box_given_up_for_lost_a_manager_decides_on_what_was_paid_for_a_part_of_it() -> None:
    trial = _long_ago(overdue_trial(frames=2), days=25)
    number = scanned(trial, Leg.OUTBOUND, ShipmentState.DELIVERED).tracking_number
    paid, owed = charge_unreturned(trial_id=trial.pk)
    told(payment_of(paid), "succeeded")
    # As one that was taken for delivered for want of a word, and is found to be lost.
    Trial.objects.filter(pk=trial.pk).update(missed_at=timezone.now())
    lose_parcel(tracking_number=number, by=StaffFactory())

    for charge in (paid, owed):
        charge.refresh_from_db()
    assert (paid.state, paid.to_decide, owed.state) == ("paid", True, "waived")
    assert _state(trial) == "closed"
    assert broken_laws() == []


def test_the_queue_of_what_is_overdue_says_that_she_waits_for_an_answer() -> None:
    _tell(_long_ago(overdue_trial(), days=25))
    now = timezone.now()
    page = overdue_page(kind="overdue", sort="age", after="", now=now, size=9)
    (row,) = overdue_rows(page, kind="overdue", now=now)

    assert (row.step, row.step_at) == ("answer", None)


def test_nobody_is_asked_how_she_likes_frames_she_never_got() -> None:
    trial = _long_ago(delivered_trial())
    Trial.objects.filter(pk=trial.pk).update(next_reminder_at=timezone.now())
    assert list(trials_to_write_to(timezone.now())) == [trial]
    _tell(trial)

    assert not trials_to_write_to(timezone.now()).exists()
    assert not remind_at_home(trial_id=trial.pk)


def test_answered_that_it_has_come_she_has_a_day_more_and_is_reminded_anew() -> None:
    trial = _long_ago(overdue_trial(), days=25)
    told, by = _tell(trial), StaffFactory()
    with pytest.raises(ReportWordsError):
        answer_never_came(report_id=told.pk, by=by, answer=" ")
    for _each in range(2):
        answer_never_came(report_id=told.pk, by=by, answer="Handed to your neighbour.")

    trial.refresh_from_db()
    told.refresh_from_db()
    assert (told.decision, told.decided_by, trial.missed_at) == ("refused", by, None)
    assert trial.charge_at is not None
    assert (trial.charge_at > timezone.now(), trial.reminded_at) == (True, None)
    assert _subjects("About your try-on box") == 1
    assert list(boxes_that_never_came(decided=True)) == [told]
    with pytest.raises(ReportDecidedError):
        came_after_all(user=trial.user, number=trial.number)
    assert _tell(trial) == told
    assert trial.missed_at is None


def test_what_she_took_back_or_never_told_is_not_answered() -> None:
    trial, by = _long_ago(shipped_trial()), StaffFactory()
    told = _tell(trial)
    came_after_all(user=trial.user, number=trial.number)

    with pytest.raises(ReportDecidedError):
        answer_never_came(report_id=told.pk, by=by, answer="Handed to your neighbour.")
    broken = report_broken(
        user=trial.user, number=trial.number, item_id=item_of(trial).pk, words="A hinge is off"
    )
    for other in (broken.pk, uuid.uuid4()):
        with pytest.raises(ReportMissingError):
            answer_never_came(report_id=other, by=by, answer="Handed to your neighbour.")
    assert _subjects("About your try-on box") == 0


def test_a_box_given_up_for_lost_is_not_answered_to_have_come() -> None:
    trial = delivered_trial()
    scanned(trial, Leg.OUTBOUND, ShipmentState.DELIVERED)
    told = _tell(trial)
    lose_parcel(
        tracking_number=parcels(trial)[Leg.OUTBOUND].tracking_number, by=StaffFactory(), early=True
    )

    with pytest.raises(ReportDecidedError):
        answer_never_came(report_id=told.pk, by=StaffFactory(), answer="It did come.")


def test_one_that_comes_after_all_counts_its_days_from_then_once() -> None:
    trial = _long_ago(overdue_trial(), days=25)
    _tell(trial)
    came_after_all(user=trial.user, number=trial.number)

    trial.refresh_from_db()
    assert trial.due_at is not None
    assert trial.due_at > timezone.now() + timedelta(days=4)
    assert (trial.missed_at, trial.reminded_at) == (None, None)
    due_at = trial.due_at
    with time_machine.travel(timezone.now() + timedelta(days=3)):
        _tell(trial)
        came_after_all(user=trial.user, number=trial.number)
        came_after_all(user=trial.user, number=trial.number)
    trial.refresh_from_db()
    assert trial.due_at == due_at
    assert not boxes_that_never_came(decided=False).exists()


def test_one_under_way_that_comes_after_all_is_delivered() -> None:
    trial = _long_ago(shipped_trial())
    _tell(trial)
    came_after_all(user=trial.user, number=trial.number)

    trial.refresh_from_db()
    assert (trial.state, trial.missed_at) == ("delivered", None)


def test_a_box_the_carrier_says_it_delivered_is_given_up_only_where_she_misses_it() -> None:
    trial = _long_ago(shipped_trial())
    number = scanned(trial, Leg.OUTBOUND, ShipmentState.DELIVERED).tracking_number
    by = StaffFactory()
    with pytest.raises(NotLostError):
        lose_parcel(tracking_number=number, by=by, early=True)
    told = _tell(trial)
    lose_parcel(tracking_number=number, by=by, early=True)

    trial.refresh_from_db()
    told.refresh_from_db()
    assert (trial.state, trial.never_arrived, trial.missed_at) == ("closed", True, None)
    assert (told.decision, told.decided_by) == ("accepted", by)
    assert _subjects("was lost on its way") == 1
    assert broken_laws() == []


def test_one_whose_box_goes_back_is_no_task_any_more() -> None:
    trial = overdue_trial()
    _tell(_long_ago(trial, days=25))
    scanned(trial, Leg.RETURN)

    assert not boxes_that_never_came(decided=False).exists()
    assert trial.charge_at is not None
    assert trials_to_charge(trial.charge_at + timedelta(days=15)) == [trial.pk]


def test_she_tells_on_the_page_and_takes_it_back(client: Client) -> None:
    trial = _long_ago(shipped_trial())
    client.force_login(trial.user)
    page, url = (reverse(f"trials:{name}", args=[trial.number]) for name in ("trial", "box_missed"))
    assert "My box never came" in client.get(page).content.decode()
    client.post(url)
    assert "We look for your box" in client.get(page).content.decode()
    client.post(url, {"undo": "1"})
    trial.refresh_from_db()
    assert trial.state == "delivered"
    assert "We look for your box" not in client.get(page).content.decode()


def test_a_page_offers_it_to_nobody_too_early(client: Client) -> None:
    trial = shipped_trial()
    client.force_login(trial.user)
    page = client.get(reverse("trials:trial", args=[trial.number])).content.decode()
    assert "My box never came" not in page


def test_staff_see_who_misses_a_box_answer_and_give_up(client: Client) -> None:
    trial, other = _long_ago(shipped_trial()), _long_ago(shipped_trial())
    parcel = parcels(trial)["outbound"]
    told, _told = _tell(trial), _tell(other)
    client.force_login(StaffFactory())
    page = client.get(reverse("console:missed_list")).content.decode()
    assert parcel.tracking_number in page
    client.post(reverse("console:missed_answer", args=[told.pk]), {"answer": "At your porter’s."})
    page = client.get(reverse("console:missed_list"), {"state": "decided"}).content.decode()
    assert "At your porter" in page
    assert other.number not in page


def test_by_the_api_she_tells_and_staff_answer(client: Client) -> None:
    trial = _long_ago(shipped_trial())
    parcel = parcels(trial)["outbound"]
    client.force_login(trial.user)
    url = reverse("api-never-came", args=[trial.number])
    told = client.post(url).json()
    assert told["kind"] == "never_came"
    assert client.delete(url).status_code == 204
    again = shipped_trial(user=UserFactory())
    report = _tell(_long_ago(again))
    client.force_login(StaffFactory())
    listed = client.get(reverse("api-staff-missed")).json()["results"]
    assert [(each["trial"], each["tracking_number"]) for each in listed] == [(again.number, "")]
    assert parcel.tracking_number not in str(listed)
    answered = client.post(
        reverse("api-staff-missed-answer", args=[report.pk]),
        {"answer": "At your porter’s."},
        content_type="application/json",
    )
    assert answered.json()["decision"] == "refused"
