"""What a row of the queue says: what is the matter, what was sent, what comes next by itself."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import gettext_lazy
from djmoney.money import Money

from shop.foundation.money import total
from trials.console.queries.overdue import OverduePage
from trials.console.seen import mark_of_trial
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.handing_over import UNDER_WAY, scan_takes, word_counts_for
from trials.returns.models.charges import ChargeAttempt, Notice, TrialCharge
from trials.returns.queries.charges import (
    AFTER_REMINDER,
    AWAY,
    charged_after,
    has_arrived,
    is_coming_back,
)
from trials.returns.services.charging import price_of_missing

LABELS = {
    "all": gettext_lazy("All"),
    "overdue": gettext_lazy("Overdue"),
    "under_way": gettext_lazy("On its way back"),
    "lost": gettext_lazy("Lost, it seems"),
    "arrived": gettext_lazy("Here, not checked in"),
    "missing": gettext_lazy("Frames missing"),
    "unpaid": gettext_lazy("Unpaid"),
    "to_decide": gettext_lazy("To decide"),
}
TONES = {"unpaid": "danger", "lost": "danger", "overdue": "warn", "to_decide": "accent"}
ANSWERS = {
    "link_opened": gettext_lazy("opened the payment link"),
    "sent_back": gettext_lazy("handed the box to the carrier"),
    "said_sent": gettext_lazy("says that she sent it back"),
}
STEPS = {
    "remind": gettext_lazy("Reminder"),
    "charge": gettext_lazy("Charge"),
    "ask_again": gettext_lazy("The card is asked again"),
    "asking": gettext_lazy("The card is being asked"),
    "check_in": gettext_lazy("Check it in"),
    "answer": gettext_lazy("Answer that it never came"),
    "decide": gettext_lazy("Nothing more by itself"),
}


@dataclass(frozen=True)
class Overdue:
    """One row.

    Attributes:
        kind: what is the matter, a name of ``LABELS``.
        trial: whose number, customer and frames are shown.
        charge: the charge it is about; nothing where it is about the trial.
        what: the frames, or what is owed for.
        amount: what is owed, and what the frames that are away and not charged would cost.
        since: when the days at home were over, or the charge was made.
        sent: what she was written, the latest last.
        answered: what she did about it, with its time; names of ``ANSWERS``.
        now: when it was read; what may be done is judged by it.
        step: what comes next by itself, a name of ``STEPS``.
        step_at: when; nothing where it is now, or never.
    """

    kind: str
    trial: Trial
    charge: TrialCharge | None
    what: list[str]
    amount: Money
    since: datetime
    sent: list[Notice]
    answered: list[tuple[str, datetime]]
    step: str
    step_at: datetime | None
    now: datetime

    @cached_property
    def mark(self) -> str:
        """What the row shows of its trial in short, so that acts on an outdated one are refused."""
        trial: Any = self.trial
        return mark_of_trial(trial, away=trial.away, owed=trial.owed)

    @property
    def label(self) -> str:
        """What is the matter, in words."""
        return str(LABELS[self.kind])

    @property
    def tone(self) -> str:
        """How loudly the badge says it."""
        return TONES.get(self.kind, "info")

    @property
    def next_step(self) -> str:
        """What comes next by itself, in words."""
        return str(STEPS[self.step])

    @property
    def answers(self) -> list[dict[str, Any]]:
        """What she did, in words, with its time."""
        return [{"words": str(ANSWERS[name]), "at": at} for name, at in self.answered]

    @cached_property
    def may_remind(self) -> bool:
        """Whether a reminder would say something: not of what the carrier has, or has brought."""
        trial, coming = self.trial, is_coming_back(self.trial)
        in_grace = trial.charge_at is not None and trial.charge_at >= self.now
        with_her = not has_arrived(self.trial) and not (coming and in_grace)
        return self.charge is None and bool(self._uncharged) and with_her

    @property
    def may_extend(self) -> bool:
        """Whether staff may give her more days: the box is at home, and nothing is charged."""
        whole = len(self._uncharged) == len(self.trial.away)  # type: ignore[attr-defined]
        return self.kind == "overdue" and self.may_remind and whole

    @property
    def may_charge(self) -> bool:
        """Whether staff may charge now what is missing."""
        trial = self.trial
        reminded = trial.reminded_at is not None and trial.reminded_at + AFTER_REMINDER <= self.now
        over = trial.charge_at is not None and trial.charge_at < self.now
        after = charged_after(trial)
        waited = after is not None and after < self.now and not has_arrived(self.trial)
        ready = over and reminded and (waited or not is_coming_back(trial))
        return self.charge is None and ready and bool(self._uncharged)

    @property
    def may_lose(self) -> bool:
        """Whether what is away may be given up, nobody paying for it."""
        return self.charge is None and bool(self._uncharged)

    @cached_property
    def _uncharged(self) -> list[Any]:
        return _uncharged(self.trial)


def overdue_rows(page: OverduePage, *, kind: str, now: datetime) -> list[Overdue]:
    """Return the rows of a page; asks the database nothing.

    Args:
        page: as ``overdue_page`` returns it.
        kind: the kind that was asked for.
        now: an aware time.
    """
    return [
        _of_charge(row, kind, now) if isinstance(row, TrialCharge) else _of_trial(row, kind, now)
        for row in page.rows
    ]


def _of_trial(trial: Trial, asked: str, now: datetime) -> Overdue:
    owed: list[TrialCharge] = trial.owed  # type: ignore[attr-defined]
    percent = trial.programme_version.unreturned_percent
    missing = [price_of_missing(item, percent) for item in _uncharged(trial)]
    assert trial.due_at is not None
    # Who looks among the overdue reads what is overdue, though something is owed as well.
    kind = _kind(trial, now) if asked == "all" else asked
    step, step_at = step_of_charge(owed[0]) if kind == "unpaid" else _step_of_trial(trial, kind)
    return Overdue(
        kind=kind,
        trial=trial,
        charge=None,
        what=[str(item.variant) for item in trial.away]  # type: ignore[attr-defined]
        or [charge.what for charge in owed],
        amount=total([*(charge.amount for charge in owed), *missing]),
        since=trial.due_at,
        sent=trial.written,  # type: ignore[attr-defined]
        answered=_answers(trial, owed),
        step=step,
        step_at=step_at,
        now=now,
    )


def _of_charge(charge: TrialCharge, kind: str, now: datetime) -> Overdue:
    decide = kind == "to_decide"
    step, step_at = ("decide", None) if decide else step_of_charge(charge)
    return Overdue(
        kind=kind,
        trial=charge.trial,
        charge=charge,
        what=[charge.what],
        amount=charge.amount - charge.refunded if decide else charge.amount,
        since=charge.created_at,
        sent=charge.trial.written,  # type: ignore[attr-defined]
        answered=_answers(charge.trial, [charge]),
        step=step,
        step_at=step_at,
        now=now,
    )


def _uncharged(trial: Trial) -> list[Any]:
    away: list[Any] = trial.away  # type: ignore[attr-defined]
    return [item for item in away if not any(charge.purpose in AWAY for charge in item.charged)]


def _kind(trial: Trial, now: datetime) -> str:
    if trial.owed:  # type: ignore[attr-defined]
        return "unpaid"
    if not is_coming_back(trial):
        return "missing" if trial.state == TrialState.RECEIVED else "overdue"
    if has_arrived(trial):
        return "arrived"
    after = charged_after(trial)
    return "lost" if after is not None and after < now else "under_way"


def _step_of_trial(trial: Trial, kind: str) -> tuple[str, datetime | None]:
    if kind == "arrived":
        return "check_in", None
    if trial.missed_at is not None and trial.state == TrialState.DELIVERED:
        return "answer", None
    if trial.reminded_at is None and kind != "under_way":
        return "remind", None
    if kind == "lost" and _in_time(trial):
        return "decide", None
    after = charged_after(trial, said=next((at for _name, at in _said(trial)), None))
    if after is not None and trial.reminded_at is not None:
        after = max(after, trial.reminded_at + AFTER_REMINDER)
    return "charge", after


def step_of_charge(charge: TrialCharge) -> tuple[str, datetime | None]:
    """Return what comes next by itself of what is owed, a name of ``STEPS``, and when if planned.

    Args:
        charge: its ``attempts`` are prefetched where there are many.
    """
    attempts: list[ChargeAttempt] = list(charge.attempts.all())
    planned = next((each for each in attempts if each.asked_at is None), None)
    if planned is not None:
        return "ask_again", planned.due_at
    waits = any(each.refused_at is None for each in attempts)
    return ("asking" if waits else "decide"), None


def _answers(trial: Trial, charges: list[TrialCharge]) -> list[tuple[str, datetime]]:
    sent_back = [("sent_back", move.at) for move in trial.sent_back]  # type: ignore[attr-defined]
    sent_back += _said(trial)
    opened = [("link_opened", charge.link_opened_at) for charge in charges if charge.link_opened_at]
    return sorted([*sent_back, *opened], key=lambda each: each[1])


def _said(trial: Trial) -> list[tuple[str, datetime]]:
    return [("said_sent", each.told_at) for each in trial.said_sent]  # type: ignore[attr-defined]


def _in_time(trial: Trial) -> bool:
    """Tell whether the carrier had the box in time, as ``handing_over.scanned_in_time`` does."""
    end = trial.charge_at
    scans = [
        word.occurred_at
        for parcel in trial.parcels_back  # type: ignore[attr-defined]
        for word in parcel.words
        if word.status in UNDER_WAY and parcel.checked_in_at is None
    ]
    said = [at for _name, at in _said(trial) if end is not None and at <= end]
    believed = [scan for scan in scans for at in said if scan <= at + word_counts_for()]
    return end is not None and (bool(believed) or any(scan <= end + scan_takes() for scan in scans))
