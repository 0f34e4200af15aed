"""Which variants are free to be tried at home, for the slots in the catalogue's pages."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

from shop.catalogue.models import Frame, Variant
from trials.home_trials.session_box import variants_in_box
from trials.units.queries import available_counts as counts_of

register = template.Library()


@register.simple_tag
def available_counts(of: Frame | Iterable[Variant]) -> dict[int, int]:
    """Return how many units are free, by variant id: one query.

    Args:
        of: a frame, or the variants a page shows.
    """
    variants = of.variants.all() if isinstance(of, Frame) else of
    return counts_of([variant.pk for variant in variants])


@register.simple_tag(takes_context=True)
def try_at_home(context: Context, variants: Iterable[Variant]) -> list[dict[str, Any]]:
    """Return what the "Try at home" forms of some variants need: two queries.

    Returns:
        One entry a variant: ``variant``, ``free`` (how many units) and ``inside`` (in her box).
    """
    shown = list(variants)
    free = counts_of([variant.pk for variant in shown])
    request = context.get("request")
    inside = variants_in_box(request) if request is not None else set()
    return [
        {"variant": variant, "free": free[variant.pk], "inside": variant.pk in inside}
        for variant in shown
    ]


@register.simple_tag(takes_context=True)
def free_units(context: Context, variant: Variant) -> int:
    """Return how many units of one variant are free."""
    return counts_of([variant.pk])[variant.pk]
