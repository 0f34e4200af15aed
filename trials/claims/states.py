"""The states of a claim and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ClaimState(models.TextChoices):
    """How far a claim is."""

    OPEN = "open", _("To be filed")
    FILED = "filed", _("Filed")
    PAID = "paid", _("Paid by the carrier")
    REFUSED = "refused", _("Refused by the carrier")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    GIVEN_BACK = "given_back", _("Given back to the carrier")


MOVES = {
    ClaimState.OPEN: frozenset({ClaimState.FILED, ClaimState.WITHDRAWN}),
    ClaimState.FILED: frozenset({ClaimState.PAID, ClaimState.REFUSED, ClaimState.WITHDRAWN}),
    # A further payment, or an amount put right; and where the parcel came all the same, or the
    # carrier had paid in error, what is given back.
    ClaimState.PAID: frozenset({ClaimState.PAID, ClaimState.GIVEN_BACK}),
    # A refusal may be contested.
    ClaimState.REFUSED: frozenset({ClaimState.FILED, ClaimState.WITHDRAWN}),
}
