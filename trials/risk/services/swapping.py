"""Frames swapped after the rules spoke: the worth of a box is looked at again."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from djmoney.money import Money

from shop.foundation.money import total
from trials.home_trials.models import Trial
from trials.risk.errors import SwapNeedsLookError
from trials.risk.models import Outcome, RiskRule, RuleKind


def check_worth(_trial: Trial, before: Sequence[Money], after: Sequence[Money]) -> None:
    """Refuse a swap by which a box comes to be worth what a rule would have spoken of.

    The rules speak once, when a box is asked for: a cheap one would else be approved by itself and
    then filled with dear frames.

    Args:
        before: the prices in the box.
        after: what they would be.

    Raises:
        SwapNeedsLookError: the rule on a box's worth would speak now, and did not before.
    """
    rule = RiskRule.objects.filter(kind=RuleKind.BOX_VALUE, active=True).first()
    if rule is None or rule.outcome == Outcome.APPROVE:
        return
    worth, worth_then = (int(total(list(prices)).amount) for prices in (after, before))
    if worth_then < rule.threshold <= worth:
        raise SwapNeedsLookError(
            _(
                "With this frame one of us would have to look at your box first. Choose one that"
                " costs less, or call the box off and ask for it anew."
            )
        )
