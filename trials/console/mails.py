"""What the mails about a trial are called where staff read that they were sent."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from shop.foundation.postgres.queries import PreparedQuery, PreparedValues, Slot
from shop.messages.models import MessageItem
from trials.home_trials.models import Trial
from trials.returns.models.charges import Notice

# By template. Mails about what is away or owed are told by their subjects: see ``Notice``.
NAMES = {
    "trial_requested": gettext_noop("We have your request"),
    "trial_deposit_asked": gettext_noop("A deposit is asked for"),
    "trial_unpaid": gettext_noop("Not paid in time"),
    "trial_deposit_unpaid": gettext_noop("The deposit was not paid in time"),
    "trial_declined": gettext_noop("Declined"),
    "trial_look_approved": gettext_noop("A person looked: approved"),
    "trial_look_declined": gettext_noop("A person looked: declined"),
    "trial_cancelled": gettext_noop("Cancelled"),
    "trial_frame_swapped": gettext_noop("A frame was swapped"),
    "trial_shipped": gettext_noop("On its way"),
    "trial_delivered": gettext_noop("It has arrived"),
    "trial_day": gettext_noop("A day at home"),
    "trial_extended": gettext_noop("More days"),
    "trial_return_label": gettext_noop("Another return label"),
    "trial_missed": gettext_noop("We look for your box"),
    "trial_missed_answered": gettext_noop("Answer about a box that never came"),
    "trial_undelivered": gettext_noop("It could not be delivered"),
    "trial_coming_back": gettext_noop("It comes back undelivered"),
    "trial_outbound_lost": gettext_noop("Your box was lost"),
    "trial_return_lost": gettext_noop("Your return was lost"),
    "trial_box_empty": gettext_noop("Your box came back empty"),
    "trial_thing_found": gettext_noop("Something of hers was in her box"),
    "trial_thing_sent": gettext_noop("Something of hers is on its way to her"),
    "trial_broken_answered": gettext_noop("Answer about a broken frame"),
    "trial_damage": gettext_noop("A frame came back damaged"),
    "trial_damage_changed": gettext_noop("Answer to an objection about damage"),
    "trial_damage_waived": gettext_noop("Damage waived"),
    "trial_deposit_kept": gettext_noop("Deposit kept"),
    "trial_deposit_paid": gettext_noop("The deposit is paid"),
    "trial_hold_refused": gettext_noop("The hold was refused"),
    "trial_hold_renewed": gettext_noop("The hold is about to be renewed"),
    "trial_closed": gettext_noop("All is back"),
    "trial_never_reached": gettext_noop("Over: it never reached her"),
}


_NOTICES = PreparedQuery(
    lambda: Notice.objects.select_related("sent_by").filter(trial_id=Slot("trial"))
)
# By its customer's index; few hundred messages in all her life.
_SENT = PreparedValues(
    lambda: MessageItem.objects.filter(
        user_id=Slot("user"), about=Slot("about"), sent_at__isnull=False
    ).values_list("template", "sent_at")
)


def mails_of(trial: Trial) -> list[dict[str, Any]]:
    """Return the mails sent about a trial, as its timeline shows them: two queries.

    Args:
        trial: whose customer, once erased, was written nothing that is still known.
    """
    notices = [(each.subject, each.at, each.sent_by) for each in _NOTICES.rows(trial=trial.pk)]
    sent = _SENT.rows(user=trial.user_id, about=str(trial.pk))
    others = [(_(NAMES[template]), at, None) for template, at in sent if template in NAMES]
    return [
        {
            "title": _("Mail: %(subject)s") % {"subject": subject},
            "at": at,
            "by": by or _("the shop"),
            "note": "",
            "mail": True,
        }
        for subject, at, by in [*notices, *others]
    ]
