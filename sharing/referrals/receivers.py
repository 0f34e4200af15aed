"""At sign-up and log-in, by page or API, a carried claim is made good."""

from typing import Any

from allauth.account.signals import user_logged_in, user_signed_up
from django.dispatch import receiver
from django.http import HttpRequest

from sharing.referrals.browsers import browser_hash, note_browser
from sharing.referrals.claims import carried_claim
from sharing.referrals.services.claiming import join_referral
from shop.customers.models import User


@receiver(user_signed_up, dispatch_uid="sharing.referrals.signed_up")
@receiver(user_logged_in, dispatch_uid="sharing.referrals.logged_in")
def join(request: HttpRequest | None, user: User, **kwargs: Any) -> None:
    """Join the friend who has just come in; a second signal of one sign-up changes nothing."""
    if request is None:
        return
    seen_in = browser_hash(request)
    note_browser(user=user, seen_in=seen_in)
    claim = carried_claim(request)
    if claim is not None:
        join_referral(user=user, referral_id=claim, browser_hash=seen_in)
