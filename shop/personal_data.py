"""The door by which the registry of personal data finds the rooms' statements, bottom first."""

import shop.foundation.personal_data  # isort: skip
import shop.analytics.personal_data  # isort: skip
import shop.customers.personal_data  # isort: skip
import shop.messages.personal_data  # isort: skip
import shop.catalogue.personal_data  # isort: skip
import shop.inventory.personal_data  # isort: skip
import shop.payments.personal_data  # isort: skip
import shop.holds.personal_data  # isort: skip
import shop.orders.personal_data  # isort: skip

__all__ = ["shop"]
