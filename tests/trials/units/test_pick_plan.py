"""Reserving a box looks at a handful of units, however many stand on the shelves."""

import pytest
from django.db import connection

from shop.customers.models import User
from tests.factories.shop import UserFactory
from tests.factories.trials import TrialUnitFactory
from trials.units.services.reserving import PICK_AND_WAIT, PICK_WHAT_IS_UNLOCKED
from trials.units.services.waiting import join_waitlist

pytestmark = pytest.mark.django_db

MANY = """
INSERT INTO trials_trialunit (barcode, variant_id, state, grade, location, uses, created_at)
SELECT 'MANY-' || number, variant_id, state, grade, location, uses, created_at
FROM trials_trialunit, generate_series(1, 3000) number WHERE id = %s
"""


@pytest.mark.parametrize("somebody_waits", [False, True])
@pytest.mark.parametrize("known", [False, True], ids=["never analysed", "analysed"])
@pytest.mark.parametrize("statement", [PICK_WHAT_IS_UNLOCKED, PICK_AND_WAIT], ids=["skip", "wait"])
def test_units_are_found_by_index_and_not_by_reading_them_all(
    statement: str, known: bool, somebody_waits: bool
) -> None:
    unit = TrialUnitFactory()
    user: User = UserFactory()
    if somebody_waits:
        join_waitlist(user=user, variant_id=TrialUnitFactory(state="lost").variant_id)
    with connection.cursor() as cursor:
        cursor.execute(MANY, [unit.pk])
        if known:
            cursor.execute("ANALYZE trials_trialunit, trials_waitlistentry")
        cursor.execute(f"EXPLAIN {statement}", [[unit.variant_id], user.pk, user.pk])
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "on trials_trialunit unit" in plan
    assert "Seq Scan on trials_trialunit" not in plan, plan
