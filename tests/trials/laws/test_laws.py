"""What the database itself refuses of trials: amounts, states and doubles no code may write."""

import pytest

from tests.house.laws import Law, hold
from tests.trials.laws import home_trials, programme, returns, units
from tests.trials.laws.rows import charge, trial
from trials.returns.models.charges import TrialCharge

LAWS = (*programme.LAWS, *units.LAWS, *home_trials.LAWS, *returns.LAWS)


@pytest.mark.django_db
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_database_refuses_what_breaks(law: Law) -> None:
    hold(law)


@pytest.mark.django_db
def test_a_charge_is_of_the_trial_of_its_frame_whatever_is_written() -> None:
    owed, other = charge(), trial()

    TrialCharge.objects.filter(pk=owed.pk).update(trial=other)

    assert TrialCharge.objects.get(pk=owed.pk).trial == owed.item.trial
