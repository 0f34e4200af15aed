"""Tables as CSV that a spreadsheet opens without running anything in it."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from shop.foundation.exports import csv_lines
from shop.foundation.keyset import keyset_page
from trials.console.queries.units import report_lines
from trials.console.settling import waits_of
from trials.home_trials.models import Trial
from trials.units.models import CountedUnit, UnitCount

# The first is soon sent, and no cursor stays open while somebody downloads.
TRIALS_A_READ = 500
COLUMNS = (
    "number",
    "state",
    "customer",
    "email",
    "programme",
    "country",
    "carrier",
    "frames",
    "requested_at",
    "ship_by",
    "shipped_at",
    "delivered_at",
    "due_at",
    "closed_at",
    "waits",
)

COUNT_COLUMNS = (
    "barcode",
    "sku",
    "frame",
    "finding",
    "expected_state",
    "expected_shelf",
    "state_now",
    "shelf_now",
    "trial",
    "seen_at",
    "seen_by",
    "decision",
    "decided_by",
    "note",
)


def trials_csv(trials: QuerySet[Trial]) -> Iterator[str]:
    """Return trials line by line, their columns' names first.

    Args:
        trials: as ``trials_matching`` returns them.
    """
    rows = (
        (
            trial.number,
            trial.state,
            trial.user.name,
            trial.user.email,
            trial.programme_version.programme.name,
            trial.address.country,
            listed["carrier"],
            listed["frames"],
            trial.requested_at,
            trial.ship_by,
            trial.shipped_at,
            trial.delivered_at,
            trial.due_at,
            trial.closed_at,
            "; ".join(f"{each.what} {each.at:%Y-%m-%d}" for each in listed["waits"]),
        )
        for trial, listed in _page_by_page(trials)
    )
    yield from csv_lines([COLUMNS])
    yield from csv_lines(rows)


def _page_by_page(trials: QuerySet[Trial]) -> Iterator[tuple[Trial, dict[str, Any]]]:
    after = ""
    while True:
        page = keyset_page(trials, asked={"after": after}, size=TRIALS_A_READ)
        waits = waits_of(page)
        for trial in page:
            yield trial, {**vars(trial), "waits": waits.get(trial.pk, [])}
        if not (after := page.after):
            return


def count_lines_csv(count: UnitCount) -> Iterator[str]:
    """Return what differed in a count line by line, its columns' names first."""
    yield from csv_lines([COUNT_COLUMNS])
    yield from csv_lines(_cells(row) for row in report_lines(count).iterator(chunk_size=500))


def _cells(row: CountedUnit) -> tuple[Any, ...]:
    return (
        row.unit.barcode,
        row.unit.variant.sku,
        str(row.unit.variant),
        row.finding,
        row.believed_state,
        row.believed_location,
        row.unit.state,
        row.unit.location,
        vars(row)["trial_number"] or "",
        row.seen_at,
        row.seen_by or "",
        row.decision,
        row.decided_by or "",
        row.note,
    )
