"""What the database itself refuses of sharing: amounts, states and doubles no code may write."""

import pytest

from tests.house.laws import Law, hold
from tests.sharing.laws import galleries, rewards, together

LAWS = (*galleries.LAWS, *together.LAWS, *rewards.LAWS)


@pytest.mark.django_db
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_database_refuses_what_breaks(law: Law) -> None:
    hold(law)
