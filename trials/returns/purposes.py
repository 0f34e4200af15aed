"""Tells payments what a frame that did not come back is, once, when the app is ready."""

from shop.payments.models import LedgerEntry
from shop.payments.purposes import register_purpose
from trials.returns.services.charging import (
    PURPOSE,
    charge_paid,
    charge_refused,
    charge_words,
)

register_purpose(
    PURPOSE,
    account=LedgerEntry.Account.UNRETURNED,
    on_succeeded=charge_paid,
    on_failed=charge_refused,
    words=charge_words,
)
