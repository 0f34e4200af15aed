"""Evidence in Django's admin, to be read only."""

from django.contrib import admin

from shop.foundation.admin import ReadOnlyAdmin
from trials.evidence.models import EvidencePhoto


@admin.register(EvidencePhoto)
class EvidencePhotoAdmin(ReadOnlyAdmin):
    """When which photo was taken and what became of it; the pictures are in the console."""

    list_display = ("trial", "source", "state", "taken_at")
    list_filter = ("source", "state")
    list_select_related = ("trial",)
    search_fields = ("trial__number",)
