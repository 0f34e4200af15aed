"""The door by which Django's admin finds the rooms' registrations."""

import shop.catalogue.admin
import shop.customers.admin
import shop.inventory.admin

__all__ = ["shop"]
