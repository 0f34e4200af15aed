"""Nothing goes live that nobody has read: terms are signed where they are shown.

Whoever publishes brings the signature back; it fits these very terms alone, however their amounts
and moments are written.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.core.signing import BadSignature, Signer
from djmoney.money import Money

from shop.foundation.money import quantize


def sign_terms(slug: str, rules: Mapping[str, Any]) -> str:
    """Return what says that terms were shown.

    Args:
        slug: of the programme.
        rules: all of them, and ``valid_from`` where they do not count at once.
    """
    return _signer().signature(_text(slug, rules))


def were_shown(slug: str, rules: Mapping[str, Any], seen: str) -> bool:
    """Tell whether ``seen`` was given for these very terms.

    Args:
        slug: as of ``sign_terms``.
        rules: as of ``sign_terms``.
        seen: what was brought back.
    """
    signer = _signer()
    try:
        signer.unsign(f"{_text(slug, rules)}{signer.sep}{seen}")
    except BadSignature:
        return False
    return True


def _signer() -> Signer:
    return Signer(salt="programme-preview")


def _text(slug: str, rules: Mapping[str, Any]) -> str:
    return repr((slug, sorted((name, _plain(value)) for name, value in rules.items())))


def _plain(value: Any) -> str:
    if isinstance(value, Money):
        exact = quantize(value)
        return f"{exact.amount} {exact.currency}"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return str(value)
