"""How frames are narrowed down: the same on pages and in the API."""

from decimal import Decimal

import django_filters
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from shop.catalogue.models import Frame, Material, Shape, Width
from shop.catalogue.queries import frames_said
from shop.catalogue.shopify.colours import FAMILIES

COLOURS = [(family, label) for family, (label, _hex, _hex2) in FAMILIES.items()]
SORTS = {
    "new": (_("Newest"), [F("id").desc()]),
    "price": (_("Price, low to high"), [F("price_from").asc(nulls_last=True), F("id").desc()]),
    "-price": (_("Price, high to low"), [F("price_from").desc(nulls_last=True), F("id").desc()]),
    "name": (_("Name"), [F("name").asc(), F("id").desc()]),
}
DEFAULT_SORT = "new"


class FrameFilter(django_filters.FilterSet):
    """Shape, colour, width and material (several of each), price, words."""

    q = django_filters.CharFilter(
        method="by_words", label=_("Words"), help_text="Every word must occur; beginnings suffice."
    )
    shape = django_filters.MultipleChoiceFilter(choices=Shape.choices, label=_("Shape"))
    colour = django_filters.MultipleChoiceFilter(
        choices=COLOURS, method="by_colours", label=_("Colour")
    )
    width = django_filters.MultipleChoiceFilter(choices=Width.choices, label=_("Width"))
    material = django_filters.MultipleChoiceFilter(choices=Material.choices, label=_("Material"))
    price_min = django_filters.NumberFilter(
        field_name="price_from", lookup_expr="gte", min_value=Decimal(0), label=_("From")
    )
    price_max = django_filters.NumberFilter(
        field_name="price_from", lookup_expr="lte", min_value=Decimal(0), label=_("Up to")
    )

    class Meta:
        model = Frame
        fields: list[str] = []

    def by_words(self, frames: QuerySet[Frame], name: str, value: str) -> QuerySet[Frame]:
        """Keep frames in whose words each word searched for begins one."""
        return frames_said(frames, value)

    def by_colours(self, frames: QuerySet[Frame], name: str, value: list[str]) -> QuerySet[Frame]:
        """Keep frames that come in any of the colour families."""
        return frames.filter(colour_families__overlap=value) if value else frames
