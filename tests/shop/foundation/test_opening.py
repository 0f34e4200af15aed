"""Opening what is open once, while others open and end theirs."""

from threading import Thread
from typing import Any

import pytest
from django.db import IntegrityError, connection

from shop.foundation.opening import get_or_open
from tests.factories.shop import StaffFactory
from trials.fulfilment.models import Manifest
from trials.fulfilment.services.manifests import open_manifest
from trials.fulfilment.states import ManifestState

pytestmark = pytest.mark.django_db(transaction=True)


def _elsewhere(act: Any) -> None:
    """Do something on a connection of its own, and wait for it."""

    def run() -> None:
        try:
            act()
        finally:
            connection.close()

    thread = Thread(target=run)
    thread.start()
    thread.join(timeout=30)


def test_what_another_opened_and_ended_in_between_does_not_stand_in_the_way() -> None:
    by = StaffFactory()
    in_between = iter(
        [
            lambda: Manifest.objects.create(carrier="built-in"),
            lambda: Manifest.objects.update(state=ManifestState.CLOSED),
        ]
    )

    def meddle(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith('INSERT INTO "trials_manifest" '):
            return execute(sql, params, many, context)
        for act in in_between:
            _elsewhere(act)
            break
        try:
            return execute(sql, params, many, context)
        except IntegrityError:
            _elsewhere(next(in_between))
            raise

    with connection.execute_wrapper(meddle):
        made = open_manifest(carrier="built-in", by=by)

    assert made.state == ManifestState.OPEN
    assert Manifest.objects.exclude(pk=made.pk).get().state == ManifestState.CLOSED


def test_what_is_open_is_given_again() -> None:
    first, new = get_or_open(Manifest, carrier="built-in", state=ManifestState.OPEN)
    again, renewed = get_or_open(Manifest, carrier="built-in", state=ManifestState.OPEN)

    assert (first, new, renewed) == (again, True, False)
