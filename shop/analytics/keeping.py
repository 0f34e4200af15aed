"""Figures kept for pages: counted by a job where counting takes longer than a page may.

A small shop keeps none, and its pages count as they are asked. What is kept is what was counted up
to one moment, whole: it is shown with that moment, and never mixed with what came after.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from shop.analytics.models import KeptFigures

# Half of what a page of the console may take; the other half is the page's own.
LONGEST = timedelta(milliseconds=25)
# A job runs hourly; what is older than twice that is not shown, but counted anew.
GOOD_FOR = timedelta(hours=2)
# Of all time, counting one figure takes no more than one part in so many: a minute's once in three
# hours. A shop grows, and an hourly job over all of it would come to run for an hour.
ONE_IN = 200


def keep(name: str, count: Callable[[datetime], dict[str, Any]]) -> bool:
    """Count figures up to now, and keep them if that took long; else forget those kept before.

    Those that took very long are not counted again before their time (``ONE_IN``).

    Args:
        name: which figures.
        count: returns them as JSON, up to the moment given.

    Returns:
        Whether they are kept.
    """
    until, began = timezone.now(), time.monotonic()
    last = KeptFigures.objects.filter(name=name).first()
    if last and until < last.until + _rest_after(last):
        return True
    figures = count(until)
    took = timedelta(seconds=time.monotonic() - began)
    if took < LONGEST:
        KeptFigures.objects.filter(name=name).delete()
        return False
    values = {
        "until": until,
        "took_ms": round(took / timedelta(milliseconds=1)),
        "figures": figures,
    }
    KeptFigures.objects.update_or_create(name=name, defaults=values)
    return True


def kept(name: str) -> tuple[datetime, dict[str, Any]] | None:
    """Return figures as they are kept, after the moment they count up to; nothing of old ones."""
    found = KeptFigures.objects.filter(name=name).first()
    if found is None or timezone.now() >= found.until + max(GOOD_FOR, 2 * _rest_after(found)):
        return None
    return found.until, found.figures


def _rest_after(figures: KeptFigures) -> timedelta:
    return timedelta(milliseconds=figures.took_ms) * ONE_IN
