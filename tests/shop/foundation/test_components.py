"""Components are drawn once for the same plain values, and never mixed up."""

from typing import Any

import pytest
from django.template import Context, Template, engines
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from shop.foundation import components

BUTTON = '{% include "components/button.html" with label=label disabled=disabled only %}'


@pytest.fixture(autouse=True)
def _nothing_kept():
    components._drawn.cache_clear()
    yield
    components._drawn.cache_clear()


def drawn(source: str = BUTTON, **values: Any) -> str:
    template: Template = engines["django"].from_string(source).template
    return template.render(Context(values))


def kept() -> int:
    return components._drawn.cache_info().currsize


def test_a_component_is_drawn_once_for_the_same_values() -> None:
    assert drawn(label="Pack") == drawn(label="Pack")
    assert components._drawn.cache_info().hits == 1


def test_what_a_component_shows_is_what_django_would_show(settings: Any) -> None:
    ours = drawn(label="Pack <b>", disabled=True)
    settings.DEBUG = True
    assert ours == drawn(label="Pack <b>", disabled=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"label": "Pack"}, {"label": "Ship"}),
        ({"label": "<b>"}, {"label": mark_safe("<b>")}),
        ({"label": 1}, {"label": True}),
        ({"label": "Pack", "disabled": True}, {"label": "Pack", "disabled": False}),
    ],
)
def test_values_that_differ_are_drawn_apart(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert drawn(**one) != drawn(**other)


def test_an_unsafe_label_is_escaped_however_often_it_is_drawn() -> None:
    drawn(label=mark_safe("<b>"))
    for _time in range(2):
        assert "<b>" not in drawn(label="<b>")


def test_each_language_has_its_own() -> None:
    label = gettext_lazy("Filed")
    with override("en"):
        english = drawn(label=label)
    with override("de"):
        german = drawn(label=label)
    assert "Filed" in english
    assert "Filed" not in german
    assert kept() == 2


def test_what_is_given_an_object_is_drawn_each_time() -> None:
    class Changing:
        word = "first"

        def __str__(self) -> str:
            return self.word

    label = Changing()
    assert "first" in drawn(label=label)
    label.word = "second"
    assert "second" in drawn(label=label)
    assert kept() == 0


def test_a_value_is_asked_for_once() -> None:
    asked = []

    def label() -> list[str]:
        asked.append("label")
        return ["Pack"]

    assert "Pack" in drawn(label=label)
    assert asked == ["label"]


def test_a_long_text_is_not_kept() -> None:
    drawn(label="x" * (components.LONGEST + 1))
    assert kept() == 0


def test_without_only_a_component_sees_what_is_around_it() -> None:
    source = '{% include "components/button.html" with disabled=False %}'
    assert "Pack" in drawn(source, label="Pack")
    assert "Ship" in drawn(source, label="Ship")
