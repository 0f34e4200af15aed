"""Everything people read can be translated, and is translated into every language of the shop."""

import re

import pytest
from babel.messages import Catalog
from django.conf import settings
from django.contrib.admin import site
from django.template.base import Lexer, TokenType
from django.utils.functional import Promise

from tests.messages import (
    FLOORS,
    LANGUAGES,
    ROOT,
    compiled,
    extracted,
    missing,
    name_of,
    po_file,
    sources,
    stored,
)

AGAIN = "Say make messages, complete the .po file, and say it once more."
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")
# Read by no template engine, so it says everything in both languages at once.
NO_ENGINE = "500.html"
# Names, and what is the same everywhere.
NOT_WORDS = re.compile(r"Lorgnette|&\w+;|[^A-Za-z]")
READ_ALOUD = ("alt", "aria-label", "aria-description", "title", "placeholder", "summary")
TEXT_FILTERS = re.compile(r"\|(?:default|default_if_none|yesno|pluralize|add):\"([^\"]*)\"")
DATES = re.compile(r"\|(?:date|time):\"(?!c\"|[A-Z_]+_FORMAT\")([^\"]*)\"")


@pytest.fixture(scope="module")
def fresh() -> Catalog:
    return extracted()


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    return stored(request.param)


def test_every_language_but_the_source_has_a_catalogue() -> None:
    assert {code for code, _name in settings.LANGUAGES} == {settings.LANGUAGE_CODE, *LANGUAGES}


def test_the_catalogue_has_all_that_the_sources_give_and_no_more(
    catalogue: Catalog, fresh: Catalog
) -> None:
    kept = {(each.context, each.id) for each in catalogue if each.id}
    given = {(each.context, each.id) for each in fresh if each.id}

    assert kept == given, f"{AGAIN} Missing: {given - kept}; left over: {kept - given}"


def test_every_form_of_every_string_is_translated_for_sure(catalogue: Catalog) -> None:
    assert missing(catalogue) == [], AGAIN


def test_translations_have_the_placeholders_of_their_source(catalogue: Catalog) -> None:
    wrong = []
    for message in catalogue:
        sources_of = [message.id] if isinstance(message.id, str) else message.id
        forms = [message.string] if isinstance(message.string, str) else message.string
        wanted = {name for text in sources_of for name in PLACEHOLDER.findall(text)}
        if message.id and any(set(PLACEHOLDER.findall(form)) != wanted for form in forms):
            wrong.append(name_of(message))

    assert wrong == []


def test_translations_end_as_their_source_does(catalogue: Catalog) -> None:
    """A sentence stays one, a label that leads on to something keeps its colon."""
    wrong = [
        message.id
        for message in catalogue
        if isinstance(message.id, str) and message.id
        for ends in (".", ":", "?", ",", "…")
        if message.id.endswith(ends) != str(message.string).endswith(ends)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_django_reads_is_compiled_from_what_people_edit(language: str) -> None:
    assert po_file(language).with_suffix(".mo").read_bytes() == compiled(stored(language)), AGAIN


def _untranslated(text: str) -> list[str]:
    """Return the words of a template that no tag translates."""
    found, inside, html = [], 0, []
    for token in Lexer(text).tokenize():
        if token.token_type == TokenType.BLOCK:
            tag = token.split_contents()[0]
            inside += tag in ("blocktranslate", "comment")
            inside -= tag in ("endblocktranslate", "endcomment")
            if tag in ("include", "with"):
                values = re.findall(r"\w+=\"([^\"]*)\"", token.contents)
                found += [each for each in values if " " in each or each[:1].isupper()]
            html.append("\0")
        elif token.token_type == TokenType.VAR:
            values = TEXT_FILTERS.findall(token.contents)
            found += [each for each in values if " " in each or each[:1].isupper()]
            html.append("\0")
        elif token.token_type == TokenType.TEXT and not inside:
            html.append(token.contents)
        if token.token_type in (TokenType.BLOCK, TokenType.VAR):
            found += DATES.findall(token.contents)
    page = re.sub(r"<(script|style)\b.*?</\1>", "", "".join(html), flags=re.DOTALL)
    for name, value in re.findall(r"\s([\w-]+)=\"([^\"]*)\"", page):
        if name in READ_ALOUD or (name.startswith("data-") and " " in value):
            found.append(value)
    found += re.sub(r"<[^>]*>", "\n", page).split("\n")
    return [each.strip() for each in found if NOT_WORDS.sub("", each)]


TEMPLATES = [path for path in sources() if path.suffix != ".py" and path.name != NO_ENGINE]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_say_nothing_that_cannot_be_translated(path) -> None:
    assert _untranslated(path.read_text()) == []


@pytest.mark.parametrize(
    "template",
    [
        "<p>Your box</p>",
        '<img alt="Your box">',
        '<button data-copied="It is copied">{{ label }}</button>',
        '{% include "components/notice.html" with text="Nothing here" only %}',
        '{{ name|default:"Somebody" }}',
        '{{ day|date:"l, j F" }}',
        '{% blocktranslate with day=day|date:"j F" %}Until {{ day }}{% endblocktranslate %}',
    ],
)
def test_the_check_of_templates_sees_words_everywhere(template: str) -> None:
    assert _untranslated(template)


SCRIPTS = sorted((ROOT / "shop" / "static" / "js").glob("*.js"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_have_no_words_of_their_own(path) -> None:
    """They show what templates give them in data- attributes."""
    code = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)

    assert re.findall(r"[\"'`]([A-Z][a-z]+ [a-z][^\"'`]*)[\"'`]", code) == []


REGISTERED = [model for model in site._registry if model._meta.app_label in FLOORS]


@pytest.mark.parametrize("model", REGISTERED, ids=lambda model: model.__name__)
def test_what_staff_see_in_the_admin_has_names_that_can_be_translated(model) -> None:
    options = site._registry[model]
    shown = set(options.list_display) | set(options.fields or [])
    shown |= {each.name for each in model._meta.fields if each.editable and not options.fields}
    unnamed = [
        each.name
        for each in model._meta.fields
        if each.name in shown and not each.primary_key and not each.name.endswith("_currency")
        if not isinstance(each.verbose_name, Promise)
    ]

    assert isinstance(model._meta.verbose_name, Promise)
    assert isinstance(model._meta.verbose_name_plural, Promise)
    assert unnamed == []
