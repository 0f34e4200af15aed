"""What votes decide, and how sure that is: pure functions of what each friend said.

Of two frames a friend prefers the one she picked; else the one she put higher, a frame with a place
before one without; else, where neither has a place, the one with the better face (love, like, not
you). Where she said nothing that tells them apart she is counted for neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import permutations
from math import exp, lgamma, log, sqrt
from typing import Literal

from sharing.votes.states import ReactionValue
from shop.analytics.statistics import wilson

FACES: dict[str, int] = {
    ReactionValue.LOVE: 3,
    ReactionValue.LIKE: 2,
    ReactionValue.NOT_YOU: 1,
}
# From this probability on a lead is called one.
SURE = 0.9
# Nobody is told to ask more friends than that.
MOST_MORE = 20
# Steps of the integral below; twice as many change nothing in its fifth figure.
STEPS = 240

Kind = Literal["none", "tie", "split", "undecided", "decided"]


@dataclass(frozen=True)
class Opinion:
    """What one friend said.

    Attributes:
        favourite: the frame she picked.
        ranks: the place she gave frames, 1 the best.
        faces: what she makes of frames.
    """

    favourite: int | None = None
    ranks: Mapping[int, int] = field(default_factory=dict)
    faces: Mapping[int, str] = field(default_factory=dict)

    def prefers(self, one: int, other: int) -> bool:
        """Tell whether she prefers one frame to another."""
        if self.favourite in (one, other):
            return self.favourite == one
        if one in self.ranks or other in self.ranks:
            last = len(self.ranks) + max(self.ranks.values()) + 1
            return self.ranks.get(one, last) < self.ranks.get(other, last)
        faces = FACES.get(self.faces.get(one, ""), 0), FACES.get(self.faces.get(other, ""), 0)
        return all(faces) and faces[0] > faces[1]


@dataclass(frozen=True)
class Result:
    """What the votes of a gallery decide.

    Attributes:
        kind: ``none`` (nobody has picked), ``tie`` (the most picks are level), ``split`` (one frame
            has the most picks, another is preferred to each), ``undecided`` (a lead that may be
            chance), ``decided``.
        leader: the frame with more picks than any other.
        tied: the frames with the most picks, where they are several.
        preferred: the Condorcet winner, preferred to each other frame by more friends than not.
        sure: the probability that the leader leads among all friends who might be asked.
        more: how many further picks of the leader would make it sure; nothing where it is, or
            where ``MOST_MORE`` would not do.
        intervals: of each frame the Wilson 95 % interval of its share of picks, 0 to 1.
    """

    kind: Kind
    leader: int | None = None
    tied: tuple[int, ...] = ()
    preferred: int | None = None
    sure: float | None = None
    more: int | None = None
    intervals: Mapping[int, tuple[float, float]] = field(default_factory=dict)


def pairwise(opinions: Iterable[Opinion], items: Sequence[int]) -> dict[tuple[int, int], int]:
    """Return for each ordered pair of frames how many friends prefer the first to the second."""
    pairs = list(permutations(items, 2))
    wins = dict.fromkeys(pairs, 0)
    for opinion in opinions:
        for pair in pairs:
            wins[pair] += opinion.prefers(*pair)
    return wins


def condorcet_winner(wins: Mapping[tuple[int, int], int], items: Sequence[int]) -> int | None:
    """Return the frame that beats each other one in pairs (Condorcet 1785); there may be none."""
    if len(items) < 2:
        return None
    for one in items:
        if all(wins[one, other] > wins[other, one] for other in items if other != one):
            return one
    return None


def leads(counts: tuple[int, ...]) -> float:
    """Return the probability that the first of several shares is the largest, given their picks.

    The shares have a Dirichlet distribution with the parameters ``picks + 1`` (Bayes with every
    division held equally likely before; Gelman et al., Bayesian Data Analysis, 3rd edition, 3.4).
    Its components are independent gamma variables over their sum, so
    ``P = ∫ f(x; k₁+1) · F(x; k₂+1) · … dx`` with density f and distribution F of the gamma
    distribution, which for whole numbers is ``F(x; n) = 1 − e⁻ˣ Σ xⁱ/i!``, i from 0 to n−1.

    Args:
        counts: picks of each frame, that of the first in question.
    """
    return _leads(counts[0], tuple(sorted(counts[1:])))


@lru_cache(maxsize=2000)
def _leads(first: int, others: tuple[int, ...]) -> float:
    shape = first + 1
    spread = 9 * sqrt(shape)
    low, high = max(0.0, shape - spread), shape + spread + 9
    width, total = (high - low) / STEPS, 0.0
    for step in range(1, STEPS):
        x = low + step * width
        density = exp((shape - 1) * log(x) - x - lgamma(shape))
        for other in others:
            density *= _below(x, other + 1)
        # Simpson's rule; both ends weigh next to nothing.
        total += density * (4 if step % 2 else 2)
    return min(1.0, total * width / 3)


def _below(x: float, shape: int) -> float:
    """Return the distribution function of the gamma distribution with a whole number as shape."""
    term = rest = exp(-x)
    for i in range(1, shape):
        term *= x / i
        rest += term
    return max(0.0, 1.0 - rest)


def result_of(opinions: Sequence[Opinion], items: Sequence[int]) -> Result:
    """Return what the counted votes decide.

    Args:
        opinions: of the friends whose votes count.
        items: the frames of the gallery.
    """
    picks = dict.fromkeys(items, 0)
    for opinion in opinions:
        if opinion.favourite is not None:
            picks[opinion.favourite] += 1
    picked = sum(picks.values())
    preferred = condorcet_winner(pairwise(opinions, items), items)
    if not picked:
        return Result("none", preferred=preferred)
    intervals = {item: wilson(count, picked) or (0.0, 1.0) for item, count in picks.items()}
    most = max(picks.values())
    top = tuple(item for item in items if picks[item] == most)
    if len(top) > 1:
        return Result("tie", tied=top, preferred=preferred, intervals=intervals)
    (leader,) = top
    others = tuple(count for item, count in picks.items() if item != leader)
    sure = leads((most, *others))
    split = preferred is not None and preferred != leader
    kind: Kind = "split" if split else "decided" if sure >= SURE else "undecided"
    return Result(
        kind,
        leader=leader,
        preferred=preferred,
        sure=sure,
        more=_more(most, others) if kind == "undecided" else None,
        intervals=intervals,
    )


def _more(most: int, others: tuple[int, ...]) -> int | None:
    for more in range(1, MOST_MORE + 1):
        if leads((most + more, *others)) >= SURE:
            return more
    return None
