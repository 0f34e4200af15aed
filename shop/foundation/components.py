"""Components: small parts of pages, drawn once for the same plain values.

A list page draws the same dozen buttons, badges and icons for each of its rows, each by some two
hundred Python calls. What a template of ``components/`` shows depends on nothing but the values it
is given where it is included with ``only``, and on the language; so it is kept under those.

This library is built into every template and gives ``include`` that meaning; whatever is no
component, has no ``only`` or is given an object is drawn as Django draws it.
"""

from functools import lru_cache
from typing import Any

from django.conf import settings
from django.template import Context, Library, Template
from django.template.base import Parser, Token
from django.template.loader import get_template
from django.template.loader_tags import IncludeNode, do_include
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import get_language

register = Library()

FOLDER = "components/"
# What can neither change nor look at the clock, a zone or the database when it is shown.
PLAIN = (str, SafeString, int, bool, type(None))
# Buttons and badges are short; a comment of a thousand letters comes once.
LONGEST = 200
KEPT = 4096

# Each with its name and type: ``True`` and ``1``, or a text and one that is safe, differ.
Values = tuple[tuple[str, str, Any], ...]


class ComponentNode(IncludeNode):
    """Draws a component, or takes what was drawn of it for the same values."""

    def render(self, context: Context) -> SafeString:
        """Return what the component shows in this context."""
        given = {name: each.resolve(context) for name, each in self.extra_context.items()}
        values = _plain(given)
        if values is None or settings.DEBUG:
            # Not left to Django, which would ask for each value a second time.
            return _template(str(self.template.var)).render(context.new(given))
        return _drawn(str(self.template.var), get_language(), context.autoescape, values)


@register.tag("include")
def include(parser: Parser, token: Token) -> IncludeNode:
    """Include a template as Django does; a component given ``only`` plain values is kept."""
    node = do_include(parser, token)
    name = node.template.var
    if node.isolated_context and isinstance(name, str) and name.startswith(FOLDER):
        return ComponentNode(node.template, extra_context=node.extra_context, isolated_context=True)
    return node


def _plain(given: dict[str, Any]) -> Values | None:
    """Return values to keep something under; nothing where one is more than a plain one."""
    values = []
    for name, value in given.items():
        said = str(value) if isinstance(value, Promise) else value
        if type(said) not in PLAIN or (isinstance(said, str) and len(said) > LONGEST):
            return None
        values.append((name, type(said).__name__, said))
    return tuple(values)


@lru_cache(maxsize=KEPT)
def _drawn(name: str, language: str | None, autoescape: bool, values: Values) -> SafeString:
    context = Context({key: value for key, _type, value in values}, autoescape=autoescape)
    return _template(name).render(context)


def _template(name: str) -> Template:
    loaded: Any = get_template(name)
    template: Template = loaded.template
    return template
