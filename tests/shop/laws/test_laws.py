"""What the database itself refuses of the shop: amounts, states and doubles no code may write."""

import pytest

from tests.house.laws import Law, hold
from tests.shop.laws import goods, money

LAWS = (*goods.LAWS, *money.LAWS)


@pytest.mark.django_db
@pytest.mark.parametrize("law", LAWS, ids=lambda law: law.name)
def test_the_database_refuses_what_breaks(law: Law) -> None:
    hold(law)
