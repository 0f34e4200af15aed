"""A customer says that her box never came: it is looked for, and nothing is charged meanwhile."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from shop.customers.models import User
from shop.foundation.card_numbers import refuse_card_numbers
from shop.foundation.clock import end_of_day
from shop.foundation.locks import lock_row
from shop.foundation.plain_text import one_line
from trials.home_trials.models import MAY_BE_MISSED, Trial
from trials.home_trials.queries import trial_of
from trials.home_trials.services.journey import count_days_anew, mark_delivered
from trials.home_trials.services.mails import mail_customer
from trials.home_trials.states import TrialState
from trials.reports.errors import (
    NotMissedError,
    ReportDecidedError,
    ReportMissingError,
    ReportWordsError,
)
from trials.reports.models import CustomerReport, Decision, ReportKind
from trials.reports.queries import reports_of
from trials.reports.services import tell


def missed_from(trial: Trial) -> datetime | None:
    """Return from when on a customer may say that her box never came; nothing where she may not.

    Args:
        trial: hers.
    """
    if trial.state not in MAY_BE_MISSED or trial.shipped_at is None:
        return None
    if trial.state == TrialState.DELIVERED:
        # Somebody says that it has come: she need not wait to say that it has not.
        return trial.delivered_at or trial.shipped_at
    return trial.shipped_at + timedelta(days=settings.BOX_MISSED_AFTER_DAYS)


def tell_never_came(*, user: User, number: str) -> CustomerReport:
    """Note that a customer misses her box; somebody answers her, and nothing is charged till then.

    Args:
        user: the customer.
        number: of her trial, reported delivered, or shipped ``BOX_MISSED_AFTER_DAYS`` days ago or
            longer.

    Returns:
        What she told; told before, the same again.

    Raises:
        TrialMissingError: the trial is not hers.
        NotMissedError: it is too early, her box is on its way back, or she told of frames in it.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_of(user=user, number=number).pk, related=("user",))
        told = list(reports_of([trial.pk]))
        before = next((each for each in told if each.kind == ReportKind.NEVER_CAME), None)
        if before is not None:
            return before
        _check_may_miss(trial, told)
        report = tell(trial, ReportKind.NEVER_CAME)
        trial.missed_at = report.told_at
        trial.save(update_fields=["missed_at"])
        mail_customer("trial_missed", trial, fact=report.pk)
        return report


def came_after_all(*, user: User, number: str) -> None:
    """Take back that a box never came; her days at home count from now.

    One that she does not miss is left as it is.

    Raises:
        TrialMissingError: the trial is not hers.
        ReportDecidedError: she was answered before.
    """
    with transaction.atomic():
        trial = lock_row(
            Trial,
            trial_of(user=user, number=number).pk,
            related=("user", "address", "programme_version"),
        )
        report = reports_of([trial.pk]).filter(kind=ReportKind.NEVER_CAME).first()
        if report is None:
            return
        if report.decision:
            raise ReportDecidedError(_("We have answered you already. Write to us, and we help."))
        report.withdrawn_at = timezone.now()
        report.save(update_fields=["withdrawn_at"])
        trial.missed_at = None
        trial.save(update_fields=["missed_at"])
        if trial.state == TrialState.SHIPPED:
            mark_delivered(trial_id=trial.pk, at=timezone.now())
        elif trial.state == TrialState.DELIVERED and not _counted_anew(trial, report):
            count_days_anew(trial)


def answer_never_came(*, report_id: uuid.UUID, by: User, answer: str) -> CustomerReport:
    """Tell a customer that her box did come; she has a day more before anything is charged.

    One that is lost is given up instead (``returns.services.losing.lose_parcel``).

    Args:
        report_id: what she told.
        by: who answers.
        answer: what the carrier knows, in words she reads.

    Raises:
        ReportMissingError: there is no such report.
        ReportWordsError: the answer is missing.
        CardNumberError: it holds a card number.
        ReportDecidedError: it was answered otherwise, or taken back.
    """
    answer = one_line(answer)[:300]
    refuse_card_numbers(answer)
    if not answer:
        raise ReportWordsError(_("Write an answer; the customer reads it."))
    found = CustomerReport.objects.filter(pk=report_id, kind=ReportKind.NEVER_CAME).first()
    if found is None:
        raise ReportMissingError(_("There is no such report."))
    with transaction.atomic():
        trial = lock_row(Trial, found.trial_id, related=("user",))
        report = lock_row(CustomerReport, report_id)
        if report.decision == Decision.REFUSED:
            return report
        if report.decision or report.withdrawn_at:
            raise ReportDecidedError(_("This was decided already."))
        decide(report, Decision.REFUSED, by=by, answer=answer)
        now = timezone.now()
        trial.missed_at = None
        if trial.charge_at is not None:
            trial.charge_at = max(trial.charge_at, end_of_day(now, days=1, zone=trial.user.zone))
            trial.reminded_at = None
        trial.save(update_fields=["missed_at", "charge_at", "reminded_at"])
        mail_customer("trial_missed_answered", trial, fact=report.pk, report=report)
        return report


def give_up_missed(trial: Trial, *, by: User) -> None:
    """Note that the box a customer misses is given up, in the caller's transaction.

    Args:
        trial: locked by the caller; one that nobody misses is left.
        by: who gives it up.
    """
    report = reports_of([trial.pk]).filter(kind=ReportKind.NEVER_CAME, decision="").first()
    if report is not None:
        decide(report, Decision.ACCEPTED, by=by, answer="")


def decide(report: CustomerReport, decision: Decision, *, by: User, answer: str) -> None:
    """Write down what was decided on a report, in the caller's transaction."""
    report.decision, report.answer = decision, answer
    report.decided_at, report.decided_by = timezone.now(), by
    report.save(update_fields=["decision", "answer", "decided_at", "decided_by"])


def _counted_anew(trial: Trial, report: CustomerReport) -> bool:
    """Tell whether her days were counted anew before: she says so once, and not every week."""
    taken_back = CustomerReport.objects.filter(trial=trial, kind=ReportKind.NEVER_CAME)
    return taken_back.exclude(withdrawn_at=None).exclude(pk=report.pk).exists()


def _check_may_miss(trial: Trial, told: list[CustomerReport]) -> None:
    since = missed_from(trial)
    if since is None or trial.items.exclude(settled_at=None).exists():
        raise NotMissedError(
            _("Trial %(number)s is “%(state)s”: its box is not on its way to you.")
            % {"number": trial.number, "state": trial.get_state_display()},
            state=trial.state,
        )
    if told:
        raise NotMissedError(_("You have told us of frames in this box, so it has come."))
    if since > timezone.now():
        day = date_format(since.astimezone(trial.user.zone), "DATE_FORMAT")
        raise NotMissedError(
            _("Parcels take a few days. Should it not have come by %(day)s, tell us then.")
            % {"day": day}
        )
