"""The door by which ``manage.py audit`` finds the rooms' invariants."""

import shop.analytics.invariants
import shop.holds.invariants
import shop.inventory.invariants
import shop.orders.invariants
import shop.payments.invariants

__all__ = ["shop"]
