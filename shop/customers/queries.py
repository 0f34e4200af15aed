"""What is known of a customer."""

from django.db.models import QuerySet

from shop.customers.models import Address, User


def addresses_of(user: User) -> QuerySet[Address]:
    """Return the addresses she still uses, latest first."""
    return Address.objects.filter(user=user, retired_at__isnull=True).order_by("-pk")
