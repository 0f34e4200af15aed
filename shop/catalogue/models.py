"""Frames, their variants and pictures."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from shop.catalogue.uploads import frame_image_path
from shop.foundation.money import MoneyField


class Shape(models.TextChoices):
    """The outline of the lenses."""

    ROUND = "round", _("Round")
    OVAL = "oval", _("Oval")
    SQUARE = "square", _("Square")
    RECTANGLE = "rectangle", _("Rectangle")
    AVIATOR = "aviator", _("Aviator")
    CAT_EYE = "cat_eye", _("Cat-eye")
    BROWLINE = "browline", _("Browline")
    GEOMETRIC = "geometric", _("Geometric")


class Material(models.TextChoices):
    """What the frame is made of."""

    ACETATE = "acetate", _("Acetate")
    METAL = "metal", _("Metal")
    TITANIUM = "titanium", _("Titanium")
    MIXED = "mixed", _("Mixed")


class Width(models.TextChoices):
    """How wide a face the frame fits."""

    NARROW = "narrow", _("Narrow")
    MEDIUM = "medium", _("Medium")
    WIDE = "wide", _("Wide")


class Frame(models.Model):
    """A product style; what is sold is one of its variants."""

    handle = models.SlugField(_("handle"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=120)
    brand = models.CharField(_("brand"), max_length=80, blank=True)
    description = models.TextField(_("description"), blank=True)
    shape = models.CharField(_("shape"), max_length=20, choices=Shape.choices, db_index=True)
    material = models.CharField(
        _("material"), max_length=20, choices=Material.choices, db_index=True
    )
    width = models.CharField(_("width"), max_length=10, choices=Width.choices, db_index=True)
    lens_width_mm = models.PositiveSmallIntegerField(_("lens width (mm)"), null=True, blank=True)
    bridge_mm = models.PositiveSmallIntegerField(_("bridge (mm)"), null=True, blank=True)
    temple_mm = models.PositiveSmallIntegerField(_("temple length (mm)"), null=True, blank=True)
    tags = ArrayField(
        models.CharField(max_length=60), verbose_name=_("tags"), default=list, blank=True
    )
    published = models.BooleanField(_("published"), default=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    updated_at = models.DateTimeField(_("changed at"), auto_now=True)
    # What a list shows and is searched by, gathered from variants and pictures whenever those
    # change (services.listing), so that a list of any length is one query of one table.
    listing = models.JSONField(default=dict, editable=False)
    price_from = MoneyField(_("price from"), null=True, default=None, editable=False)
    colour_families = ArrayField(models.CharField(max_length=20), default=list, editable=False)
    search = SearchVectorField(null=True, editable=False)

    class Meta:
        verbose_name = _("frame")
        verbose_name_plural = _("frames")
        ordering = ("name",)
        indexes = [
            GinIndex(fields=["search"], name="frame_by_words"),
            GinIndex(fields=["colour_families"], name="frame_by_colour"),
            models.Index(fields=["price_from"], name="frame_by_price"),
        ]

    def __str__(self) -> str:
        return self.name


class Variant(models.Model):
    """A colour and size of a frame, with its SKU and price."""

    frame = models.ForeignKey(
        Frame, verbose_name=_("frame"), on_delete=models.PROTECT, related_name="variants"
    )
    sku = models.CharField(_("SKU"), max_length=60, unique=True)
    colour = models.CharField(_("colour"), max_length=60)
    colour_family = models.CharField(_("colour family"), max_length=20, db_index=True)
    colour_hex = models.CharField(max_length=7, default="#222222")
    colour_hex2 = models.CharField(max_length=7, blank=True)
    size = models.CharField(_("size"), max_length=20, blank=True)
    barcode = models.CharField(max_length=40, blank=True)
    price = MoneyField(_("price"))
    compare_at_price = MoneyField(_("former price"), null=True, blank=True, default=None)
    position = models.PositiveSmallIntegerField(default=1)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("variant")
        verbose_name_plural = _("variants")
        ordering = ("frame", "position")
        constraints = [
            models.UniqueConstraint(
                fields=["frame", "colour", "size"], name="one_variant_a_colour_and_size"
            ),
            models.CheckConstraint(condition=models.Q(price__gte=0), name="price_not_negative"),
        ]

    def __str__(self) -> str:
        return variant_words(self.frame.name, self.colour, self.size)

    @property
    def label(self) -> str:
        """Colour and size, as written beside the frame's name."""
        return f"{self.colour}, {self.size}" if self.size else self.colour


def variant_words(frame: str, colour: str, size: str) -> str:
    """Return how a variant is called whose values were read without its row."""
    return f"{frame}, {colour}, {size}" if size else f"{frame}, {colour}"


class FrameImage(models.Model):
    """A picture of a frame or of one of its variants."""

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="images")
    variant = models.ForeignKey(
        Variant,
        verbose_name=_("variant"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="images",
    )
    image: Any = models.ImageField(
        _("picture"), upload_to=frame_image_path, width_field="width", height_field="height"
    )
    width = models.PositiveIntegerField(default=0)
    height = models.PositiveIntegerField(default=0)
    source_url = models.CharField(_("source"), max_length=500, blank=True)
    alt = models.CharField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=1)

    class Meta:
        verbose_name = _("frame picture")
        verbose_name_plural = _("frame pictures")
        ordering = ("position", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["frame", "variant", "source_url"],
                nulls_distinct=False,
                name="one_image_a_source",
            )
        ]


class EarlyLook(models.Model):
    """Leave for one customer to see and try a frame that is not published yet.

    Whoever gives it names itself as its source and takes it back under that name; what is sold is
    never asked for here.
    """

    frame = models.ForeignKey(Frame, on_delete=models.CASCADE, related_name="early_looks")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    source = models.UUIDField(help_text="Who gave it, such as a panel of testers.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "frame", "source"], name="one_early_look_a_source"
            ),
        ]
        indexes = [models.Index(fields=["source"], name="early_look_by_source")]
