"""Goods say nothing of people; who may see some of them early does."""

from typing import Any

from shop.catalogue.models import EarlyLook
from shop.foundation.privacy import Scope, not_personal, register_personal_data


def export_looks(user: Any) -> list[str]:
    """Return the frames she may see before they are published."""
    looks = EarlyLook.objects.filter(user=user)
    return sorted(set(looks.values_list("frame__name", flat=True)))


def erase_looks(user: Any) -> int:
    """Take her leave to see frames early."""
    return EarlyLook.objects.filter(user=user).delete()[0]


register_personal_data(
    "shop.catalogue",
    holds={"shop.EarlyLook": ["user"]},
    export=export_looks,
    erase={Scope.ACCOUNT: erase_looks},
)
for model in ("shop.Frame", "shop.Variant", "shop.FrameImage"):
    not_personal(model, why="Goods and their pictures.")
