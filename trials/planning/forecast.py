"""Counts to come, from counts that were: how many, and within which bounds.

Requests of a week are taken to be drawn alike and apart from each other, by the negative binomial
distribution with the mean and variance seen, or by Poisson's where the variance is no greater than
the mean. No trend and no season: a few weeks of one frame show neither.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log
from statistics import mean, variance

LOW, HIGH = 0.025, 0.975
# Of the turnarounds to come, so many are to find a unit for each who asks.
SERVED = 0.95
FEWEST_WEEKS = 4


@dataclass(frozen=True)
class Forecast:
    """A count to come, with the interval that holds it in 95 of 100 cases."""

    expected: float
    low: int
    high: int


def quantile(share: float, expected: float, spread: float) -> int:
    """Return the least count that so great a share of cases does not exceed.

    Args:
        share: between 0 and 1.
        expected: the mean count, zero or above.
        spread: the variance; negative binomial above the mean, else Poisson.
    """
    if not expected:
        return 0
    count, reached = 0, 0.0
    # Of the negative binomial with mean m and variance v: size m² ÷ (v − m), chance m ÷ v.
    size = expected**2 / (spread - expected) if spread > expected else 0.0
    while True:
        if size:
            chance = expected / spread
            ways = lgamma(count + size) - lgamma(size) - lgamma(count + 1)
            reached += exp(ways + size * log(chance) + count * log(1 - chance))
        else:
            reached += exp(count * log(expected) - expected - lgamma(count + 1))
        # Rounding may keep the sum from one for ever.
        if reached >= share or count > 100 * (expected + spread + 1):
            return count
        count += 1


def requests_to_come(weekly: Sequence[int], weeks: int) -> Forecast | None:
    """Return the requests of the next weeks, from those of the last.

    The variance is that of the count itself and of the mean, which is only known from some weeks:
    w v + w² v ÷ n for w weeks to come after n with the variance v, at least the mean.

    Args:
        weekly: requests of whole weeks.
        weeks: how many are to come.

    Returns:
        The forecast; nothing from fewer than four weeks, or of what nobody asked for.
    """
    if len(weekly) < FEWEST_WEEKS or not any(weekly):
        return None
    rate = mean(weekly)
    seen = max(variance(weekly), rate)
    expected, spread = weeks * rate, weeks * seen + weeks**2 * seen / len(weekly)
    return Forecast(
        expected=expected,
        low=quantile(LOW, expected, spread),
        high=quantile(HIGH, expected, spread),
    )


def units_needed(weekly: Sequence[int], turnaround_days: float | None) -> int | None:
    """Return how many units serve 95 of 100 turnarounds without anybody being turned away.

    Each request keeps a unit for a turnaround, so that as many are away as are asked for in one.

    Args:
        weekly: requests of whole weeks.
        turnaround_days: from one request's leaving to being on the shelf again; nothing unknown.

    Returns:
        The units; nothing where there is no forecast, or no turnaround.
    """
    if turnaround_days is None or requests_to_come(weekly, 1) is None:
        return None
    turns = turnaround_days / 7
    rate = mean(weekly)
    return quantile(SERVED, turns * rate, turns * max(variance(weekly), rate))
