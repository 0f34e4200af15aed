"""A programme's terms in the words a customer reads: on pages, in the API, in previews."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from djmoney.money import Money

from trials.programme.models import DayCount, Mode, ProgrammeVersion

FULL = 100


@dataclass(frozen=True)
class Term:
    """One term.

    Attributes:
        name: stable, for programs.
        label: what it is about, in the reader's language.
        text: what it says, in the reader's language.
    """

    name: str
    label: str
    text: str


def terms_of(version: ProgrammeVersion) -> list[Term]:
    """Return all terms of a version that mean something, in the order a customer meets them.

    Args:
        version: the rules; a term that is switched off, such as a deposit of nothing, is left out.
    """
    found = [(name, label(), write(version)) for name, label, write in _TERMS]
    return [Term(*each) for each in found if each[2]]


@dataclass(frozen=True)
class Change:
    """How one term differs between two versions; empty where it is not there."""

    label: str
    before: str
    after: str


def changes(before: ProgrammeVersion | None, after: ProgrammeVersion) -> list[Change]:
    """Return how the terms of two versions differ, in words; without a first, all are new."""
    old = {term.name: term for term in terms_of(before)} if before else {}
    new = {term.name: term for term in terms_of(after)}
    return [
        Change(
            label=(new.get(name) or old[name]).label,
            before=old[name].text if name in old else "",
            after=new[name].text if name in new else "",
        )
        for name, _label, _write in _TERMS
        if (name in old or name in new) and old.get(name) != new.get(name)
    ]


def card_words(version: ProgrammeVersion) -> str:
    """Return in a sentence what a card stands for under the terms, said where she gives one."""
    percent, late = version.damaged_percent, version.late_fee.amount
    if percent and late:
        words = _(
            "A card stands for the frames while they are with you. Nothing is charged unless one "
            "stays away, comes back late or is damaged; for damage up to %(percent)s %% of its "
            "price."
        )
    elif percent:
        words = _(
            "A card stands for the frames while they are with you. Nothing is charged unless one "
            "stays away or is damaged; for damage up to %(percent)s %% of its price."
        )
    elif late:
        words = _(
            "A card stands for the frames while they are with you. Nothing is charged unless one "
            "stays away or comes back late."
        )
    else:
        words = _(
            "A card stands for the frames while they are with you. Nothing is charged unless one "
            "stays away."
        )
    return words % {"percent": percent}


def _box(version: ProgrammeVersion) -> str:
    frames = version.frames_per_box
    words = ngettext("Up to %(n)s frame", "Up to %(n)s frames", frames) % {"n": frames}
    if not version.most_value.amount:
        return words
    return _("%(frames)s, worth up to %(most)s together") % {
        "frames": words,
        "most": version.most_value,
    }


def _at_home(version: ProgrammeVersion) -> str:
    days = version.days_at_home
    words = ngettext(
        "%(days)s day from the day it arrives", "%(days)s days from the day it arrives", days
    ) % {"days": days}
    return _counted(version, words, last=_("should the last be no working day, until the next one"))


def _counted(version: ProgrammeVersion, words: str, *, last: str) -> str:
    """Return what is said of some days, with which of them count where not all do."""
    counted = {
        DayCount.LAST_WORKING: last,
        DayCount.WORKING_DAYS: _("only working days count"),
    }.get(DayCount(version.day_count))
    return f"{words}; {counted}" if counted else words


def _extension(version: ProgrammeVersion) -> str:
    days = version.extension_days
    if not days:
        return ""
    return ngettext(
        "Once, for %(days)s day, if nobody waits for your frames",
        "Once, for %(days)s days, if nobody waits for your frames",
        days,
    ) % {"days": days}


def _grace(version: ProgrammeVersion) -> str:
    days = version.grace_days
    words = ngettext(
        "%(days)s more day before anything is charged",
        "%(days)s more days before anything is charged",
        days,
    ) % {"days": days}
    return _counted(version, words, last=_("should the last be no working day, until the next one"))


def _fee(version: ProgrammeVersion) -> str:
    if not version.fee.amount:
        return _("Nothing, both ways")
    return _(
        "%(fee)s, both ways; charged when you ask for the box, given back if it never reaches you"
    ) % {"fee": version.fee}


def _deposit(version: ProgrammeVersion) -> str:
    if not version.deposit.amount:
        return ""
    return _("%(deposit)s, charged when you ask for the box and given back when all is settled") % {
        "deposit": version.deposit
    }


def _hold(version: ProgrammeVersion) -> str:
    if not version.hold.amount:
        return ""
    return _(
        "%(hold)s is held on your card while the box is with you, and only taken for what you owe"
    ) % {"hold": version.hold}


def _buying(version: ProgrammeVersion) -> str:
    if version.mode == Mode.KEEP_AND_PAY:
        return _("Keep what you love: its price is charged to your card")
    return _("Everything comes back; you buy a new pair of what you love")


def _missing(version: ProgrammeVersion) -> str:
    percent = version.unreturned_percent
    if not percent:
        return _("Nothing is charged for a frame that does not come back")
    if percent == FULL:
        return _("Its price is charged to your card, after a reminder")
    return _("%(percent)s %% of its price is charged to your card, after a reminder") % {
        "percent": percent
    }


def _damaged(version: ProgrammeVersion) -> str:
    percent = version.damaged_percent
    if not percent:
        return _("Nothing is charged")
    return _("Up to %(percent)s %% of its price, after somebody has looked at it") % {
        "percent": percent
    }


def _late(version: ProgrammeVersion) -> str:
    fee, cap = version.late_fee, version.late_fee_cap
    if not fee.amount:
        return ""
    words = _("%(fee)s a day once the days of grace are over") % {"fee": fee}
    if cap.amount:
        words = _("%(fee)s a day once the days of grace are over, %(cap)s at most") % {
            "fee": fee,
            "cap": cap,
        }
    last = _("should the last late day be no working day, it lasts until the next one")
    return _counted(version, words, last=last)


def _under_way(version: ProgrammeVersion) -> str:
    days = version.longest_wait_days
    if not days:
        return ""
    return ngettext(
        "A box on its way back puts the charge off, by %(days)s day at most",
        "A box on its way back puts the charge off, by %(days)s days at most",
        days,
    ) % {"days": days}


def _late_return(version: ProgrammeVersion) -> str:
    days, percent = version.late_return_days, version.late_return_percent
    if not days or not percent:
        return ""
    return ngettext(
        "A frame that comes back within %(days)s day after it was charged: "
        "%(percent)s %% is given back",
        "A frame that comes back within %(days)s days after it was charged: "
        "%(percent)s %% is given back",
        days,
    ) % {"days": days, "percent": percent}


def _reminders(version: ProgrammeVersion) -> str:
    if not version.reminder_days:
        return ""
    days = ", ".join(str(day) for day in sorted(version.reminder_days))
    return _("By email on these days at home: %(days)s") % {"days": days}


def _again(version: ProgrammeVersion) -> str:
    most, days = version.open_trials_per_customer, version.cool_down_days
    words = ngettext("%(n)s trial at a time", "%(n)s trials at a time", most) % {"n": most}
    if not days:
        return words
    wait = ngettext(
        "the next one %(days)s day after the last is closed",
        "the next one %(days)s days after the last is closed",
        days,
    )
    return f"{words}; {wait % {'days': days}}"


# Each with a stable name, its label, and what writes it; empty words leave it out.
_TERMS: tuple[tuple[str, Callable[[], str], Callable[[ProgrammeVersion], str]], ...] = (
    ("box", lambda: _("In a box"), _box),
    ("at_home", lambda: _("At home"), _at_home),
    ("extension", lambda: _("More time"), _extension),
    ("reminders", lambda: _("Reminders"), _reminders),
    ("buying", lambda: _("What you love"), _buying),
    ("fee", lambda: _("Costs"), _fee),
    ("deposit", lambda: _("Deposit"), _deposit),
    ("hold", lambda: _("Held on your card"), _hold),
    ("grace", lambda: _("Grace"), _grace),
    ("late", lambda: _("Sent back late"), _late),
    ("missing", lambda: _("Not sent back"), _missing),
    ("under_way", lambda: _("On its way back"), _under_way),
    ("late_return", lambda: _("Back after all"), _late_return),
    ("damaged", lambda: _("Damaged"), _damaged),
    ("again", lambda: _("How often"), _again),
)


def due_at_placing(version: ProgrammeVersion) -> Money:
    """Return what a customer pays when she asks for a box: the fee and the deposit."""
    return version.fee + version.deposit
