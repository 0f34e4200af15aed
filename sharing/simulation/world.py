"""What everybody on the stage knows: the plan, the clock, chance, and what was counted."""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import TypeVar

from sharing.simulation.diary import Diary
from sharing.simulation.plan import Plan
from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.foundation.errors import LorgnetteError

Result = TypeVar("Result")


@dataclass(frozen=True)
class Seen:
    """What is read at once, and some hours later again: one by one it took a fifth of all time.

    Attributes:
        at: when.
        waits: who waited for a frame, and in which state each was.
        granted: how many boxes had been granted, by all processes.
    """

    at: datetime
    waits: Mapping[uuid.UUID, str]
    granted: int


@dataclass
class World:
    """The stage of one run.

    Attributes:
        plan: how the year goes.
        begin: its first midnight.
        diary: what is to happen, and the clock.
        chance: where all chance comes from.
        ops: who packs and checks in.
        manager: who decides about money.
        variants: what can be tried, the loved ones first.
        barcodes: of all units.
        end: when it is over, whatever is still open.
        people: the customers so far.
        counts: how often what happened.
        parcels: the boxes at the door: trial and barcodes that are in them.
        part: which part of the year this is, where several processes play it.
        next_number: of the customer who comes next; no other part has it.
        handed_over: by trial, when its customer handed her box over, and the barcodes in it.
        seen: what was last read of all customers at once, and when.
    """

    plan: Plan
    begin: datetime
    diary: Diary
    chance: Random
    ops: User
    manager: User
    variants: list[Variant]
    barcodes: list[str]
    end: datetime
    part: int = 0
    next_number: int = 1
    people: list[User] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    parcels: list[tuple[str, list[str]]] = field(default_factory=list)
    handed_over: dict[uuid.UUID, tuple[datetime, list[str]]] = field(default_factory=dict)
    seen: Seen | None = None

    @property
    def parts(self) -> int:
        """How many processes play this year."""
        return self.plan.processes

    def is_mine(self, key: int | uuid.UUID) -> bool:
        """Tell whether a row is this part's to look after, so that each is looked after once.

        Args:
            key: its primary key.
        """
        return int(key) % self.parts == self.part

    def happens(self, share: float) -> bool:
        """Tell by chance whether something that happens so often happens now."""
        return self.chance.random() < share

    def attempt(self, act: Callable[[], Result]) -> Result | None:
        """Do something the shop may refuse in words, and count the refusal.

        Any other error ends the simulation: the shop must have none.
        """
        try:
            return act()
        except LorgnetteError as error:
            self.counts[f"refused: {error.code}"] += 1
            return None
