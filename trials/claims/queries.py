"""Claims, the parcels that were lost, and those of which nobody has heard for too long."""

import uuid
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from trials.claims.errors import ClaimMissingError
from trials.claims.models import Claim
from trials.claims.states import WAITING, ClaimState
from trials.shipping.models import Shipment
from trials.shipping.queries import parcels_to_look_after


def claims_with_trials() -> QuerySet[Claim]:
    """Return all claims with what a list shows, the most urgent first."""
    return Claim.objects.select_related("shipment__trial__user", "opened_by").order_by(
        "due_on", "pk"
    )


def claims_matching(state: str) -> QuerySet[Claim]:
    """Return claims of one state, those somebody has to act upon, or all.

    Args:
        state: one of ``ClaimState``, ``waiting``, or anything else for all.
    """
    claims = claims_with_trials()
    if state == "waiting":
        found = Q(state__in=WAITING) | Q(state=ClaimState.PAID, turned_up_at__isnull=False)
        return claims.filter(found)
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
