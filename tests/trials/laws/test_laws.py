"""What the database itself refuses of trials: amounts, states and doubles no code may write."""

import pytest

from tests.house.laws import Law, hold
from tests.trials.laws import home_trials, programme, returns, units

LAWS = (*programme.LAWS, *units.LAWS, *home_trials.LAWS, *returns.LAWS)


@pytest.mark.django_db
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_database_refuses_what_breaks(law: Law) -> None:
    hold(law)
