"""Fixtures for every test."""

import gc
from collections.abc import Iterator

import hypothesis
import pytest
from django.db import connection
from django.test import override_settings

from tests import lock_order
from tests.databases import migrated_database
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
def _passwords_hashed_quickly() -> Iterator[None]:
    """A hash made to be slow took most of a test's time, and proved nothing in it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def _every_connection_watched() -> None:
    lock_order.watch_every_connection()


@pytest.fixture(autouse=True)
def _locks_are_taken_in_the_order_of_the_law() -> Iterator[None]:
    lock_order.against_the_law.clear()
    yield
    assert lock_order.against_the_law == []
