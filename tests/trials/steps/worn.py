"""Steps with units that are graded D while a box holds them."""

from typing import Any

from tests.trials.steps.trial import Item
from tests.trials.steps.trial import Trial as Model
from tests.trials.steps.world import World
from trials.home_trials.models import Trial, TrialItem
from trials.home_trials.services.replacing import replace_unit
from trials.units.models import Grade, TrialUnit
from trials.units.services.tending import place_unit

STILL_HERE = ("requested", "approved", "packed")


class Worn(World):
    """Grading what is kept for a box, and taking another in its place."""

    def grade(self, model: Model, which: int, *, worn: bool) -> None:
        item, _row = self.item(model, which)
        if not item.holds or model.state not in STILL_HERE:
            return
        shelf = TrialUnit.objects.values_list("location", flat=True).get(pk=item.unit)
        self.attempt(
            True,
            lambda: place_unit(
                unit_id=item.unit,
                location=shelf,
                grade=Grade.D if worn else Grade.B,
                by=self.manager,
            ),
            lambda _unit: setattr(self.shop.units[item.unit], "worn", worn),
        )

    def take_another(self, trial: Trial, model: Model, which: int) -> None:
        item, row = self.item(model, which)
        others = self.shop.free(item.variant, model.user)
        held = item.holds and model.state in STILL_HERE and not item.short

        def then(_item: Any) -> None:
            self.take(item, TrialItem.objects.get(pk=row.pk).unit_id, model)
            model.state = "approved" if model.state == "packed" else model.state

        self.attempt(
            held and self.shop.units[item.unit].worn and bool(others),
            lambda: replace_unit(unit_id=item.unit, by=self.manager),
            then,
        )

    def take(self, item: Item, unit: int, model: Model) -> None:
        """Put another unit in the place of an item's, which goes to repair."""
        self.shop.reserve(unit, model.user)
        self.shop.move(item.unit, "repair")
        item.unit, item.packed, item.picked = unit, False, False
