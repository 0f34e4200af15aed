"""Relations of models point down, which import-linter cannot see; nothing is reached by name."""

from typing import Any

from django.apps import apps
from django.db import models

from tests.house.house import FLOORS, ROOMS, ROOT, calls

HEIGHTS = {
    (floor, room): (FLOORS.index(floor), ROOMS[floor].index(room))
    for floor in FLOORS
    for room in ROOMS[floor]
}


def _height(model: type[models.Model]) -> tuple[int, int]:
    floor, room = model.__module__.split(".")[:2]
    return HEIGHTS[floor, room]


def _relations() -> list[tuple[type[models.Model], Any]]:
    ours = [model for floor in FLOORS for model in apps.get_app_config(floor).get_models()]
    return [
        (model, field)
        for model in ours
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
    ]


def test_every_room_is_known_and_stands_in_its_place() -> None:
    found = {
        (floor, path.parent.name)
        for floor in FLOORS
        for path in (ROOT / floor).glob("*/__init__.py")
        if path.parent.name not in ("management", "migrations", "templatetags")
    }
    assert found == set(HEIGHTS)


def test_relations_of_models_only_point_down() -> None:
    pointing_up = [
        f"{model.__name__}.{field.name} to {field.related_model.__name__}"
        for model, field in _relations()
        if field.related_model.__module__.split(".")[0] in FLOORS
        # The user is everybody's: the foundation's tables name her by the setting.
        and field.related_model._meta.label != "shop.User"
        and _height(field.related_model) > _height(model)
    ]
    assert len(_relations()) > 50
    assert pointing_up == []


def test_no_model_is_fetched_by_its_name() -> None:
    assert [str(path) for path, _call in calls("get_model")] == []
