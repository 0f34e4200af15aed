"""Margins as they are kept for pages: written to the cent and read back as they were."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings

from shop.analytics.keeping import keep, kept
from trials.economics.queries import By, Margin, TrialMargins, trial_margins

# The periods that the page offers; others are counted as they are asked for.
PERIODS = (28, 90, 365)


def _name(days: int, by: By, currency: str) -> str:
    return f"economics:{days}:{by}:{currency}"


def _all() -> Iterator[tuple[int, By, str]]:
    return ((days, by, code) for days in PERIODS for by in By for code in settings.CURRENCIES)


def keep_margins() -> int:
    """Count the margins of every period, grouping and currency that the page offers.

    Returns:
        How many took so long that they are kept.
    """
    return sum(
        keep(_name(days, by, currency), _count(days, by, currency)) for days, by, currency in _all()
    )


def _count(days: int, by: By, currency: str) -> Any:
    def count(until: datetime) -> dict[str, Any]:
        since = until - timedelta(days=days)
        return _written(trial_margins(since=since, until=until, by=by, currency=currency))

    return count


def margins_kept(*, days: int, by: By, currency: str) -> TrialMargins | None:
    """Return margins as they were counted last; nothing where none are kept."""
    found = kept(_name(days, by, currency))
    if found is None:
        return None
    until, figures = found
    return TrialMargins(
        since=until - timedelta(days=days),
        until=until,
        currency=currency,
        by=by,
        groups=[_read(each) for each in figures["groups"]],
        rest=_read(figures["rest"]),
        ledger={account: Decimal(amount) for account, amount in figures["ledger"].items()},
    )


def _written(margins: TrialMargins) -> dict[str, Any]:
    return {
        "groups": [_row(each) for each in margins.groups],
        "rest": _row(margins.rest),
        "ledger": {account: str(amount) for account, amount in margins.ledger.items()},
    }


def _row(margin: Margin) -> dict[str, Any]:
    accounts = {account: str(amount) for account, amount in margin.accounts.items()}
    return {
        "name": margin.name,
        "trials": margin.trials,
        "boxes": margin.boxes,
        "accounts": accounts,
        "margin": str(margin.margin),
        "deviation": margin.deviation,
    }


def _read(row: dict[str, Any]) -> Margin:
    accounts = {account: Decimal(amount) for account, amount in row["accounts"].items()}
    return Margin(**{**row, "accounts": accounts, "margin": Decimal(row["margin"])})
