"""Fixtures for every test."""

from collections.abc import Iterator

import pytest
from django.test import override_settings

from tests.stripe_sandbox import (
    stripe_process,
    stripe_sandbox,
    stripe_webhooks,
    webhook_receiver,
)

__all__ = ["stripe_process", "stripe_sandbox", "stripe_webhooks", "webhook_receiver"]


@pytest.fixture(scope="session", autouse=True)
def _passwords_hashed_quickly() -> Iterator[None]:
    """A hash made to be slow took most of a test's time, and proved nothing in it."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield
