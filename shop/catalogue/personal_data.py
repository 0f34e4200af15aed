"""Goods say nothing of people."""

from shop.foundation.privacy import not_personal

for model in ("shop.Frame", "shop.Variant", "shop.FrameImage"):
    not_personal(model, why="Goods and their pictures.")
