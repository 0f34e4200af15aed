"""Claims, the parcels that were lost, and those of which nobody has heard for too long."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models import (
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.utils.translation import gettext as _

from shop.foundation.keyset import KeysetPage, keyset_page
from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from trials.claims.errors import ClaimMissingError
from trials.claims.models import Claim, ClaimTransition
from trials.claims.states import ClaimState
from trials.shipping.models import Shipment
from trials.shipping.queries import astray_or_silent, parcels_to_look_after, silent_since
from trials.units.barcodes import normalised

# Of the parcels nobody hears of, so many stand above the claims; the queue has them all.
SHOWN_SILENT = 8


def claims_with_trials() -> QuerySet[Claim]:
    """Return all claims with what a list shows, ``filed_at`` with it, the most urgent first."""
    filed = ClaimTransition.objects.filter(subject=OuterRef("pk"), to_state=ClaimState.FILED)
    claims = Claim.objects.select_related("shipment__trial__user", "opened_by")
    # A refused claim may be filed again: the latest counts.
    return claims.annotate(filed_at=Subquery(filed.order_by("-at").values("at")[:1])).order_by(
        "due_on", "pk"
    )


def claims_to_see_to() -> QuerySet[Claim]:
    """Return the claims that are to be filed, and those whose parcel turned up: ``waiting``."""
    return Claim.objects.filter(_matching("waiting"))


def claims_matching(state: str) -> QuerySet[Claim]:
    """Return claims of one state, those somebody has to act upon, or all.

    Args:
        state: one of ``ClaimState``, ``waiting`` (to be filed, or turned up), ``turned_up`` (filed
            or paid, and the parcel came all the same), or anything else for all.
    """
    return claims_with_trials().filter(_matching(state))


def claims_page(state: str, asked: Mapping[str, str], *, size: int) -> KeysetPage:
    """Return a page of ``claims_matching``.

    Args:
        state: as there.
        asked: the page that is asked for, as of ``keyset_page``.
        size: how many claims at most.
    """
    claims = Claim.objects.filter(_matching(state)).order_by("due_on", "pk")
    return keyset_page(claims, asked=asked, size=size, whole=_SHOWN)


def _matching(state: str) -> Q:
    turned_up = Q(state__in=[ClaimState.FILED, ClaimState.PAID], turned_up_at__isnull=False)
    if state == "waiting":
        return Q(state=ClaimState.OPEN) | turned_up
    if state == "turned_up":
        return turned_up
    return Q(state=state) if state in ClaimState.values else Q()


# What a list shows; with the whole of parcels, trials and people it is five times as much.
SHOWN = (
    *("carrier", "state", "amount", "amount_currency", "paid", "paid_currency", "reference"),
    *("reason", "due_on", "turned_up_at", "shipment__tracking_number", "shipment__leg"),
    *("shipment__trial__number", "shipment__trial__user__name", "shipment__trial__user__email"),
)


def _shown() -> QuerySet[Claim]:
    claims = claims_with_trials().select_related(None).select_related("shipment__trial__user")
    return claims.only(*SHOWN).order_by()


_SHOWN = PreparedQuery(lambda: _shown().filter(AnyOf(F("pk"), Slot("keys"))))
_OF_NUMBER = PreparedQuery(lambda: _shown().filter(shipment__tracking_number=Slot("number")))


def claim_of_parcel(tracking_number: str) -> Claim:
    """Return the claim for a parcel with what a list shows, ``filed_at`` with it: one query.

    Args:
        tracking_number: as a scanner or a tired hand typed it.

    Raises:
        ClaimMissingError: no parcel of that number was given up.
    """
    claim = _OF_NUMBER.first(number=normalised(tracking_number))
    if claim is None:
        raise ClaimMissingError(_("There is no such claim."))
    return claim


def claim_by_id(claim_id: uuid.UUID) -> Claim:
    """Return one claim, with its parcel, trial and customer.

    Raises:
        ClaimMissingError: there is none.
    """
    claim = claims_with_trials().filter(pk=claim_id).first()
    if claim is None:
        raise ClaimMissingError(_("There is no such claim."))
    return claim


def moves_of_claims(claim_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ClaimTransition]]:
    """Return the moves of some claims, the earliest first, with who made them: one query.

    Args:
        claim_ids: those without a move are not in what is returned.
    """
    moves: dict[uuid.UUID, list[ClaimTransition]] = {}
    for each in _MOVES.rows(claims=list(claim_ids)):
        moves.setdefault(each.subject_id, []).append(each)
    return moves


_MOVES = PreparedQuery(
    lambda: (
        ClaimTransition.objects.select_related("actor")
        .filter(AnyOf(F("subject_id"), Slot("claims")))
        .order_by("pk")
    )
)


def parcels_to_give_up(now: datetime) -> QuerySet[Shipment]:
    """Return the parcels that somebody must see to and nobody has given up, the oldest first.

    Args:
        now: an aware time.
    """
    return parcels_to_look_after(now).filter(~Exists(_OF_PARCEL))


def oldest_to_give_up(now: datetime) -> list[Shipment]:
    """Return the first of ``parcels_to_give_up``, with trials and customers, as a page shows them.

    Args:
        now: an aware time.
    """
    found = _OLDEST.rows(silent_since=silent_since(now))
    prefetch_related_objects(found, "trial__user")
    return found


_OF_PARCEL = Claim.objects.filter(shipment=OuterRef("pk"))
_OLDEST = PreparedQuery(
    lambda: astray_or_silent(Slot("silent_since")).filter(~Exists(_OF_PARCEL))[:SHOWN_SILENT]
)
