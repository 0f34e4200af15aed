"""Rows handed to the row they belong to are what a prefetch would have handed it."""

from collections.abc import Sequence
from typing import Any

import pytest
from django.db.models import prefetch_related_objects
from pytest_django import DjangoAssertNumQueries

from shop.catalogue.models import Frame, Variant
from shop.foundation.postgres.attaching import attach, attach_by, attach_lists
from tests.factories.shop import FrameFactory, VariantFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def frames() -> list[Frame]:
    made = [FrameFactory() for _nth in range(3)]
    for frame in made[:2]:
        VariantFactory.create_batch(2, frame=frame)
    return made


def variants() -> Sequence[Variant]:
    return list(Variant.objects.order_by("-pk"))


def test_all_of_a_row_s_are_at_hand_in_their_order_and_know_their_row(
    frames: list[Frame], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    frame, hers = frames[0], [each for each in variants() if each.frame_id == frames[0].pk]
    with django_assert_num_queries(0):
        attach(frame, "variants", hers)
        assert list(frame.variants.all()) == hers
        assert all(each.frame is frame for each in frame.variants.all())


def test_who_asks_for_some_asks_for_some_of_this_row(frames: list[Frame]) -> None:
    attach(frames[0], "variants", variants()[2:])
    assert {each.frame_id for each in frames[0].variants.filter(pk__gt=0)} == {frames[0].pk}


def test_parts_of_many_go_each_to_its_own_and_none_to_who_has_none(
    frames: list[Frame], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    parts = variants()
    with django_assert_num_queries(0):
        attach_by(frames, "variants", parts)
        handed = [[each.pk for each in frame.variants.all()] for frame in frames]
    again = list(Frame.objects.filter(pk__in=[each.pk for each in frames]).order_by("pk"))
    prefetch_related_objects(again, "variants")
    assert [sorted(each) for each in handed] == [
        sorted(each.pk for each in frame.variants.all()) for frame in again
    ]
    assert handed[2] == []
    attach_by([], "variants", [])


def test_lists_are_handed_to_each_of_two_that_are_the_same_row(frames: list[Frame]) -> None:
    rows: list[Any] = [*frames, Frame.objects.get(pk=frames[0].pk)]
    attach_lists(rows, "made", variants(), by="frame")
    assert [len(each.made) for each in rows] == [2, 2, 0, 2]
    assert all(part.frame == row for row in rows for part in row.made)
