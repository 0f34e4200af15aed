"""Charges and damage as lists show them, and how payments stand."""

from collections.abc import Iterable

from django.db.models import F

from shop.foundation.postgres.queries import AnyOf, PreparedQuery, Slot
from shop.payments.models import Payment
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import FurtherObjection
from trials.returns.queries.charges import charges_with_trials
from trials.returns.queries.damage import OBJECTED_AT, proposals_with_trials
from trials.returns.services.making import PURPOSES

# What a list shows of fifty rows and what hangs on them, which with all of their columns are ten
# thousand values.
_NAMES = ("name", "email")
_VARIANT = ("variant__frame__name", "variant__colour", "variant__size")
OF_A_PROPOSAL = (
    *("state", "amount", "amount_currency", "by_terms", "by_terms_currency", "told_broken"),
    *("reason", "objection", "proposed_at", "answer_until", "inspection__finding"),
    *("inspection__note", "inspection__unit__barcode", "inspection__item__trial__number"),
    *("inspection__item__price", "inspection__item__price_currency"),
    *(f"inspection__item__{each}" for each in _VARIANT),
    *(f"inspection__item__trial__user__{each}" for each in _NAMES),
    *(f"inspection__inspected_by__{each}" for each in _NAMES),
    *(f"decided_by__{each}" for each in _NAMES),
)
OF_A_CHARGE = (
    *("purpose", "state", "reason", "created_at", "amount", "amount_currency", "refunded"),
    *("refunded_currency", "from_deposit", "from_deposit_currency", "trial__number"),
    *(f"trial__user__{each}" for each in _NAMES),
    *(f"item__{each}" for each in _VARIANT),
    "item__unit__barcode",
    *(f"settled_by__{each}" for each in _NAMES),
)
PROPOSALS = PreparedQuery(
    lambda: (
        proposals_with_trials()
        .only(*OF_A_PROPOSAL)
        .annotate(objected_at=OBJECTED_AT)
        .filter(AnyOf(F("pk"), Slot("keys")))
    )
)
FURTHER = PreparedQuery(
    lambda: FurtherObjection.objects.filter(AnyOf(F("proposal_id"), Slot("proposals")))
)
CHARGES = PreparedQuery(
    lambda: charges_with_trials().only(*OF_A_CHARGE).filter(AnyOf(F("pk"), Slot("keys")))
)


def payments_of(charges: Iterable[TrialCharge]) -> dict[str, Payment]:
    """Return the latest payment of each charge by the charge's id, in one query."""
    payments = Payment.objects.filter(
        purpose__in=PURPOSES.values(), reference__in=[str(charge.pk) for charge in charges]
    )
    return {payment.reference: payment for payment in payments.order_by("created_at")}
