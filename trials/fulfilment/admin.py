"""Pick batches and manifests in Django's admin, to be read only: the console moves them."""

from django.contrib import admin
from django.http import HttpRequest

from trials.fulfilment.models import Manifest, ManifestParcel, PickBatch, PickTote


class _ReadOnly:
    """Nothing is added, changed or deleted here."""

    def has_add_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        """Refuse."""
        return False


class PickToteInline(_ReadOnly, admin.TabularInline):
    """A batch's totes."""

    model = PickTote
    fields = readonly_fields = ("position", "trial", "released")
    extra = 0


@admin.register(PickBatch)
class PickBatchAdmin(_ReadOnly, admin.ModelAdmin):
    """Looking batches up."""

    list_display = ("id", "state", "created_at", "created_by", "closed_at")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    search_fields = ("totes__trial__number",)
    inlines = (PickToteInline,)


class ManifestParcelInline(_ReadOnly, admin.TabularInline):
    """A manifest's parcels."""

    model = ManifestParcel
    fields = readonly_fields = ("shipment", "added_at", "left_out")
    extra = 0


@admin.register(Manifest)
class ManifestAdmin(_ReadOnly, admin.ModelAdmin):
    """Looking manifests up."""

    list_display = ("id", "carrier", "state", "created_at", "closed_at")
    list_filter = ("state", "carrier")
    search_fields = ("parcels__shipment__tracking_number",)
    inlines = (ManifestParcelInline,)
