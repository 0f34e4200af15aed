"""Which parcels there are, and which have been silent for too long."""

import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import (
    Case,
    CharField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Greatest
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.keyset import KeysetPage, keyset_page
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.states import ItemOutcome, TrialState
from trials.shipping.carriers import carriers_that_tell
from trials.shipping.errors import ShipmentMissingError
from trials.shipping.models import Leg, RefundState, Shipment, ShipmentState

# The shop's own word for what carriers that tell nothing never told.
ASSUMED = "assumed-delivered"
ASK_AFTER = timedelta(hours=6)
ASKED_AT_ONCE = 200
# USPS takes at least 15 days to decide (https://docs.easypost.com/docs/refunds); what is still
# open long after that, nobody decides any more.
REFUND_ASKED_EVERY = timedelta(days=1)
REFUND_DECIDED_WITHIN = timedelta(days=90)
# While a return label may be on its way.
AT_HERS = (TrialState.DELIVERED, TrialState.RETURNING)
ASTRAY = frozenset({ShipmentState.FAILED, ShipmentState.SENT_BACK})
WITH_CARRIER = Q(state=ShipmentState.IN_TRANSIT) | Q(state=ShipmentState.LABELLED, leg=Leg.OUTBOUND)
# While the customer may need her return label; of a box that is received, where a frame is missing.
RETURN_LABEL_IN = frozenset(
    {TrialState.SHIPPED, TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED}
)


def shipments_of(trial: Trial) -> QuerySet[Shipment]:
    """Return a trial's parcels, outbound first and by number, with all a label shows."""
    return (
        Shipment.objects.filter(trial=trial)
        .select_related("trial__address", "trial__programme_version")
        .order_by("leg", "nth")
    )


def shipment_by_number(tracking_number: str) -> Shipment:
    """Return the parcel of a tracking number.

    Raises:
        ShipmentMissingError: no parcel has it.
    """
    number = "".join(tracking_number.split()).upper()
    shipment = _BY_NUMBER.first(number=number)
    if shipment is None:
        raise ShipmentMissingError(
            _("No parcel has the number %(number)s.") % {"number": number[:40]}
        )
    return shipment


_BY_NUMBER = PreparedQuery(
    lambda: Shipment.objects.select_related("trial").filter(tracking_number=Slot("number"))
)


def is_delivery_assumed(shipment: Shipment) -> bool:
    """Tell whether a parcel counts as delivered and no carrier ever said so.

    Args:
        shipment: its ``tracking`` may be prefetched.
    """
    said = [
        each.carrier_event_id
        for each in shipment.tracking.all()
        if each.status == ShipmentState.DELIVERED
    ]
    return said == [ASSUMED]


def label_to_use(trial: Trial) -> Shipment | None:
    """Return the label by which a customer sends what is with her: her latest, while she may.

    One whose parcel was opened at the shop is used up.
    """
    if trial.state not in RETURN_LABEL_IN:
        return None
    if trial.state == TrialState.RECEIVED and not trial.items.filter(settled_at=None).exists():
        return None
    labels = trial.shipments.filter(leg=Leg.RETURN, checked_in_at=None)
    return (
        labels.select_related("trial__address", "trial__programme_version").order_by("nth").last()
    )


def return_shipment_of(*, user: User, number: str) -> Shipment:
    """Return the parcel by which a customer sends her trial back.

    Raises:
        ShipmentMissingError: the trial is not hers, has no label yet or is back.
    """
    trial = Trial.objects.filter(user=user, number=number).first()
    shipment = label_to_use(trial) if trial else None
    if shipment is None:
        raise ShipmentMissingError(_("There is no return label for this trial."))
    return shipment


def trials_without_word(now: datetime) -> list[uuid.UUID]:
    """Return the trials on their way out for longer than their programme's ``shipping_days``.

    Left out are parcels of carriers that can be asked, those that could not be delivered, because
    somebody looks after them (``parcels_to_look_after``), and those whose customer misses them.

    Args:
        now: an aware time.
    """
    allowed = ExpressionWrapper(
        F("programme_version__shipping_days") * Value(timedelta(days=1)),
        output_field=DurationField(),
    )
    known = Shipment.objects.filter(trial=OuterRef("pk"), leg=Leg.OUTBOUND).filter(
        Q(carrier__in=carriers_that_tell()) | Q(state__in=ASTRAY)
    )
    silent = Trial.objects.filter(
        ~Exists(known),
        state=TrialState.SHIPPED,
        shipped_at__lt=Value(now) - allowed,
        missed_at=None,
    )
    return list(silent.order_by("shipped_at").values_list("pk", flat=True))


def parcels_to_ask(now: datetime) -> list[uuid.UUID]:
    """Return the parcels under way of which nothing was heard, and nobody asked, for six hours.

    Args:
        now: an aware time.

    Returns:
        At most 200, the longest silent first; the rest are asked after at the next turn.
    """
    out = Q(leg=Leg.OUTBOUND, trial__state__in=[TrialState.PACKED, TrialState.SHIPPED])
    returning = [TrialState.DELIVERED, TrialState.RETURNING, TrialState.RECEIVED]
    back = Q(leg=Leg.RETURN, trial__state__in=returning, checked_in_at=None)
    quiet = (
        Shipment.objects.filter(
            out | back,
            carrier__in=carriers_that_tell(),
            state__in=[ShipmentState.LABELLED, ShipmentState.IN_TRANSIT, ShipmentState.FAILED],
        )
        .annotate(last=Greatest(F("created_at"), F("heard_at"), F("asked_at")))
        .filter(last__lt=now - ASK_AFTER)
    )
    return list(quiet.order_by("last").values_list("pk", flat=True)[:ASKED_AT_ONCE])


def refunds_to_ask(now: datetime) -> list[uuid.UUID]:
    """Return the labels given back whose refund is not decided and nobody asked after for a day.

    Args:
        now: an aware time.

    Returns:
        At most 200, those never asked after first; none whose label is older than three months.
    """
    waiting = Shipment.objects.filter(
        Q(asked_at=None) | Q(asked_at__lt=now - REFUND_ASKED_EVERY),
        refund_state=RefundState.ASKED,
        created_at__gt=now - REFUND_DECIDED_WITHIN,
    ).order_by(F("asked_at").asc(nulls_first=True), "pk")
    return list(waiting.values_list("pk", flat=True)[:ASKED_AT_ONCE])


def labels_never_used(now: datetime) -> QuerySet[Shipment]:
    """Return the return labels of trials that are over, of which another one was used instead.

    Nothing can come by them any more: all of it came back, or what did not would now come too late.
    The one label of a trial is none of these: it was in the box, and may have been used unscanned.

    Args:
        now: an aware time.
    """
    several = Shipment.objects.filter(leg=Leg.RETURN, nth__gt=1)
    used = Shipment.objects.filter(trial=OuterRef("trial"), leg=Leg.RETURN).exclude(
        state=ShipmentState.LABELLED, checked_in_at=None
    )
    missing = TrialItem.objects.filter(
        trial=OuterRef("trial"), outcome__in=[ItemOutcome.LOST, ItemOutcome.KEPT]
    )
    taken_back = ExpressionWrapper(
        F("trial__programme_version__late_return_days") * Value(timedelta(days=1)),
        output_field=DurationField(),
    )
    return Shipment.objects.filter(
        Exists(used) | Q(nth__gt=1),
        ~Exists(missing) | Q(trial__closed_at__lt=Value(now) - taken_back),
        trial_id__in=several.values("trial_id"),
        leg=Leg.RETURN,
        state=ShipmentState.LABELLED,
        checked_in_at=None,
        unused_at=None,
        trial__state=TrialState.CLOSED,
    )


def parcels_to_look_after(now: datetime) -> QuerySet[Shipment]:
    """Return the parcels that somebody must see to, the oldest first, each with ``why``.

    That is ``failed`` or ``sent_back``, out or back, while the box has not come back, or has come
    back undelivered and not whole; or ``silent``: under way, and nothing heard for
    ``PARCEL_SILENT_DAYS`` days. Of a trial that is over those that may hold what was charged.

    Args:
        now: an aware time.
    """
    return astray_or_silent(silent_since(now)).prefetch_related("trial__user")


def parcels_to_look_after_page(now: datetime, asked: Mapping[str, str], *, size: int) -> KeysetPage:
    """Return a page of ``parcels_to_look_after``.

    Args:
        now: an aware time.
        asked: the page that is asked for, as of ``keyset_page``.
        size: how many parcels at most.
    """
    return keyset_page(astray_or_silent(silent_since(now)), asked=asked, size=size, whole=_SHOWN)


def silent_since(now: datetime) -> datetime:
    """Return the moment since which nothing may have been heard of a parcel that counts as silent.

    Args:
        now: an aware time.
    """
    return now - timedelta(days=settings.PARCEL_SILENT_DAYS)


def may_be_astray(long_ago: datetime | Slot) -> QuerySet[Shipment]:
    """Return those of which ``astray_or_silent`` looks at the trials, by their own rows alone.

    Args:
        long_ago: as of ``astray_or_silent``.
    """
    heard = Shipment.objects.alias(heard=Greatest(F("created_at"), F("heard_at")))
    return heard.filter(Q(state__in=ASTRAY) | WITH_CARRIER & Q(heard__lt=long_ago))


def astray_or_silent(long_ago: datetime | Slot) -> QuerySet[Shipment]:
    """Return what ``parcels_to_look_after`` does, without customers.

    Args:
        long_ago: as ``silent_since`` returns it, or where that is to be filled in.
    """
    under_way = [TrialState.SHIPPED, TrialState.RETURNING]
    never_scanned = Q(leg=Leg.OUTBOUND, trial__state=TrialState.SHIPPED)
    on_its_way = Q(state=ShipmentState.IN_TRANSIT, trial__state__in=under_way) | Q(
        state=ShipmentState.IN_TRANSIT,
        leg=Leg.RETURN,
        trial__state=TrialState.RECEIVED,
        checked_in_at=None,
    )
    # What is lost of it is to be claimed, and she may get her money back.
    charged = Q(may_hold_charged=True, checked_in_at=None)
    # Opened, and a frame was not in it: it never was at hers, so that nobody is asked for it.
    lacks = Q(state=ShipmentState.SENT_BACK, trial__state=TrialState.RECEIVED) & Q(
        leg=Leg.OUTBOUND, trial__away_value__gt=0
    )
    astray = (
        lacks
        | charged
        | Q(leg=Leg.OUTBOUND, trial__state__in=under_way)
        | Q(leg=Leg.RETURN, checked_in_at=None, trial__state__in=[*AT_HERS, TrialState.RECEIVED])
    )
    # What its own row tells of a parcel is said first: that alone is found by an index.
    long_silent = WITH_CARRIER & Q(heard__lt=long_ago, last__lt=long_ago)
    silent = long_silent & (never_scanned | on_its_way | charged)
    return (
        _with_why()
        .filter(Q(astray, state__in=ASTRAY) | silent)
        # Customers are read of the rows of a page alone: a join would look up everybody who waits
        # before sorting.
        .select_related("trial")
        .order_by("last", "pk")
    )


def _with_why() -> QuerySet[Any]:
    return Shipment.objects.annotate(
        heard=Greatest(F("created_at"), F("heard_at")),
        last=Greatest(F("created_at"), F("heard_at"), F("trial__shipped_at")),
        why=Case(
            When(state__in=ASTRAY, then=F("state")),
            default=Value("silent"),
            output_field=CharField(),
        ),
    )


# What a list shows of them; with the whole trials, fifty parcels are five thousand values.
SHOWN = (
    *("state", "leg", "tracking_number", "carrier", "service"),
    *("trial", "trial__number", "trial__user__name", "trial__user__email"),
)
_SHOWN = PreparedQuery(
    lambda: (
        _with_why()
        .filter(AnyOf(F("pk"), Slot("keys")))
        .select_related("trial__user")
        .only(*SHOWN)
        .order_by()
    )
)
