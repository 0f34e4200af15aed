"""Showing messages in browsers whose owner asked for it."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.errors import ConflictError, GatewayError, InvalidError, MissingError
from shop.foundation.locks import lock_row
from shop.foundation.outbox import publish
from shop.foundation.remote import Judge, NotPublicError, ask, is_public
from shop.messages.models import MessageItem, PushSubscription
from shop.messages.web_push import encrypted, headers_for, is_browser_key, packed

logger = structlog.get_logger(__name__)

BROWSERS_A_PERSON = 10
# What happened yesterday is in the mail; a browser switched on today need not ring of it.
SHOWN_WITHIN = timedelta(hours=12)
LONGEST_TITLE, LONGEST_BODY = 120, 300
ANSWER_BYTES = 1024
GONE = (404, 410)
TAKEN = (200, 201, 202, 204)


class PushOffError(ConflictError):
    """This shop has no key for web push."""

    code = "push_off"


class BrowserInvalidError(InvalidError):
    """What was sent is no subscription of a browser."""

    code = "browser_invalid"


class BrowserMissingError(MissingError):
    """There is no such browser, or it is somebody else's."""


class PushNotTakenError(GatewayError):
    """A push service did not take a message now; the outbox tries again."""

    code = "push_not_taken"


@transaction.atomic
def add_browser(*, user: User, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """Show messages in a browser from now on; one known already becomes hers.

    Args:
        user: who asked for it, in that browser.
        endpoint: the browser's address at its service, https.
        p256dh: its public key, base64url.
        auth: its secret, base64url.

    Raises:
        PushOffError: the shop has no key.
        BrowserInvalidError: the address or a key is none.
    """
    if not settings.VAPID_PRIVATE_KEY:
        raise PushOffError(_("This shop sends no notifications to browsers."))
    parts = urlsplit(endpoint)
    if parts.scheme != "https" or not parts.hostname or parts.username:
        raise BrowserInvalidError(_("This browser gave no address that could be used."))
    if not is_browser_key(p256dh, auth):
        raise BrowserInvalidError(_("This browser gave no key that could be used."))
    lock_row(User, user.pk)
    subscription, _new = PushSubscription.objects.update_or_create(
        endpoint_hash=hashlib.sha256(endpoint.encode()).hexdigest(),
        defaults={"user": user, "endpoint": endpoint, "p256dh": p256dh, "auth": auth},
    )
    mine = PushSubscription.objects.filter(user=user).order_by("-pk")
    PushSubscription.objects.filter(
        pk__in=list(mine.values_list("pk", flat=True)[BROWSERS_A_PERSON:])
    ).delete()
    return subscription


@transaction.atomic
def remove_browser(*, user: User, subscription_id: int) -> None:
    """Show messages in a browser no more.

    Raises:
        BrowserMissingError: it is not hers, or was removed before.
    """
    gone, _each = PushSubscription.objects.filter(pk=subscription_id, user=user).delete()
    if not gone:
        raise BrowserMissingError(_("This browser shows nothing of ours any more."))


def publish_push(item: MessageItem, *, title: str, context: dict[str, Any]) -> None:
    """Queue a message for each browser of its person, in this transaction.

    Args:
        item: of an optional topic, with its user.
        title: the subject of its mail.
        context: of its sentence, with ``path``; the reader's language is active.
    """
    browsers = list(PushSubscription.objects.filter(user=item.user).values_list("pk", flat=True))
    if not browsers:
        return
    body = render_to_string(f"mail/lines/{item.template}.txt", {"count": 1, **context}).strip()
    said = {
        "title": title[:LONGEST_TITLE],
        "body": body[:LONGEST_BODY],
        "path": context["path"],
        "tag": str(item.pk),
    }
    until = (timezone.now() + SHOWN_WITHIN).isoformat()
    for browser in browsers:
        publish("messages.push", {"browser": browser, "said": said, "until": until})


def send_push(
    *, browser: int, said: dict[str, Any], until: datetime, may_ask: Judge = is_public
) -> bool:
    """Hand one message to a browser's push service; outside any transaction.

    Args:
        browser: the subscription's id.
        said: what the service worker shows.
        until: from then on it is dropped.
        may_ask: judges the addresses the service's host resolves to.

    Returns:
        Whether the service took it.

    Raises:
        PushNotTakenError: it is busy or away.
        NotAnsweredError: it cannot be reached.
    """
    subscription = PushSubscription.objects.filter(pk=browser).first()
    left = int((until - timezone.now()).total_seconds())
    if subscription is None or left <= 0 or not settings.VAPID_PRIVATE_KEY:
        return False
    body = encrypted(packed(said), p256dh=subscription.p256dh, auth=subscription.auth)
    try:
        answer = ask(
            subscription.endpoint,
            method="POST",
            body=body,
            headers=headers_for(subscription.endpoint, ttl=left),
            at_most=ANSWER_BYTES,
            may_ask=may_ask,
        )
    except NotPublicError:
        # No browser's maker keeps its service in our network: somebody else wrote that address.
        logger.warning("push_address_not_public", browser=browser)
        subscription.delete()
        return False
    if answer.status in GONE:
        subscription.delete()
        return False
    if answer.status == 429 or answer.status >= 500:
        raise PushNotTakenError(f"The push service answered {answer.status}.")
    if answer.status not in TAKEN:
        # Trying again would change nothing: a wrong key of the shop's, or a body too large.
        logger.error("push_refused", browser=browser, status=answer.status)
        return False
    return True
