"""Claims in Django's admin, to be read only: the console moves them."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from trials.claims.models import Claim


@admin.register(Claim)
class ClaimAdmin(ReadOnlyAdmin):
    """What carriers are to make good."""

    list_display = ("shipment", "carrier", "state", "amount", "paid", "due_on")
    list_filter = ("state", "carrier")
    list_select_related = ("shipment",)
    search_fields = ("shipment__tracking_number", "shipment__trial__number", "reference")
