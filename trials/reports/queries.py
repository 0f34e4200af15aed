"""What customers told, for her page and for those who answer."""

import uuid
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, PreparedValues, Slot
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.errors import ReportMissingError
from trials.reports.models import CustomerReport, Decision, ReportKind
from trials.shipping.models import Leg, Shipment


def reports_of(trial_ids: Iterable[uuid.UUID]) -> QuerySet[CustomerReport]:
    """Return what was told of trials and not taken back, oldest first."""
    return CustomerReport.objects.filter(trial_id__in=list(trial_ids), withdrawn_at=None)


def broken_reports(*, decided: bool) -> QuerySet[CustomerReport]:
    """Return the frames that arrived broken, with what a list shows: oldest first.

    Args:
        decided: those the shop has answered; else those that wait.
    """
    reports = CustomerReport.objects.filter(kind=ReportKind.BROKEN, withdrawn_at=None)
    reports = reports.exclude(decision="") if decided else reports.filter(decision="")
    return _with_what_broke(reports).order_by("told_at", "pk")


def _with_what_broke(reports: QuerySet[CustomerReport]) -> QuerySet[CustomerReport]:
    return reports.select_related("trial__user", "item__variant__frame", "item__unit", "decided_by")


# Some of them, by their keys, with what a list shows.
BROKEN = PreparedQuery(
    lambda: _with_what_broke(CustomerReport.objects.filter(AnyOf(F("pk"), Slot("keys"))))
)


def boxes_that_never_came(*, decided: bool) -> QuerySet[CustomerReport]:
    """Return the boxes that customers miss, with what a list shows: oldest first.

    Args:
        decided: those that were answered or given up; else those that wait.
    """
    reports = CustomerReport.objects.filter(kind=ReportKind.NEVER_CAME, withdrawn_at=None)
    if decided:
        reports = reports.exclude(decision="")
    else:
        # What is on its way back has come to her.
        still = Q(trial__state__in=(TrialState.SHIPPED, TrialState.DELIVERED))
        # Paid by a card that was asked before she said so, it is over, and she is not answered.
        paid = TrialItem.objects.filter(trial=OuterRef("trial"), outcome=ItemOutcome.KEPT)
        still |= Q(Exists(paid), trial__state=TrialState.CLOSED)
        reports = reports.filter(still, decision="")
    parcels = Shipment.objects.filter(leg=Leg.OUTBOUND).prefetch_related("tracking")
    return (
        reports.select_related("trial__user", "decided_by")
        .prefetch_related(Prefetch("trial__shipments", queryset=parcels, to_attr="parcels_out"))
        .order_by("told_at", "pk")
    )


def report_by_id(report_id: uuid.UUID) -> CustomerReport:
    """Return a frame that arrived broken, as a list shows it.

    Raises:
        ReportMissingError: there is none.
    """
    reports = CustomerReport.objects.filter(pk=report_id, kind=ReportKind.BROKEN)
    found = reports.select_related("trial__user", "item__variant__frame", "item__unit").first()
    if found is None:
        raise ReportMissingError(_("There is no such report."))
    return found


def told_broken(item: TrialItem) -> CustomerReport | None:
    """Return that a frame arrived broken, if its customer said so before it came back."""
    reports = CustomerReport.objects.filter(
        item=item, kind=ReportKind.BROKEN, withdrawn_at=None
    ).exclude(decision=Decision.REFUSED)
    return reports.first()


def is_said_sent(trial: Trial) -> bool:
    """Tell whether a customer says that she has sent her box back."""
    return bool(_SAID_SENT.rows(trial=trial.pk))


def _said_sent() -> QuerySet[CustomerReport, Any]:
    said = CustomerReport.objects.filter(
        trial_id=Slot("trial"), kind=ReportKind.SENT_BACK, withdrawn_at=None
    )
    return said.order_by().values_list("pk")[:1]


_SAID_SENT = PreparedValues(_said_sent)


def keeping_ids(item_ids: Iterable[uuid.UUID]) -> set[uuid.UUID]:
    """Return those of some frames that their customers keep."""
    told = CustomerReport.objects.filter(
        item_id__in=list(item_ids), kind=ReportKind.KEEPING, withdrawn_at=None
    )
    return {pk for pk in told.values_list("item_id", flat=True) if pk is not None}
