"""What friends loved, suggested for boxes: trials ask, and know nothing of friends."""

from django.utils import timezone

from sharing.loved.queries import loved_for
from shop.analytics.keeping import GOOD_FOR
from shop.customers.models import User
from trials.home_trials.suggesting import Tip, register_tips


def tips_of_friends(user: User) -> list[Tip]:
    """Return the frames friends of customers like her loved, each with the reason in words."""
    found = loved_for(user, since=timezone.now() - GOOD_FOR)
    return [Tip(frame_id=each.frame_id, reason=str(each.likeness.label)) for each in found]


register_tips("friends", tips_of_friends)
