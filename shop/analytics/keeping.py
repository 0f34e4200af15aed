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


def keep(name: str, count: Callable[[datetime], dict[str, Any]]) -> bool:
    """Count figures up to now, and keep them if that took long; else forget those kept before.

    Args:
        name: which figures.
        count: returns them as JSON, up to the moment given.

    Returns:
        Whether they are kept.
    """
    until, began = timezone.now(), time.monotonic()
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
    found = KeptFigures.objects.filter(name=name, until__gt=timezone.now() - GOOD_FOR).first()
    return (found.until, found.figures) if found else None
