"""No card is asked, and nobody unreminded, in the days that count anew once a box has come."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from shop.foundation.models import OutboxMessage
from tests.factories.shop import StaffFactory
from tests.trials.returns.trials_with_charges import owed_charge, refused
from trials.home_trials.models import Trial
from trials.reports.missed_boxes import answer_never_came, came_after_all, tell_never_came
from trials.returns.errors import NotYetChargeableError
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import attempts_due, trials_to_remind
from trials.returns.services.asking import ask_attempt, ask_now
from trials.returns.services.reminding import remind

pytestmark = pytest.mark.django_db


def _refused_and_missed() -> TrialCharge:
    """Return the refused charge of a trial of one frame whose customer then misses her box."""
    charge = owed_charge()
    shipped = timezone.now() - timedelta(days=25)
    Trial.objects.filter(pk=charge.trial_id).update(shipped_at=shipped)
    refused(charge, "insufficient_funds")
    tell_never_came(user=charge.trial.user, number=charge.trial.number)
    return charge


def _asked_once_her_days_are_over(charge: TrialCharge) -> None:
    """Check that nothing is asked before the day she was given, nor before she is reminded."""
    attempt = charge.attempts.get(asked_at=None)
    charge.trial.refresh_from_db()
    over = charge.trial.charge_at
    assert over > timezone.now()
    assert attempts_due(timezone.now()) == []
    assert not ask_attempt(attempt_id=attempt.pk)
    with pytest.raises(NotYetChargeableError, match="counted anew"):
        ask_now(charge_id=charge.pk, by=StaffFactory())
    due = max(charge.trial.due_at, timezone.now())
    with time_machine.travel(due + timedelta(minutes=1)):
        assert list(trials_to_remind(timezone.now())) == [charge.trial]
        assert remind(trial_id=charge.trial_id)
        written = OutboxMessage.objects.filter(topic="mail.send").order_by("created_at").last()
        assert written is not None
        assert charge.what in written.payload["text"]
        assert list(trials_to_remind(timezone.now())) == []
        charge.trial.refresh_from_db()
    with time_machine.travel(charge.trial.charge_at + timedelta(minutes=1)):
        assert attempts_due(timezone.now()) == [attempt.pk]
        assert ask_attempt(attempt_id=attempt.pk)


def test_a_card_refused_before_is_not_asked_in_the_days_she_has_once_the_box_has_come() -> None:
    charge = _refused_and_missed()
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        came_after_all(user=charge.trial.user, number=charge.trial.number)
        _asked_once_her_days_are_over(charge)


def test_answered_that_it_has_come_her_card_is_not_asked_before_she_is_reminded() -> None:
    charge = _refused_and_missed()
    [report] = charge.trial.reports.all()
    with time_machine.travel(timezone.now() + timedelta(days=9)):
        answer_never_came(report_id=report.pk, by=StaffFactory(), answer="A neighbour has it.")
        _asked_once_her_days_are_over(charge)
