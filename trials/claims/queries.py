"""Claims, the parcels that were lost, and those of which nobody has heard for too long."""

import uuid
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from trials.claims.errors import ClaimMissingError
from trials.claims.models import Claim, ClaimTransition
from trials.claims.states import ClaimState
from trials.shipping.models import Shipment
from trials.shipping.queries import parcels_to_look_after


def claims_with_trials() -> QuerySet[Claim]:
    """Return all claims with what a list shows, ``filed_at`` with it, the most urgent first."""
    filed = ClaimTransition.objects.filter(subject=OuterRef("pk"), to_state=ClaimState.FILED)
    claims = Claim.objects.select_related("shipment__trial__user", "opened_by")
    # A refused claim may be filed again: the latest counts.
    return claims.annotate(filed_at=Subquery(filed.order_by("-at").values("at")[:1])).order_by(
        "due_on", "pk"
    )


def claims_to_file() -> QuerySet[Claim]:
    """Return the claims that somebody here has to send to the carrier."""
    return Claim.objects.filter(state=ClaimState.OPEN)


def claims_matching(state: str) -> QuerySet[Claim]:
    """Return claims of one state, those somebody has to act upon, or all.

    Args:
        state: one of ``ClaimState``, ``waiting`` (to be filed, or turned up), ``turned_up`` (paid,
            and the parcel came all the same), or anything else for all.
    """
    claims = claims_with_trials()
    turned_up = Q(state=ClaimState.PAID, turned_up_at__isnull=False)
    if state == "waiting":
        return claims.filter(Q(state=ClaimState.OPEN) | turned_up)
    if state == "turned_up":
        return claims.filter(turned_up)
    return claims.filter(state=state) if state in ClaimState.values else claims


def claim_by_id(claim_id: uuid.UUID) -> Claim:
    """Return one claim with what its page shows.

    Raises:
        ClaimMissingError: there is none.
    """
    claim = claims_with_trials().filter(pk=claim_id).first()
    if claim is None:
        raise ClaimMissingError(_("There is no such claim."))
    return claim


def parcels_to_give_up(now: datetime) -> QuerySet[Shipment]:
    """Return the parcels that somebody must see to and nobody has given up, the oldest first.

    Args:
        now: an aware time.
    """
    given_up = Claim.objects.filter(shipment=OuterRef("pk"))
    return parcels_to_look_after(now).filter(~Exists(given_up))
