"""A trial with all that hangs on it, read by statements that stay prepared."""

from typing import Any

from django.db.models import F, Model, QuerySet

from shop.foundation.postgres.attaching import attach, attach_by
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.at_home.models import Extension
from trials.home_trials.models import Trial, TrialItem, TrialTransition
from trials.reports.models import CustomerReport
from trials.returns.models.charges import ChargeAttempt, ChargeTransition, TrialCharge
from trials.shipping.models import Shipment, TrackingEvent


def whole_trial(number: str) -> Trial | None:
    """Return a trial with all that its page shows, in ten queries at most, whatever it holds.

    Its items, charges, reports, parcels, moves and extensions are at hand, and so is what hangs on
    its charges and parcels.

    Args:
        number: a trial's; nothing is returned where there is none of it.
    """
    trial = _TRIAL.first(number=number)
    if trial is None:
        return None
    for name, query in _PARTS.items():
        attach(trial, name, query.rows(trial=trial.pk))
    charges, parcels = list(trial.charges.all()), list(trial.shipments.all())
    if charges:
        keys = [each.pk for each in charges]
        attach_by(charges, "transitions", _CHARGE_MOVES.rows(charges=keys))
        attach_by(charges, "attempts", _ATTEMPTS.rows(charges=keys))
    if parcels:
        told = _TOLD.rows(parcels=[each.pk for each in parcels])
        attach_by(parcels, "tracking", told)
    return trial


def _of_trial(rows: QuerySet[Any], *related: str, by: str = "trial_id") -> PreparedQuery[Any]:
    return PreparedQuery(lambda: rows.select_related(*related).filter(**{by: Slot("trial")}))


def _of(rows: QuerySet[Any], by: str, slot: str) -> PreparedQuery[Any]:
    return PreparedQuery(lambda: rows.filter(AnyOf(F(by), Slot(slot))))


_TRIAL = PreparedQuery(
    lambda: (
        Trial.objects.select_related(
            *("user", "address", "card", "programme_version__programme"),
            *("risk_decision", "second_look__followed_by"),
        )
        .filter(number=Slot("number"))
        .order_by()
    )
)
_PARTS: dict[str, PreparedQuery[Model]] = {
    "items": _of_trial(
        TrialItem.objects.order_by("pk"), "variant__frame", "unit", "inspection__proposal"
    ),
    "charges": _of_trial(TrialCharge.objects.order_by("created_at"), "item__variant__frame"),
    "reports": _of_trial(CustomerReport.objects.all(), "item__variant__frame"),
    "shipments": _of_trial(Shipment.objects.order_by("leg", "nth"), "labelled_by", "claim"),
    "transitions": _of_trial(TrialTransition.objects.all(), "actor", by="subject_id"),
    "extensions": _of_trial(Extension.objects.all(), "created_by"),
}
_CHARGE_MOVES = _of(ChargeTransition.objects.select_related("actor"), "subject_id", "charges")
_ATTEMPTS = _of(ChargeAttempt.objects.select_related("card"), "charge_id", "charges")
_TOLD = _of(TrackingEvent.objects.order_by("occurred_at", "pk"), "shipment_id", "parcels")
