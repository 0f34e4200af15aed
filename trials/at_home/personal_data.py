"""Extensions stay with the trial; days given and not used go with the account."""

from typing import Any

from shop.foundation.privacy import (
    Scope,
    keep_personal_data,
    not_personal,
    register_personal_data,
)
from trials.at_home.models import Extension, ExtensionGift


def export_extensions(user: Any) -> dict[str, Any]:
    """Return by how much her trials were extended, and the days she was given."""
    extensions = Extension.objects.filter(trial__user=user).order_by("created_at", "pk")
    gifts = ExtensionGift.objects.filter(user=user).order_by("given_at", "pk")
    return {
        "extensions": list(extensions.values("trial__number", "kind", "days", "due_after")),
        "days_given": list(gifts.values("days", "given_at", "withdrawn_at")),
    }


def erase_gifts(user: Any) -> int:
    """Delete the days she was given and has not used."""
    return ExtensionGift.objects.filter(user=user, extension=None).delete()[0]


register_personal_data(
    "trials.at_home",
    holds={"trials.ExtensionGift": ["user"]},
    export=export_extensions,
    erase={Scope.ACCOUNT: erase_gifts},
)
keep_personal_data(
    "trials.Extension", "reason", "created_by", why="Why a trial took longer, told by staff."
)
not_personal("trials.ExtensionGift", "key", why="Names what the days were given for.")
