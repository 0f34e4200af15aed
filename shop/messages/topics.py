"""What the shop writes about, and what a person may choose for each of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a message is about. A name, once it stands in a row or a mail, never changes."""

    ORDER = "order", _("Orders")
    TRIAL = "trial", _("Trials")
    PAYMENT = "payment", _("Payments")
    SECURITY = "security", _("Log-in and security")
    INVITATION = "invitation", _("A friend’s question")
    FIRST_VOTE = "first_vote", _("The first vote on a gallery")
    VOTES = "votes", _("Further votes")
    DEADLINE = "deadline", _("Voting ends soon")
    RESULT = "result", _("What your friends decided")
    REWARD = "reward", _("Rewards")
    PURCHASE_NEWS = "purchase_news", _("What a friend chose")
    CIRCLES = "circles", _("News of your circles")
    IDEAS = "ideas", _("Answers to ideas")
    STYLIST = "stylist", _("Answers of our stylist")
    TESTS = "tests", _("Invitations to test")


class Delivery(models.TextChoices):
    """How somebody is written to about a topic."""

    AT_ONCE = "at_once", _("At once")
    DIGEST = "digest", _("Once a day")
    NEVER = "never", _("Never")


# What somebody must be told because of what she ordered; it cannot be switched off.
TRANSACTIONAL = frozenset({Topic.ORDER, Topic.TRIAL, Topic.PAYMENT, Topic.SECURITY})
OPTIONAL: tuple[Topic, ...] = tuple(topic for topic in Topic if topic not in TRANSACTIONAL)
# What happens once goes at once; what may happen ten times an evening is gathered.
DEFAULTS: dict[Topic, Delivery] = {
    **dict.fromkeys(OPTIONAL, Delivery.AT_ONCE),
    Topic.VOTES: Delivery.DIGEST,
    Topic.CIRCLES: Delivery.DIGEST,
    Topic.IDEAS: Delivery.DIGEST,
}
EXPLAINED = {
    Topic.INVITATION: _("When a friend has us send you her gallery."),
    Topic.FIRST_VOTE: _("When the first friend has voted, so that you know it has begun."),
    Topic.VOTES: _("How many more friends have voted, and on what."),
    Topic.DEADLINE: _("A day before the voting of a gallery ends."),
    Topic.RESULT: _("Which frame your friends chose, and how sure that is."),
    Topic.REWARD: _("When a friend you brought has earned you something, or it was taken back."),
    Topic.PURCHASE_NEWS: _("Which frame was bought in the end, where you voted and asked to hear."),
    Topic.CIRCLES: _("Frames saved and invitations in the circles you are in."),
    Topic.IDEAS: _("What came of ideas you had or voted for."),
    Topic.STYLIST: _("When our stylist has answered a question of yours."),
    Topic.TESTS: _("When you may try frames that are not released yet."),
}
