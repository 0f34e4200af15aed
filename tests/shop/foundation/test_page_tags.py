"""Addresses, dates and labels of pages are Django's own, only sooner there."""

import uuid
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template, engines
from django.test import RequestFactory
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from shop.foundation import page_tags
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState

NOON = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _nothing_kept():
    page_tags._parts.cache_clear()
    page_tags._day.cache_clear()


def shown(source: str, **values: Any) -> str:
    template: Template = engines["django"].from_string(source).template
    return template.render(Context(values))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("console:trial_list", []),
        ("console:trial", ["T-KA5D2AV"]),
        ("console:trial", [mark_safe("T-KA5D2AV")]),
        ("console:batch", [7]),
        ("console:charge_let_go", [uuid.UUID(int=5)]),
        ("trials:evidence_photo", [uuid.UUID(int=5), 320]),
        ("admin:trials_trial_change", [uuid.UUID(int=5)]),
        # What is written otherwise in an address, and what a view's own pattern takes.
        ("console:trial", ["ä b"]),
        ("console:trial", ["a.b~c"]),
        ("console:batch", ["7"]),
    ],
)
def test_an_address_is_the_one_django_writes(name: str, words: list[Any]) -> None:
    for _time in range(2):
        tag = "{% url name " + " ".join(f"w{n}" for n in range(len(words))) + " %}"
        values = {f"w{n}": word for n, word in enumerate(words)}
        assert shown(tag, name=name, **values) == reverse(name, args=words)


@given(
    word=st.text(
        alphabet=st.characters(codec="utf-8", exclude_characters="/"), min_size=1, max_size=12
    )
)
def test_whatever_a_word_is_its_address_is_django_s(word: str) -> None:
    try:
        expected = reverse("console:trial", args=[word])
    except NoReverseMatch:
        with pytest.raises(NoReverseMatch):
            shown("{% url 'console:trial' word %}", word=word)
        return
    assert shown(
        "{% autoescape off %}{% url 'console:trial' word %}{% endautoescape %}", word=word
    ) == (expected)


def test_many_addresses_of_a_view_are_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []

    def counted(name: str, **rest: Any) -> str:
        looked_up.append(name)
        return reverse(name, **rest)

    monkeypatch.setattr(page_tags, "reverse", counted)
    for n in range(5):
        shown("{% url 'console:trial' number %}", number=f"T-{n}")
    assert looked_up == ["console:trial"]


def test_an_address_of_no_view_is_an_error_and_nothing_where_it_is_taken_as_a_name() -> None:
    with pytest.raises(NoReverseMatch):
        shown("{% url 'console:no_such_page' 7 %}")
    assert shown("{% url 'console:no_such_page' 7 as there %}[{{ there }}]") == "[]"
    url = reverse("console:batch", args=[7])
    assert shown("[{% url 'console:batch' 7 as there %}]({{ there }})") == f"[]({url})"


def test_a_word_that_no_number_is_has_no_address_where_a_number_belongs() -> None:
    shown("{% url 'console:batch' 7 %}")
    with pytest.raises(NoReverseMatch):
        shown("{% url 'console:batch' 'seven' %}")
    with pytest.raises(NoReverseMatch):
        shown("{% url 'console:batch' n %}", n=-7)


def test_an_address_within_an_app_s_own_pages_is_that_app_s() -> None:
    request: Any = RequestFactory().get("/")
    request.current_app = "console"
    template: Template = engines["django"].from_string("{% url 'console:trial_list' %}").template
    context = Context({})
    context.request = request  # type: ignore[attr-defined]
    assert template.render(context) == reverse("console:trial_list")


@pytest.mark.parametrize(
    "form", ["c", "SHORT_DATE_FORMAT", "SHORT_DATETIME_FORMAT", "DATETIME_FORMAT", "H:i", "D"]
)
@pytest.mark.parametrize("value", [NOON, date(2026, 3, 1), None, "", "2026"])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_date_is_written_as_django_writes_it(form: str, value: Any, language: str) -> None:
    from django.template import defaultfilters

    def written(of: Any) -> Any:
        return shown("{{ value|date:form }}", value=of, form=form)

    with override(language), timezone.override(ZoneInfo("Asia/Tokyo")):
        try:
            expected = defaultfilters.date(
                timezone.localtime(value) if value is NOON else value, form
            )
        except Exception as error:  # noqa: BLE001 - whatever Django says of it
            with pytest.raises(type(error)):
                written(value)
            return
        for _time in range(2):
            assert written(value) == str(expected)


def test_the_same_day_is_written_for_each_reader_in_her_language_and_zone() -> None:
    with override("en"), timezone.override(UTC):
        assert shown("{{ value|date:'SHORT_DATE_FORMAT' }}", value=NOON) == "1 Mar 2026"
    with override("de"), timezone.override(UTC):
        assert shown("{{ value|date:'SHORT_DATE_FORMAT' }}", value=NOON) == "01.03.2026"
    with override("en"), timezone.override(ZoneInfo("Asia/Tokyo")):
        assert shown("{{ value|date:'SHORT_DATE_FORMAT' }}", value=NOON) == "2 Mar 2026"


@pytest.mark.parametrize("state", [*TrialState.values, "no such state", None])
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_label_is_what_django_shows_of_a_choice(state: str | None, language: str) -> None:
    trial = Trial(state=state)  # type: ignore[misc]
    with override(language):
        for _time in range(2):
            expected = trial.get_state_display()
            assert shown("{{ trial|label:'state' }}", trial=trial) == str(expected or "")


def test_nothing_has_no_label() -> None:
    assert (
        shown("[{{ trial.none|label:'state' }}{{ no|label:'state' }}]", trial={}, no=None) == "[]"
    )
