"""The door by which Django's admin finds the rooms' registrations."""

import shop.catalogue.admin
import shop.customers.admin
import shop.foundation.admin
import shop.holds.admin
import shop.inventory.admin
import shop.messages.admin
import shop.orders.admin
import shop.payments.admin

__all__ = ["shop"]
