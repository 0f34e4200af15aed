"""Django's ``url`` and ``date`` for pages with many rows, ``label`` for choices, ``money``.

A list shows two addresses, five dates and a state of each of its fifty rows, and Django works each
out anew: an address by all patterns of the project, a date by taking its format apart, a state's
name by making all choices of its field hashable, in the reader's language. What does not change
from row to row is kept here. The library is built into every template, and shows what Django's
shows.
"""

import datetime
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model
from django.template import Context, Library, defaultfilters, defaulttags
from django.template.base import Parser, Token
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.formats import get_format
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from djmoney.money import Money

from shop.foundation.money import money_words

register = Library()

KEPT = 4096
# What stands in an address as it is written, and fits each kind of pattern that takes words.
PLAIN_WORD = re.compile(r"[-a-zA-Z0-9_]+", re.ASCII)
# One of each kind, which nothing else in an address looks like.
SAMPLES = {str: "q0Zx-7_{}", int: "90817263540{}", UUID: "90817263-5400-4000-8000-00000000000{}"}
# Each sample is told from the others by one digit.
MOST_WORDS = 10
# Formats of a day; whatever the hour, they show the same.
OF_A_MINUTE, CLOCK = frozenset({"SHORT_DATETIME_FORMAT", "DATETIME_FORMAT"}), "H:i"
OF_A_DAY = frozenset({"SHORT_DATE_FORMAT", "DATE_FORMAT", "MONTH_DAY_FORMAT"})


class AddressNode(defaulttags.URLNode):
    """Writes an address, putting its words into that of the view, which is looked up once."""

    def render(self, context: Context) -> str:
        """Return the address, or write it into the context where it is taken ``as`` a name."""
        words = [each.resolve(context) for each in self.args]
        if self.kwargs or len(words) > MOST_WORDS or not all(map(_is_plain, words)):
            return str(super().render(context))
        kinds = tuple(_kind(each) for each in words)
        name = self.view_name.resolve(context)
        parts = _parts(name, kinds, _app(context), get_script_prefix(), get_urlconf())
        if parts is None:
            return str(super().render(context))
        url = parts[0] + "".join(
            f"{word}{part}" for word, part in zip(words, parts[1:], strict=True)
        )
        if self.asvar:
            context[self.asvar] = url
            return ""
        return url


@register.tag
def url(parser: Parser, token: Token) -> AddressNode:
    """Write an address as Django's tag does."""
    node = defaulttags.url(parser, token)
    return AddressNode(node.view_name, node.args, node.kwargs, node.asvar)


@register.filter(expects_localtime=True, is_safe=False)
def date(value: Any, form: str | None = None) -> Any:
    """Write a date as Django's filter does.

    Args:
        value: in the reader's zone by now.
        form: the name of a format, or one.
    """
    if isinstance(value, datetime.datetime) and form == "c":
        return value.isoformat()
    if isinstance(value, datetime.date) and form in OF_A_DAY:
        day = value.date() if isinstance(value, datetime.datetime) else value
        return _day(day, form, get_language())
    if isinstance(value, datetime.datetime) and form in OF_A_MINUTE:
        before_clock = _before_clock(form, language := get_language())
        if before_clock:
            return _day(value.date(), before_clock, language) + f"{value:%H:%M}"
    return defaultfilters.date(value, form)


@register.filter
def money(amount: Any) -> Any:
    """Write an amount as ``{{ amount }}`` does, sooner where others of it were written."""
    return money_words(amount) if isinstance(amount, Money) else amount


@register.filter
def label(row: Model | None, name: str) -> str:
    """Return what a choice of a row is called, as ``get_<name>_display`` does.

    Args:
        row: nothing has no label.
        name: of a field that has choices.
    """
    if row is None or row == "":
        return ""
    value = getattr(row, name)
    found = _choices(type(row), name).get(value, value)
    return "" if found is None else str(found)


@cache
def _choices(model: type[Model], name: str) -> dict[Any, Any]:
    field: Any = model._meta.get_field(name)
    return dict(field.flatchoices)


@cache
def _before_clock(form: str, language: str | None) -> str:
    """Return what a language's format of a minute has before the clock; nothing for another."""
    text = str(get_format(form, language))
    return text.removesuffix(CLOCK) if text.endswith(CLOCK) else ""


@lru_cache(maxsize=KEPT)
def _day(day: datetime.date, form: str | None, language: str | None) -> Any:
    """Return a day as the language in force writes it, which is the one it is kept under."""
    return defaultfilters.date(day, form)


def _kind(word: Any) -> type:
    return str if isinstance(word, SafeString) else type(word)


def _is_plain(word: Any) -> bool:
    kind = _kind(word)
    if kind is str:
        return PLAIN_WORD.fullmatch(word) is not None
    return kind is UUID or (kind is int and word >= 0)


def _app(context: Any) -> str | None:
    try:
        app: str | None = context.request.current_app
    except AttributeError:
        match = getattr(getattr(context, "request", None), "resolver_match", None)
        app = getattr(match, "namespace", None)
    return app


@lru_cache(maxsize=KEPT)
def _parts(
    name: str, kinds: Sequence[type], app: str | None, _prefix: str, _urls: str | None
) -> tuple[str, ...] | None:
    """Return what stands before, between and after the words of an address.

    Nothing where the view takes words of its own kind: its addresses are left to Django, as are
    those of a view there is none of.
    """
    samples = [SAMPLES[kind].format(nth) for nth, kind in enumerate(kinds)]
    words = [kind(sample) for kind, sample in zip(kinds, samples, strict=True)]
    try:
        left = reverse(name, args=words, current_app=app)
    except NoReverseMatch:
        return None
    parts = []
    for sample in samples:
        before, found, left = left.partition(sample)
        if not found:
            return None
        parts.append(before)
    parts.append(left)
    return tuple(parts) if escape("".join(parts)) == "".join(parts) else None
