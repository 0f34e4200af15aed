"""Which variants are free to be tried at home, for the slots in the catalogue's pages."""

from typing import Any

from django import template
from django.template import Context

from shop.catalogue.models import Variant
from trials.home_trials.session_box import variants_in_box
from trials.units.queries import available_counts

register = template.Library()


@register.simple_tag
def free_units(variant: Variant) -> int:
    """Return how many units of one variant are free: one query."""
    return available_counts([variant.pk])[variant.pk]


@register.simple_tag(takes_context=True)
def try_at_home(context: Context, variant: Variant) -> dict[str, Any]:
    """Return what the "Try at home" form of a variant needs.

    Returns:
        ``free``, how many units there are, and ``inside``, whether it is in her box.
    """
    return {
        "free": available_counts([variant.pk])[variant.pk],
        "inside": variant.pk in variants_in_box(context["request"]),
    }
