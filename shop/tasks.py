"""The door by which Celery and the outbox find the rooms' tasks and handlers."""

import shop.analytics.tasks
import shop.catalogue.tasks
import shop.customers.tasks
import shop.foundation.tasks
import shop.holds.tasks
import shop.messages.tasks
import shop.orders.tasks
import shop.payments.tasks

__all__ = ["shop"]
