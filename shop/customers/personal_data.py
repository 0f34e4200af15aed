"""Who somebody is: her account, addresses, sessions, and what Django and allauth keep of her."""

from typing import Any

from allauth.account.models import EmailAddress

from shop.customers.closing import erase_account
from shop.customers.models import Address, User
from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)

ADDRESS = ("name", "line1", "line2", "postal_code", "city", "country", "phone")


def export_account(user: Any) -> dict[str, Any]:
    """Return what the shop knows her by."""
    own = User.objects.filter(pk=user.pk)
    account = own.values("email", "name", "language", "time_zone", "date_joined", "last_login")
    addresses = Address.objects.filter(user=user).order_by("pk")
    return {
        **account.get(),
        "email_addresses": list(
            EmailAddress.objects.filter(user=user).values("email", "verified", "primary")
        ),
        "addresses": list(addresses.values(*ADDRESS, "created_at", "retired_at")),
    }


register_personal_data(
    "shop.customers",
    holds={
        "shop.User": ["password", "email", "name", "time_zone"],
        "shop.Address": ["user", *ADDRESS],
        "account.EmailAddress": ["user", "email"],
        "sessions.Session": ["session_data"],
        "admin.LogEntry": ["object_repr"],
    },
    export=export_account,
    erase={Scope.ACCOUNT: erase_account},
)
keep_personal_data(
    "admin.LogEntry",
    "user",
    "object_id",
    "change_message",
    why="Who of staff changed which field of which row: by number, no value is in it.",
)
not_personal("sessions.Session", "session_key", why="Random.")
not_personal("account.EmailConfirmation", why="A random key.")
