"""Fixtures for every test."""

from tests.stripe_sandbox import (
    stripe_process,
    stripe_sandbox,
    stripe_webhooks,
    webhook_receiver,
)

__all__ = ["stripe_process", "stripe_sandbox", "stripe_webhooks", "webhook_receiver"]
