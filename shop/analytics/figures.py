"""What every figure carries: what it is, out of how many, how sure, and what it can prove."""

from dataclasses import dataclass
from enum import StrEnum

from shop.analytics.statistics import wilson

# Below so many cases a rate is not written as a percentage: it would say more than it knows.
FEWEST = 20


class Label(StrEnum):
    """What a figure can prove."""

    DESCRIPTIVE = "descriptive"
    ATTRIBUTED = "attributed"
    CAUSAL = "causal"


@dataclass(frozen=True)
class Rate:
    """A share of something, with its Wilson 95 % interval.

    Attributes:
        part: how many.
        whole: out of how many.
        label: what it can prove; a causal rate comes only from a registered randomisation, of
            which there is none yet, so none is made.
    """

    part: int
    whole: int
    label: Label = Label.DESCRIPTIVE

    def __post_init__(self) -> None:
        if self.label == Label.CAUSAL:
            raise ValueError("a causal figure needs a registered randomisation")
        if not 0 <= self.part <= self.whole:
            raise ValueError(f"{self.part} of {self.whole} is no rate")

    @property
    def value(self) -> float | None:
        """The share, 0 to 1; nothing of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """The Wilson 95 % interval."""
        return wilson(self.part, self.whole)

    @property
    def is_sure_enough(self) -> bool:
        """Whether there were enough cases to write it as a percentage."""
        return self.whole >= FEWEST


def ratio(one: Rate, other: Rate) -> float | None:
    """Return how many times ``one`` is of ``other``; nothing unless both are sure enough."""
    if not (one.is_sure_enough and other.is_sure_enough):
        return None
    if one.value is None or not other.value:
        return None
    return one.value / other.value
