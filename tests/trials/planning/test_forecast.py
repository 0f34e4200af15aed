"""Forecasts against known answers and against drawn counts."""

import random
from math import sqrt

import pytest

from trials.planning.forecast import quantile, requests_to_come, units_needed


@pytest.mark.parametrize(
    ("share", "expected", "spread", "least"),
    [
        # Poisson, from printed tables: P(X ≤ 9 | 5) = 0.968, P(X ≤ 8 | 5) = 0.932.
        (0.95, 5, 5, 9),
        (0.932, 5, 5, 9),
        (0.931, 5, 5, 8),
        (0.5, 0, 0, 0),
        # Geometric with chance 1/3, the negative binomial of size 1: P(X ≤ k) = 1 − (2/3)^(k+1).
        (0.95, 2, 6, 7),
        (0.55, 2, 6, 1),
    ],
)
def test_quantiles_are_those_of_tables(
    share: float, expected: float, spread: float, least: int
) -> None:
    assert quantile(share, expected, spread) == least


def test_a_quantile_of_a_great_count_is_the_normal_distributions() -> None:
    assert abs(quantile(0.975, 10_000, 10_000) - (10_000 + 1.96 * sqrt(10_000))) < 3


def test_nothing_is_foretold_of_few_weeks_or_of_what_nobody_asked_for() -> None:
    assert requests_to_come([5, 6, 7], 4) is None
    assert requests_to_come([0] * 12, 4) is None
    assert units_needed([0] * 12, 10) is None
    assert units_needed([3] * 12, None) is None


@pytest.mark.parametrize("rate", [0.7, 3, 12])
def test_the_interval_holds_what_comes_in_95_of_100_cases(rate: float) -> None:
    draws, held = random.Random(4), 0

    def week() -> int:
        # Exponential gaps: a Poisson count.
        count, time = 0, draws.expovariate(rate)
        while time < 1:
            count, time = count + 1, time + draws.expovariate(rate)
        return count

    cases = 0
    for _case in range(1500):
        forecast = requests_to_come([week() for _each in range(12)], 4)
        came = sum(week() for _each in range(4))
        if forecast is not None:
            cases += 1
            held += forecast.low <= came <= forecast.high

    # At least: a count's interval cannot hold exactly 95 of 100.
    assert 0.94 <= held / cases <= 0.995


def test_as_many_units_are_needed_as_are_asked_for_in_a_turnaround() -> None:
    # Seven a week, fourteen days away: fourteen at once on average; Poisson's 95 % is 20.
    assert units_needed([7] * 12, 14) == 20
