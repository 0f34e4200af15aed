"""That it is she herself who deletes her account, and not who found her phone unlocked."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from sharing.privacy.errors import NotConfirmedError
from shop.customers.models import User
from shop.foundation.limits import count_against

TRIES = 5
WINDOW_SECONDS = 900
# Who has no password logs in by a code sent to her: a log-in as fresh as this one shows the same.
FRESH = timedelta(minutes=15)


def confirm(*, user: User, password: str) -> None:
    """Let through who knows the password, or has no password and has just logged in.

    Raises:
        NotConfirmedError: neither is so.
        TooManyError: she has tried too often.
    """
    if not user.has_usable_password():
        if user.last_login is None or user.last_login < timezone.now() - FRESH:
            raise NotConfirmedError(
                _("Log out, log in again by a code, and delete your account within 15 minutes.")
            )
        return
    count_against("confirm", str(user.pk), limit=TRIES, seconds=WINDOW_SECONDS)
    if not user.check_password(password):
        raise NotConfirmedError(_("That is not your password."))
