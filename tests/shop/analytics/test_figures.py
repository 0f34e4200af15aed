"""Rates and their intervals: right at the ends, honest about few, and never called causes."""

from math import isclose, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.analytics.figures import FEWEST, Label, Rate, ratio
from shop.analytics.statistics import Z_95, wilson


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(5, 5, 0.566, 1.0), (0, 5, 0.0, 0.434), (90, 100, 0.826, 0.945), (1, 2, 0.095, 0.905)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    interval = wilson(part, whole)

    assert interval is not None
    assert [round(bound, 3) for bound in interval] == [low, high]


def test_of_nothing_there_is_no_interval_and_no_rate() -> None:
    assert wilson(0, 0) is None
    assert (Rate(0, 0).value, Rate(0, 0).interval) == (None, None)


@st.composite
def _counts(draw: st.DrawFn) -> tuple[int, int]:
    whole = draw(st.integers(1, 10**6))
    return draw(st.integers(0, whole)), whole


@given(_counts())
def test_a_bound_is_where_the_rate_would_just_be_believed(counts: tuple[int, int]) -> None:
    """Wilson's own definition: the rates from which ours lies 1.96 standard errors away."""
    part, whole = counts
    interval, rate = wilson(part, whole), part / whole

    assert interval is not None
    assert 0 <= interval[0] <= rate + 1e-12
    assert rate - 1e-12 <= interval[1] <= 1
    for bound in interval:
        error = sqrt(bound * (1 - bound) / whole)
        assert isclose(abs(rate - bound), Z_95 * error, rel_tol=1e-6, abs_tol=1e-9)


@pytest.mark.parametrize(("part", "whole"), [(-1, 2), (3, 2)])
def test_what_is_no_share_is_refused(part: int, whole: int) -> None:
    with pytest.raises(ValueError, match="no rate"):
        Rate(part, whole)


def test_no_figure_is_called_a_cause_without_a_randomisation() -> None:
    with pytest.raises(ValueError, match="randomisation"):
        Rate(1, 2, label=Label.CAUSAL)


def test_two_rates_are_compared_only_where_both_stand_on_enough() -> None:
    sure, few, none = Rate(10, FEWEST), Rate(5, FEWEST - 1), Rate(0, FEWEST)

    assert ratio(sure, Rate(5, FEWEST)) == 2.0
    assert ratio(sure, few) is ratio(few, sure) is ratio(sure, none) is None
