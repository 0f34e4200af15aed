"""Every constraint of the database has a row that breaks it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.house.house import FLOORS

EXCLUSIONS = """
SELECT conname FROM pg_constraint
WHERE contype = 'x' AND starts_with(conrelid::regclass::text, %s || '_')
"""


@pytest.mark.django_db
@pytest.mark.parametrize("floor", FLOORS)
def test_no_constraint_is_left_untried(floor: str) -> None:
    tried = [law.name for law in import_module(f"tests.{floor}.laws.test_laws").LAWS]
    models = apps.get_app_config(floor).get_models(include_auto_created=True)
    known = {law.name for model in models for law in model._meta.constraints}
    with connection.cursor() as cursor:
        # Models cannot say that two spans of time may not overlap; a migration does.
        cursor.execute(EXCLUSIONS, [floor])
        known |= {name for (name,) in cursor.fetchall()}

    assert sorted(tried) == sorted(known)
