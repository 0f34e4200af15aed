"""What a row of the overdue says of its trial besides, read by statements that stay prepared."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet

from shop.foundation.postgres.attaching import attach_by, attach_lists
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.home_trials.states import TrialState
from trials.reports.models import CustomerReport, ReportKind
from trials.returns.models.charges import ChargeAttempt, Notice, TrialCharge
from trials.shipping.models import Leg, Shipment, TrackingEvent

# Of a variant, what it is called by: a page names a hundred frames, of which each and its variant
# have forty columns.
NAMED = ("variant__colour", "variant__size", "variant__frame__name")


def attach_details(trials: Sequence[Trial]) -> None:
    """Read what rows say of trials besides: nine statements at most, whatever they hold.

    Each trial has lists from then on: ``away``, the items that are not back, of which each has its
    charges, ``charged``; ``owed``, its open charges with their attempts; ``written``, the notices;
    ``sent_back``, its moves to that state; ``parcels_back``, with ``words`` of their carriers; and
    ``said_sent``, what its customer said of it.
    """
    if not trials:
        return
    keys = [each.pk for each in trials]
    for to, query in _LISTS.items():
        attach_lists(trials, to, query.rows(keys=keys), by=BY.get(to, "trial"))
    rows: Any = trials
    owed = [charge for trial in rows for charge in trial.owed]
    attach_attempts(owed)
    _attach(_CHARGED, [item for trial in rows for item in trial.away], "charged", by="item")
    parcels = [parcel for trial in rows for parcel in trial.parcels_back]
    _attach(_WORDS, parcels, "words", by="shipment")


def attach_attempts(charges: Sequence[TrialCharge]) -> None:
    """Read when the cards of charges were asked: one statement, if there are any."""
    if charges:
        attach_by(charges, "attempts", _ATTEMPTS.rows(keys=[each.pk for each in charges]))


def _attach(query: PreparedQuery[Any], rows: list[Any], to: str, *, by: str) -> None:
    if rows:
        attach_lists(rows, to, query.rows(keys=[each.pk for each in rows]), by=by)


def _of(rows: QuerySet[Any], by: str = "trial_id") -> PreparedQuery[Any]:
    return PreparedQuery(lambda: rows.filter(AnyOf(F(by), Slot("keys"))))


_LISTS = {
    "away": _of(
        TrialItem.objects.filter(settled_at=None)
        .select_related("variant__frame")
        .only("trial", "price_currency", "price", *NAMED)
    ),
    "owed": _of(
        TrialCharge.objects.filter(state=TrialCharge.State.OWED).select_related(
            "item__variant__frame"
        )
    ),
    "written": _of(Notice.objects.all()),
    "sent_back": _of(TrialTransition.objects.filter(to_state=TrialState.RETURNING), "subject_id"),
    "parcels_back": _of(Shipment.objects.filter(leg=Leg.RETURN)),
    "said_sent": _of(CustomerReport.objects.filter(kind=ReportKind.SENT_BACK, withdrawn_at=None)),
}
BY = {"sent_back": "subject"}
_ATTEMPTS = _of(ChargeAttempt.objects.select_related("card"), "charge_id")
_CHARGED = _of(TrialCharge.objects.all(), "item_id")
_WORDS = _of(TrackingEvent.objects.all(), "shipment_id")
