"""What friends are asked where the owner wrote nothing herself: each reads her own language."""

from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

USUAL = (gettext_noop("Which ones should I try on?"), gettext_noop("Which pair should I keep?"))


@cache
def _usual_in_any_language() -> dict[str, str]:
    found: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {_(question): question for question in USUAL}
    return found


def as_read(question: str, language: str | None = None) -> str:
    """Return a question as the reader is asked it: in her language where it is a usual one.

    Args:
        question: as it is kept, in the language its owner had then.
        language: the reader's; the present one if none is given.
    """
    usual = _usual_in_any_language().get(question)
    if usual is None:
        return question
    with translation.override(language or translation.get_language()):
        return _(usual)
