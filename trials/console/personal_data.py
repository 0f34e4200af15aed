"""Filters that people who work here keep go with their account."""

from typing import Any

from shop.foundation.privacy import Scope, register_personal_data
from trials.console.models import SavedFilter


def export_filters(user: Any) -> dict[str, Any]:
    """Return the filters she keeps."""
    kept = SavedFilter.objects.filter(owner=user)
    return {"saved_filters": list(kept.values("list", "name", "query", "shared", "created_at"))}


def erase_filters(user: Any) -> int:
    """Delete the filters she keeps."""
    return SavedFilter.objects.filter(owner=user).delete()[0]


register_personal_data(
    "trials.console",
    holds={"trials.SavedFilter": ["owner", "name", "query"]},
    export=export_filters,
    erase={Scope.ACCOUNT: erase_filters},
)
