"""What the page of a trial shows of what its customer can do, worked out in Python."""

import uuid
from typing import Any

import segno
from django.utils import timezone
from django.utils.safestring import mark_safe

from trials.evidence.queries import evidence_of
from trials.evidence.services import MOST_PHOTOS
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.programme.models import Mode
from trials.reports.missed_boxes import missed_from
from trials.reports.models import ReportKind
from trials.reports.queries import reports_of
from trials.reports.services import BEFORE_RETURN, WITH_HER, why_sent_back_stands
from trials.shipping.forms import REASONS
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.queries import label_to_use
from trials.shipping.services.return_labels import SENDS_IN, labels_left


def acts_of(trial: Trial) -> dict[str, Any]:
    """Return what a customer told of her frames and what she can do with each: seven queries.

    Two more where she said that she has sent it back.

    Args:
        trial: hers, with its terms.
    """
    told = {(each.item_id, each.kind): each for each in reports_of([trial.pk])}
    sent_back = told.get((None, ReportKind.SENT_BACK))
    photos = evidence_of([trial.pk])
    items = trial.items.select_related("variant__frame").order_by("variant_id")
    at_home = [item for item in items if item.settled_at is None]
    with_her = trial.state in WITH_HER and not trial.is_missed and not trial.never_arrived
    parcel = label_to_use(trial)
    labels = []
    if trial.state in SENDS_IN and at_home and not trial.is_missed:
        labels = list(trial.shipments.filter(leg=Leg.RETURN).order_by("nth"))
    return {
        "number": trial.number,
        "keeps": trial.programme_version.mode == Mode.KEEP_AND_PAY,
        "breaks": trial.state in WITH_HER - {TrialState.RECEIVED},
        "undelivered": _undelivered(trial),
        "missed": told.get((None, ReportKind.NEVER_CAME)),
        "may_miss": _may_miss(trial, bool(told)),
        "may_send": trial.state in BEFORE_RETURN and not trial.is_missed,
        "sent_back": sent_back,
        "may_undo_sent": sent_back is not None and not why_sent_back_stands(trial),
        "return_parcel": parcel,
        "code": drop_off_code(parcel.tracking_number) if parcel else "",
        "next_label": labels[-1].nth + 1 if labels and labels_left(trial, labels) > 0 else None,
        "label_reasons": REASONS,
        "photos": photos,
        "frames": [
            {
                "item": item,
                "keeping": told.get((item.pk, ReportKind.KEEPING)),
                "broken": told.get((item.pk, ReportKind.BROKEN)),
                "photos": photos.get(item.pk, []),
                "room": len(photos.get(item.pk, [])) < MOST_PHOTOS,
            }
            for item in (at_home if with_her else [])
        ],
    }


def takes_broken(trial: Trial, item_id: uuid.UUID) -> bool:
    """Tell whether a trial's page has the form by which a frame is told to have arrived broken."""
    acts = acts_of(trial)
    frames = (each for each in acts["frames"] if each["item"].pk == item_id)
    return acts["breaks"] and any(each["broken"] is None for each in frames)


def _undelivered(trial: Trial) -> Shipment | None:
    """Return the parcel of a box on its way that its carrier could not deliver so far."""
    if trial.state != TrialState.SHIPPED:
        return None
    return trial.shipments.filter(leg=Leg.OUTBOUND, state=ShipmentState.FAILED).first()


def _may_miss(trial: Trial, told: bool) -> bool:
    since = missed_from(trial)
    return since is not None and since <= timezone.now() and not told


def drop_off_code(tracking_number: str) -> str:
    """Return the QR code that a drop-off point scans in place of a printed label, as SVG.

    Args:
        tracking_number: what it says; nothing else is in it.
    """
    code = segno.make_qr(tracking_number, error="m")
    return mark_safe(code.svg_inline(scale=6, border=4, svgclass=None, lineclass=None))  # noqa: S308
