"""Which period, currency and grouping a reader asks for."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from shop.analytics.scorecard import days_asked
from trials.economics.keeping import margins_kept
from trials.economics.queries import By, TrialMargins, trial_margins


def margins_asked(asked: Mapping[str, str]) -> tuple[TrialMargins, int]:
    """Return the margins of the last days, and how many days those are.

    Args:
        asked: ``days`` (90 if it is none), ``by`` (programme if it is none) and ``currency`` (the
            shop's own if it is none).
    """
    days = days_asked(asked.get("days", ""))
    asked_by, currency = asked.get("by", ""), asked.get("currency", "")
    by = By(asked_by) if asked_by in list(By) else By.PROGRAMME
    currency = currency if currency in settings.CURRENCIES else settings.DEFAULT_CURRENCY
    margins = margins_kept(days=days, by=by, currency=currency)
    if margins is None:
        until: datetime = timezone.now()
        since = until - timedelta(days=days)
        margins = trial_margins(since=since, until=until, by=by, currency=currency)
    return margins, days
