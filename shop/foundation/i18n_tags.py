"""Django's ``i18n`` tags, each of whose words is looked up once a language.

What a page says in words does not change from row to row nor from look to look, and Django works
it out each time: a list of fifty rows has three hundred such tags. Templates load it as ``i18n``.
"""

from typing import Any

from django.template import Context, Library
from django.template.base import Parser, Token
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags = dict(i18n.register.tags)
register.filters = dict(i18n.register.filters)


class KeptTranslateNode(i18n.TranslateNode):
    """Words that stand in the template, translated once a language."""

    def __init__(self, node: Any) -> None:
        """Take Django's own node, whose words those of a template's text are."""
        self.__dict__.update(node.__dict__)
        # Other threads draw the same page: what says the words is never told where to write them.
        self._says = i18n.TranslateNode(node.filter_expression, noop=False)
        self._said: dict[str | None, Any] = {}

    def render(self, context: Context) -> str:
        """Return the words, or write them into the context where they are taken ``as`` a name."""
        language = get_language()
        said = self._said.get(language)
        if said is None:
            said = self._said[language] = self._says.render(context)
        if self.asvar:
            context[self.asvar] = said
            return ""
        return said


class KeptBlockTranslateNode(i18n.BlockTranslateNode):
    """A sentence with values in it, whose text is put together once."""

    def __init__(self, node: Any) -> None:
        """Take Django's own node."""
        self.__dict__.update(node.__dict__)
        self._lists: dict[int, tuple[str, list[str]]] = {}

    def render_token_list(self, tokens: Any) -> tuple[str, list[str]]:
        """Return the sentence as its translations are looked up, and the names of its values."""
        kept = self._lists.get(id(tokens))
        if kept is None:
            kept = self._lists[id(tokens)] = super().render_token_list(tokens)
        text, names = kept
        # Django puts those of the plural behind those of the singular.
        return text, list(names)


@register.tag("trans")
@register.tag("translate")
def translate(parser: Parser, token: Token) -> Any:
    """Translate words as Django does; those that stand in the template are kept."""
    node: Any = i18n.do_translate(parser, token)
    words = node.filter_expression
    plain = isinstance(words.var.literal, str) and not words.filters
    return node if node.noop or node.message_context or not plain else KeptTranslateNode(node)


@register.tag("blocktrans")
@register.tag("blocktranslate")
def blocktranslate(parser: Parser, token: Token) -> Any:
    """Translate a sentence with values in it as Django does."""
    return KeptBlockTranslateNode(i18n.do_block_translate(parser, token))
