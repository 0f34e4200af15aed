"""Fixtures for every test, and what a new test pays for what it asks for.

Cheap, to a few hundredths of a second of a core:
- ``django_db``: a transaction that is rolled back, over a copy of a migrated database
  (``tests.databases``). Who changes a migration pays for migrating, once: about twenty seconds.
- a factory's row, a ``Client`` and a page through it; ``time_machine`` instead of waiting.
- ``stripe_sandbox``: one process a run, emptied before each test.

Dear:
- the same world for each of many parametrised cases. Make it once a module and roll back what each
  case changes, as ``tests.access.test_every_route`` does; log its people in once, too.
- ``django_db(transaction=True)``: for what happens at once or in another process. What was written
  is deleted after it (``tests.emptying``).
- pictures larger than the rule under test asks for.
- a browser: a quarter of a second for each context. ``tests.pages`` has one browser and one shop
  for all its tests; a file of pages belongs there, with its ``MARKS``.
- a process of the shop: two seconds to start. Web, worker and Stripe together are the stories' and
  ``tests.sharing.galleries.both_modes``'s; a step more in one of these costs less than a third run.
- Hypothesis over the database: each example is a test. Say ``max_examples``.

Tests of one ``xdist_group`` run one after the other in one process: name one only where they share
a thing that is made once, or a Redis database. In use are 7, 9 and 11 to 15; the
processes of a run count in 1 to 6, and share 0 for jobs.
"""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
import redis
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import translation

from tests import lock_order
from tests.databases import migrated_database
from tests.emptying import empty_what_was_written
from tests.stripe_sandbox import (
    stripe_process,
    stripe_sandbox,
    stripe_webhooks,
    webhook_receiver,
)

# How long an example takes says how busy the machine is, not whether the code is right.
hypothesis.settings.register_profile("lorgnette", deadline=None)
hypothesis.settings.load_profile("lorgnette")

__all__ = ["stripe_process", "stripe_sandbox", "stripe_webhooks", "webhook_receiver"]


# Thousands of tests and all of Django stay to the end: looking through them for garbage, again and
# again while they are collected, finds none and takes a quarter of that time.
gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Have the tests' database copied; Django then finds every migration applied."""
    connection.settings_dict["TEST"]["TEMPLATE"] = migrated_database()


@pytest.fixture(scope="session", autouse=True)
def _only_what_was_written_is_deleted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", empty_what_was_written)
        yield


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_counted_yet() -> None:
    """Else a second run within the hour begins with the first one's counts."""
    with redis.Redis.from_url(settings.REDIS_URL) as store:
        store.flushdb()


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_quickly() -> Iterator[None]:
    """A hash made to be slow took most of a test's time, and proved nothing in it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_connection_watched() -> None:
    lock_order.watch_every_connection()


@pytest.fixture(autouse=True)
def _in_the_shops_language() -> Iterator[None]:
    """A page that was asked for in German leaves the thread German, for whoever comes next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _locks_are_taken_in_the_order_of_the_law() -> Iterator[None]:
    lock_order.against_the_law.clear()
    yield
    assert lock_order.against_the_law == []
