"""Closing an account for good: what names its person is erased, the number stays."""

import json
from collections.abc import Iterable
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.contrib.auth import SESSION_KEY
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from shop.customers.models import Address, User
from shop.foundation.idempotency import forget_answers
from shop.foundation.locks import lock_row, lock_rows
from shop.foundation.mail import forget_mail, queue_mail

# No mail server takes it (RFC 2606), nobody can sign up with it, and the number keeps it unique.
NOBODY = "erased.invalid"
ERASED = "-"


def nobody(user_id: int) -> str:
    """Return the address an erased account has in place of its own."""
    return f"erased-{user_id}@{NOBODY}"


def is_erased(user: User) -> bool:
    """Tell whether an account's person has been erased."""
    return user.email == nobody(user.pk)


def shut_account(user: User) -> None:
    """Let nobody into an account any more, in the caller's transaction; its row is locked.

    Addresses are taken out of use with it, so that nothing more is ordered to them.
    """
    user.is_active = False
    user.set_unusable_password()
    user.save(update_fields=["is_active", "password"])
    Address.objects.filter(user=user, retired_at=None).update(retired_at=timezone.now())


def erase_account(user: Any) -> int:
    """Take name and mail address from an account that is shut, and end its sessions.

    The mail that says so is the last one to her. Called again, it does nothing.

    Returns:
        1 where there was something to erase.
    """
    with transaction.atomic():
        locked = lock_row(User, user.pk)
        if is_erased(locked):
            return 0
        address, name = locked.email, locked.name
        further = EmailAddress.objects.filter(user=locked).values_list("email", flat=True)
        for each in {address, *further}:
            forget_mail(each)
        forget_answers(f"user:{locked.pk} ")
        end_sessions(user_id=locked.pk, address=address)
        EmailAddress.objects.filter(user=locked).delete()
        LogEntry.objects.filter(
            content_type=ContentType.objects.get_for_model(User), object_id=str(locked.pk)
        ).update(object_repr=nobody(locked.pk))
        locked.email, locked.name, locked.is_active = nobody(locked.pk), "", False
        locked.time_zone, locked.last_login = settings.SHOP_TIME_ZONE, None
        locked.set_unusable_password()
        locked.save()
        locked.groups.clear()
        queue_mail(
            to=address,
            template="account_erased",
            context={"name": name},
            language=locked.language,
        )
        return 1


def blank_addresses(*, user_id: int, except_ids: Iterable[int]) -> int:
    """Empty the addresses of an erased account; the country stays, for the figures.

    Args:
        user_id: whose.
        except_ids: those that invoices need.

    Returns:
        How many there were to empty.
    """
    rest = Address.objects.filter(user=user_id).exclude(pk__in=list(except_ids))
    ids = rest.exclude(line1=ERASED).values_list("pk", flat=True)
    blank = {"name": ERASED, "line1": ERASED, "line2": "", "postal_code": "", "phone": ""}
    with transaction.atomic():
        rows = [row.pk for row in lock_rows(Address, list(ids))]
        return Address.objects.filter(pk__in=rows).update(
            **blank, city=ERASED, retired_at=timezone.now()
        )


def end_sessions(*, user_id: int, address: str) -> int:
    """Delete the sessions of an account, and those that name its mail address.

    A session can be looked for by its key alone, so all of them are read: a rare job of a worker.

    Returns:
        How many there were.
    """
    reader, ended = SessionStore(), []
    for session in Session.objects.only("session_key", "session_data").iterator():
        known = reader.decode(session.session_data)
        own = str(known.get(SESSION_KEY, "")) == str(user_id)
        if own or address.lower() in json.dumps(known, ensure_ascii=False).lower():
            ended.append(session.session_key)
    return Session.objects.filter(session_key__in=ended).delete()[0]


def keeps_addresses(user: User) -> bool:
    """Tell whether an erased account still has an address, because an invoice needs it."""
    return Address.objects.filter(user=user).exclude(line1=ERASED).exists()
