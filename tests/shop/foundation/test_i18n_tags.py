"""Words of pages are what Django's own tags say, in each language, only sooner there."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.template import Context, Engine, TemplateSyntaxError, engines
from django.templatetags import i18n
from django.utils.translation import get_language, gettext, override

from shop.foundation import i18n_tags

PLAIN = Engine(libraries={"i18n": "django.templatetags.i18n"})
TAGS = [
    '{% translate "Damage" %}',
    "{% trans 'Damage' %}",
    '[{% translate "Damage" as word %}]{{ word }}{{ word|length }}',
    '{% translate "Damage & more" %}{% translate "100%" %}{% translate "<b>" %}',
    '{% translate "Damage" noop %}{% translate "Damage" context "nowhere" %}',
    '{% translate said %}{% translate "Damage"|upper %}{% translate said|default:"Damage" %}',
    "{% autoescape off %}{% translate said %}{% endautoescape %}",
    "{% blocktranslate with tote=n %}tote {{ tote }}{% endblocktranslate %}",
    "{% blocktranslate count n=n %}{{ n }} unit to go{% plural %}{{ n }} units to go"
    "{% endblocktranslate %}",
    "{% blocktranslate count n=n asvar left %}{{ n }} {{ said }}{% plural %}{{ n }} {{ said }}s"
    "{% endblocktranslate %}[{{ left }}]",
    "{% blocktranslate trimmed %}\n  Damage of 100%\n  {{ said }}{% endblocktranslate %}",
    "{% blocktrans %}{{ missing }}{% endblocktrans %}",
]


@pytest.mark.parametrize("tag", TAGS)
@pytest.mark.parametrize("language", ["en", "de", None])
def test_words_are_those_of_django_s_tags(tag: str, language: str | None) -> None:
    source = "{% load i18n %}" + tag
    ours = engines["django"].from_string(source).template
    for n in (1, 2, 1):
        values: dict[str, Any] = {"n": n, "said": "<i>Damage</i>"}
        with override(language):
            expected = PLAIN.from_string(source).render(Context(values))
            assert ours.render(Context(values)) == expected


def test_each_reader_reads_her_own_language_of_the_same_page() -> None:
    page = engines["django"].from_string(
        '{% load i18n %}{% translate "Damage" as word %}{{ word }}'
    )

    def read(language: str) -> tuple[str, str]:
        with override(language):
            return page.template.render(Context()), gettext("Damage")

    with ThreadPoolExecutor(4) as readers:
        answers = list(readers.map(read, ["en", "de"] * 50))

    assert len({shown for shown, _expected in answers}) == 2
    assert all(shown == expected for shown, expected in answers)
    assert get_language() is not None


def test_words_of_a_template_are_looked_up_once_a_language(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up: list[str] = []

    class Counted(i18n.TranslateNode):
        def render(self, context: Context) -> str:
            looked_up.append("once more")
            return super().render(context)

    monkeypatch.setattr(i18n_tags.i18n, "TranslateNode", Counted)
    page = engines["django"].from_string('{% load i18n %}{% translate "Damage" %}').template
    for language in ("en", "de", "en", "de"):
        with override(language):
            page.render(Context())

    assert len(looked_up) == 2


def test_what_is_no_sentence_is_refused_as_django_refuses_it() -> None:
    for source in ("{% translate %}", "{% blocktranslate %}{% if x %}{% endblocktranslate %}"):
        with pytest.raises(TemplateSyntaxError):
            engines["django"].from_string("{% load i18n %}" + source)
