"""What a customer said she keeps is charged once her days at home are over."""

import uuid

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from shop.customers.models import User
from shop.foundation.locks import lock_row, lock_rows
from trials.home_trials.models import Trial
from trials.home_trials.services.journey import settle_item
from trials.home_trials.states import ItemOutcome, TrialState
from trials.reports.models import CustomerReport, ReportKind
from trials.returns.models.charges import TrialCharge
from trials.returns.queries.charges import AWAY
from trials.returns.services.making import make_charges


def charge_kept(*, trial_id: uuid.UUID, by: User | None = None) -> list[TrialCharge]:
    """Charge the frames of a trial that its customer keeps; asked again, nothing is charged twice.

    It is time when her days at home are over, or the box with the others has been checked in.

    Args:
        trial_id: which trial; one whose time has not come is left as it is.
        by: who checked the box in; nobody where the clock did.

    Returns:
        The charges made now.
    """
    with transaction.atomic():
        trial = lock_row(Trial, trial_id, related=("user", "card"))
        over = trial.due_at is not None and trial.due_at < timezone.now()
        if not (over or trial.state == TrialState.RECEIVED) or trial.closed_at is not None:
            return []
        told = CustomerReport.objects.filter(
            trial=trial,
            kind=ReportKind.KEEPING,
            withdrawn_at=None,
            charged_at=None,
            item__settled_at=None,
        )
        reports = lock_rows(CustomerReport, told.values_list("pk", flat=True))
        owed = []
        for report in reports:
            item = trial.items.get(reports=report)
            report.charged_at = timezone.now()
            report.save(update_fields=["charged_at"])
            if TrialCharge.objects.filter(item=item, purpose__in=AWAY).exists():
                # Asked for as missing before she said that she keeps it: it is owed once.
                continue
            if not item.price.amount:
                reason = gettext_noop("Kept, free")
                settle_item(item_id=item.pk, outcome=ItemOutcome.LOST, by=by, reason=reason)
                continue
            owed.append((item, item.price))
        return make_charges(trial=trial, purpose=TrialCharge.Purpose.KEPT, owed=owed, by=by)
