"""Intervals of rates."""

from math import sqrt

# Of the normal distribution: 95 % lie within so many standard deviations of its middle.
Z_95 = 1.959963984540054


def wilson(successes: int, trials: int) -> tuple[float, float] | None:
    """Return the Wilson 95 % interval of a rate (Wilson 1927, without continuity correction).

    Args:
        successes: zero to ``trials``.
        trials: how many there were.

    Returns:
        The lower and the upper bound, 0 to 1; nothing where there were no trials.
    """
    if trials == 0:
        return None
    rate = successes / trials
    denominator = 1 + Z_95**2 / trials
    middle = (rate + Z_95**2 / (2 * trials)) / denominator
    half = Z_95 * sqrt(rate * (1 - rate) / trials + Z_95**2 / (4 * trials**2)) / denominator
    low = 0.0 if successes == 0 else middle - half
    high = 1.0 if successes == trials else middle + half
    return low, high
