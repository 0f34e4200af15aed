"""Every constraint of the database has a row that breaks it."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection

from tests.house.house import FLOORS

# What models cannot say, so that a migration does: that no two spans of time overlap, and what a
# trigger refuses by its name.
BEYOND_MODELS = """
SELECT conname FROM pg_constraint
WHERE contype = 'x' AND starts_with(conrelid::regclass::text, %(floor)s || '_')
UNION ALL
SELECT tgname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
WHERE strpos(prosrc, format('CONSTRAINT = %%L', tgname)) > 0
    AND starts_with(tgrelid::regclass::text, %(floor)s || '_')
"""


@pytest.mark.django_db
@pytest.mark.parametrize("floor", FLOORS)
def test_no_constraint_is_left_untried(floor: str) -> None:
    tried = [law.name for law in import_module(f"tests.{floor}.laws.test_laws").LAWS]
    models = apps.get_app_config(floor).get_models(include_auto_created=True)
    known = {law.name for model in models for law in model._meta.constraints}
    with connection.cursor() as cursor:
        cursor.execute(BEYOND_MODELS, {"floor": floor})
        known |= {name for (name,) in cursor.fetchall()}

    assert sorted(tried) == sorted(known)
