"""Filters that people who work here keep go with their account, and those that name a customer."""

from typing import Any
from urllib.parse import parse_qs

from allauth.account.models import EmailAddress

from shop.foundation.privacy import Scope, register_personal_data
from trials.console.models import SavedFilter


def export_filters(user: Any) -> dict[str, Any]:
    """Return the filters she keeps."""
    kept = SavedFilter.objects.filter(owner=user)
    return {"saved_filters": list(kept.values("list", "name", "query", "shared", "created_at"))}


def erase_filters(user: Any) -> int:
    """Delete the filters she keeps, and those of colleagues that look for her."""
    return SavedFilter.objects.filter(owner=user).delete()[0] + _erase_those_naming(user)


def _erase_those_naming(user: Any) -> int:
    """Delete filters that hold an email address of hers or her whole name.

    A first name alone names nobody in particular.
    """
    emails = EmailAddress.objects.filter(user=user).values_list("email", flat=True)
    names = [user.name] if len(user.name.split()) > 1 else []
    hers = {each.casefold() for each in (user.email, *emails, *names) if each}
    naming = [
        kept.pk
        for kept in SavedFilter.objects.all()
        if any(each in text.casefold() for text in _texts(kept) for each in hers)
    ]
    return SavedFilter.objects.filter(pk__in=naming).delete()[0]


def _texts(kept: SavedFilter) -> list[str]:
    return [kept.name, *(word for words in parse_qs(kept.query).values() for word in words)]


register_personal_data(
    "trials.console",
    holds={"trials.SavedFilter": ["owner", "name", "query"]},
    export=export_filters,
    erase={Scope.ACCOUNT: erase_filters},
)
