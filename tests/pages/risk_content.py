"""What the rules declined, for the pages that show it."""

from shop.catalogue.models import Variant
from shop.customers.models import User
from tests.trials.risk.assessed import declined_by_rule
from trials.risk.services.looking import ask_for_look


def declined_path(user: User, variants: list[Variant]) -> str:
    """Let rules decline a wish of hers, and another whose customer asks a person to look."""
    asked = declined_by_rule(variants=variants)
    words = "I am trying frames for my daughter's wedding, and pay by the card of my husband."
    ask_for_look(user=asked.user, number=asked.number, words=words)
    return f"/trials/{declined_by_rule(user=user, variants=variants).number}/"
