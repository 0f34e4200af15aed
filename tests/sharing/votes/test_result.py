"""What votes decide: properties that hold for whatever friends say."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sharing.votes.result import Opinion, condorcet_winner, leads, pairwise, result_of

ITEMS = (11, 12, 13, 14)
FACES = ("love", "like", "not_you")


@st.composite
def opinions(draw: st.DrawFn) -> Opinion:
    ranked = draw(st.lists(st.sampled_from(ITEMS), unique=True))
    return Opinion(
        favourite=draw(st.none() | st.sampled_from(ITEMS)),
        ranks={item: place for place, item in enumerate(ranked, start=1)},
        faces=draw(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(FACES))),
    )


many = st.lists(opinions(), max_size=12)


def renamed(opinion: Opinion, names: dict[int, int]) -> Opinion:
    favourite = None if opinion.favourite is None else names[opinion.favourite]
    return Opinion(
        favourite,
        {names[item]: place for item, place in opinion.ranks.items()},
        {names[item]: face for item, face in opinion.faces.items()},
    )


@given(opinions())
def test_no_friend_contradicts_herself(opinion: Opinion) -> None:
    for one in ITEMS:
        for other in ITEMS:
            if one == other:
                continue
            assert not (opinion.prefers(one, other) and opinion.prefers(other, one))
            for third in ITEMS:
                if third not in (one, other) and opinion.prefers(one, other):
                    chain = opinion.prefers(other, third)
                    assert not (chain and opinion.prefers(third, one))


@given(many)
def test_at_most_one_frame_beats_each_other(said: list[Opinion]) -> None:
    wins = pairwise(said, ITEMS)
    winners = [
        one
        for one in ITEMS
        if all(wins[one, other] > wins[other, one] for other in ITEMS if other != one)
    ]
    assert len(winners) <= 1
    assert condorcet_winner(wins, ITEMS) == (winners[0] if winners else None)


@given(many, st.permutations(ITEMS), st.randoms())
def test_neither_names_of_frames_nor_the_order_of_anything_matter(
    said: list[Opinion], order: list[int], chance: object
) -> None:
    names = dict(zip(ITEMS, order, strict=True))
    shuffled = [renamed(each, names) for each in said]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = result_of(said, ITEMS), result_of(shuffled, sorted(ITEMS, reverse=True))
    assert (one.kind, one.more) == (other.kind, other.more)
    assert {names[item] for item in one.tied} == set(other.tied)
    assert (one.leader and names[one.leader]) == other.leader
    assert (one.preferred and names[one.preferred]) == other.preferred
    assert one.sure == other.sure


@given(many)
def test_a_tie_is_of_several_and_has_no_leader(said: list[Opinion]) -> None:
    result = result_of(said, ITEMS)
    picks = [sum(each.favourite == item for each in said) for item in ITEMS]
    level = picks.count(max(picks))
    assert (result.kind == "none") == (max(picks) == 0)
    assert (result.kind == "tie") == (max(picks) > 0 and level > 1)
    assert len(result.tied) == (level if result.kind == "tie" else 0)
    assert (result.leader is None) == (result.kind in ("none", "tie"))


@settings(deadline=None)
@given(st.lists(st.integers(0, 60), min_size=2, max_size=6))
def test_the_chances_of_all_frames_make_one(counts: list[int]) -> None:
    chances = [
        leads((count, *counts[:place], *counts[place + 1 :])) for place, count in enumerate(counts)
    ]
    assert sum(chances) == pytest.approx(1, abs=2e-3)
    for (one, count), (other, rival) in zip(
        zip(chances, counts, strict=True),
        zip(chances[1:], counts[1:], strict=False),
        strict=False,
    ):
        if count > rival:
            assert one > other


@settings(deadline=None)
@given(st.integers(0, 40), st.integers(0, 40))
def test_of_two_frames_the_chance_is_that_of_the_beta_distribution(won: int, lost: int) -> None:
    """P(Beta(won + 1, lost + 1) > 1/2) is a sum of binomial terms, exactly."""
    from math import comb

    trials = won + lost + 1
    exact = sum(comb(trials, k) for k in range(won + 1)) / 2**trials
    assert leads((won, lost)) == pytest.approx(exact, abs=1e-3)


@given(many)
def test_a_further_pick_of_the_leader_never_makes_it_less_sure(said: list[Opinion]) -> None:
    result = result_of(said, ITEMS)
    if result.leader is not None and result.sure is not None:
        after = result_of([*said, Opinion(favourite=result.leader)], ITEMS)
        assert after.leader == result.leader
        assert after.sure is not None
        assert after.sure >= result.sure - 1e-9


def test_a_pick_stands_above_places_and_places_above_faces() -> None:
    opinion = Opinion(favourite=11, ranks={12: 1, 13: 2}, faces={13: "not_you", 14: "love"})
    assert opinion.prefers(11, 12)
    assert opinion.prefers(12, 13)
    assert opinion.prefers(13, 14)
    faces = Opinion(faces={11: "love", 12: "like"})
    assert faces.prefers(11, 12)
    assert not faces.prefers(12, 13)
    assert not faces.prefers(13, 12)


def test_one_lead_may_be_chance_and_it_is_said_how_many_more_would_do() -> None:
    said = [Opinion(favourite=11), Opinion(favourite=11), Opinion(favourite=12)]
    result = result_of(said, ITEMS)
    assert (result.kind, result.leader) == ("undecided", 11)
    assert result.more is not None
    clear = [*said, *[Opinion(favourite=11)] * result.more]
    assert result_of(clear, ITEMS).kind == "decided"
    assert result_of(clear[:-1], ITEMS).kind == "undecided"


def test_most_picked_and_preferred_in_pairs_may_be_two_and_that_is_said() -> None:
    said = [
        *[Opinion(11, {11: 1, 12: 2, 13: 3})] * 4,
        *[Opinion(12, {12: 1, 13: 2, 11: 3})] * 3,
        *[Opinion(13, {13: 1, 12: 2, 11: 3})] * 3,
    ]
    result = result_of(said, ITEMS[:3])
    assert (result.kind, result.leader, result.preferred) == ("split", 11, 12)


def test_nothing_said_decides_nothing() -> None:
    assert result_of([], ITEMS).kind == "none"
    assert result_of([replace(Opinion(), faces={11: "love"})], ITEMS).kind == "none"
