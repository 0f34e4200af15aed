"""Tells payments what charges of trials are, once, when the app is ready."""

from shop.payments.purposes import register_purpose
from trials.returns.services.making import ACCOUNTS, PURPOSES
from trials.returns.services.paying import (
    charge_owed,
    charge_paid,
    charge_refused,
    charge_tax,
    charge_words,
    note_link_opened,
)
from trials.returns.services.refunding import charge_refund_failed, charge_refunded

for purpose, name in PURPOSES.items():
    register_purpose(
        name,
        account=ACCOUNTS[purpose],
        on_succeeded=charge_paid,
        on_failed=charge_refused,
        on_refunded=charge_refunded,
        on_refund_failed=charge_refund_failed,
        on_link_opened=note_link_opened,
        words=charge_words,
        tax=charge_tax,
        is_owed=charge_owed,
    )
