"""The states of panels and of those invited, and the steps between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PanelState(models.TextChoices):
    """Whether a panel's testers see its frames and may answer."""

    DRAFT = "draft", _("Draft")
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")


PANEL_MOVES = {
    PanelState.DRAFT: frozenset({PanelState.OPEN}),
    PanelState.OPEN: frozenset({PanelState.CLOSED}),
    PanelState.CLOSED: frozenset({PanelState.OPEN}),
}


class TesterState(models.TextChoices):
    """What somebody invited said."""

    INVITED = "invited", _("Invited")
    ACCEPTED = "accepted", _("Testing")
    DECLINED = "declined", _("Declined")
    REMOVED = "removed", _("Removed")


TESTER_MOVES = {
    TesterState.INVITED: frozenset(
        {TesterState.ACCEPTED, TesterState.DECLINED, TesterState.REMOVED}
    ),
    TesterState.ACCEPTED: frozenset({TesterState.DECLINED, TesterState.REMOVED}),
    TesterState.DECLINED: frozenset(
        {TesterState.ACCEPTED, TesterState.INVITED, TesterState.REMOVED}
    ),
    TesterState.REMOVED: frozenset({TesterState.INVITED}),
}
