"""What beat asks for, how often in seconds. What is due stands in PostgreSQL; this only rings.

Nothing waits longer than an hour: a beat that is started anew without its file waits a whole
interval before it rings, and where a shop is deployed every day, one of a day would never end.
"""

from typing import Any

BEAT_SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox-sweep": {"task": "shop.foundation.sweep_outbox", "schedule": 5.0},
    "outbox-forget": {"task": "shop.foundation.forget", "schedule": 3600.0},
    "events-partitions": {"task": "shop.analytics.ensure_partitions", "schedule": 3600.0},
    "messages-waiting": {"task": "shop.messages.send_waiting", "schedule": 60.0},
    "votes-tell-owners": {"task": "sharing.votes.tell_owners", "schedule": 60.0},
    "payments-reconcile": {"task": "shop.payments.reconcile", "schedule": 60.0},
    "payments-sweep-stripe": {"task": "shop.payments.sweep_stripe", "schedule": 3600.0},
    "holds-sweep": {"task": "shop.holds.sweep", "schedule": 60.0},
    "orders-expire": {"task": "shop.orders.expire_unpaid", "schedule": 60.0},
    "privacy-expire": {"task": "sharing.privacy.expire", "schedule": 900.0},
    "trials-unpaid": {"task": "trials.home_trials.cancel_unpaid", "schedule": 60.0},
    "trials-at-home": {"task": "trials.at_home.remind", "schedule": 60.0},
    "trials-remind": {"task": "trials.returns.remind_overdue", "schedule": 60.0},
    "trials-due": {"task": "trials.returns.charge_overdue", "schedule": 60.0},
    "trials-ask-again": {"task": "trials.returns.ask_again_due", "schedule": 60.0},
    "trials-damage-due": {"task": "trials.returns.charge_damage", "schedule": 300.0},
    "trials-paid-told": {"task": "trials.returns.tell_paid_due", "schedule": 60.0},
    "trials-kept-due": {"task": "trials.returns.charge_kept_frames", "schedule": 60.0},
    "evidence-erase": {"task": "trials.evidence.erase_old", "schedule": 3600.0},
    "referrals-settle": {"task": "sharing.referrals.settle", "schedule": 60.0},
    "referrals-settle-all": {"task": "sharing.referrals.settle_all", "schedule": 3600.0},
    "photos-sweep-uploads": {"task": "sharing.photos.sweep_uploads", "schedule": 60.0},
    "galleries-due": {"task": "sharing.galleries.close_due", "schedule": 60.0},
    "votes-forget": {"task": "sharing.votes.forget_addresses", "schedule": 3600.0},
    "loved-count": {"task": "sharing.loved.count", "schedule": 3600.0},
    "economics-keep": {"task": "trials.economics.keep", "schedule": 3600.0},
    "planning-keep": {"task": "trials.planning.keep", "schedule": 3600.0},
    "units-turnaround": {"task": "trials.units.measure_turnaround", "schedule": 3600.0},
    "units-promises": {"task": "trials.units.keep_promises", "schedule": 60.0},
    "trials-tracking": {"task": "trials.shipping.poll_tracking", "schedule": 60.0},
}
