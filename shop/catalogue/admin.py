"""Frames and variants in Django's admin: corrected by hand, listed anew at once."""

from typing import Any

from django.contrib import admin
from django.forms import ModelForm
from django.http import HttpRequest

from shop.catalogue.models import Frame, FrameImage, Variant
from shop.catalogue.services.listing import refresh_listings
from shop.foundation.admin import save_changed


class VariantInline(admin.TabularInline):
    """The variants of a frame; they come by import and are switched off, never deleted."""

    model = Variant
    extra = 0
    can_delete = False
    fields = ("sku", "colour", "colour_family", "size", "price", "compare_at_price", "active")


class FrameImageInline(admin.TabularInline):
    """The pictures of a frame, to be put in order and described."""

    model = FrameImage
    extra = 0
    fields = ("variant", "alt", "position", "source_url")
    readonly_fields = ("variant", "source_url")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Pictures come by import, where they are checked."""
        return False


@admin.register(Frame)
class FrameAdmin(admin.ModelAdmin):
    """Frames with their variants."""

    list_display = ("name", "brand", "shape", "material", "width", "price_from", "published")
    list_filter = ("published", "shape", "material", "width", "brand")
    search_fields = ("name", "handle", "brand", "variants__sku")
    readonly_fields = ("handle", "created_at", "updated_at")
    inlines = (VariantInline, FrameImageInline)
    list_per_page = 50

    def save_model(self, request: HttpRequest, obj: Frame, form: Any, change: bool) -> None:
        """Save what was changed: an import may write the rest meanwhile."""
        if change:
            save_changed(obj, form)
        else:
            super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        """Save, then gather what lists show."""
        super().save_related(request, form, formsets, change)
        refresh_listings(frame_ids=[form.instance.pk])

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Orders and trials name frames: they are unpublished instead."""
        return False
