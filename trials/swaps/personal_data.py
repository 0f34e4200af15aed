"""Swaps stay with the trial, as where each demo frame has been."""

from typing import Any

from shop.foundation.privacy import keep_personal_data, register_personal_data
from trials.swaps.models import FrameSwap


def export_swaps(user: Any) -> dict[str, Any]:
    """Return which frames of her trials were swapped for which, oldest first."""
    swaps = FrameSwap.objects.filter(item__trial__user=user).order_by("at", "pk")
    return {
        "swaps": list(
            swaps.values("item__trial__number", "variant_before__sku", "variant_after__sku", "at")
        )
    }


register_personal_data("trials.swaps", holds={}, export=export_swaps)
keep_personal_data(
    "trials.FrameSwap", "by", why="Who swapped a frame of a trial: its customer, or staff for her."
)
