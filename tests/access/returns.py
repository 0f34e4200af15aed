"""What follows returns, for the table: of the owner's trial, and parcels of others."""

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from shop.customers.models import User
from tests.factories.trials import shipped_trial
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import checked_in, terms
from trials.evidence.models import EvidenceSource
from trials.evidence.services import add_evidence, render_evidence
from trials.home_trials.models import Trial, TrialItem
from trials.reports.missed_boxes import tell_never_came
from trials.reports.models import CustomerReport
from trials.reports.services import report_broken
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import Finding
from trials.returns.services.damages import accept_proposal
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_surplus
from trials.shipping.services.labels import create_labels


def returns_things(trial: Trial, item: TrialItem, manager: User) -> dict[str, Any]:
    """Return the things of the owner's trial: ``item`` is at home, another came back damaged."""
    terms(damaged_percent=50)
    other = trial.items.exclude(pk=item.pk).order_by("pk").first()
    assert other is not None
    inspection = checked_in(other, Finding.DAMAGED, note="A temple is off", by=manager)
    proposal = ChargeProposal.objects.get(inspection=inspection)
    accept_proposal(proposal_id=proposal.pk, by=manager)
    told = report_broken(user=trial.user, number=trial.number, item_id=item.pk, words="A hinge")
    file = SimpleUploadedFile("box.jpg", jpeg())
    photo = add_evidence(
        trial_id=trial.pk, item_id=item.pk, file=file, by=manager, source=EvidenceSource.STATION
    )
    render_evidence(photo.pk)
    note = note_surplus(trial_id=trial.pk, by=manager, words="Her own glasses")
    lost, losable = (create_labels(trial_id=shipped_trial().pk, by=manager)[0] for _ in range(2))
    claim = lose_parcel(tracking_number=lost.tracking_number, by=manager, early=True)
    return {
        "tried": item.pk,
        "proposal": proposal.pk,
        "told": told.pk,
        "missed": missed_box().pk,
        "evidence": photo.pk,
        "evidence_size": 320,
        "left": note.pk,
        "claim": claim.pk,
        "claimed": lost.tracking_number,
        "losable": losable.tracking_number,
    }


def missed_box() -> CustomerReport:
    """Return that a customer misses her box."""
    trial = shipped_trial()
    Trial.objects.filter(pk=trial.pk).update(shipped_at=timezone.now() - timedelta(days=9))
    return tell_never_came(user=trial.user, number=trial.number)


def returns_forms() -> dict[str, dict[str, Any]]:
    """Return what is sent to routes that read their input before they look for the thing."""
    reason, answer = {"reason": "Worn by many"}, {"answer": "We see it."}
    words = {"words": "It came so"}
    return {
        "console:proposal_decide": {"way": "waive", **reason},
        "api-staff-correct-verdict": {
            "barcode": "LG1",
            "finding": "good",
            "grade": "A",
            **reason,
        },
        "api-staff-proposal-accept": {"seen": "proposed"},
        "api-staff-proposal-waive": {"seen": "proposed", **reason},
        "api-staff-proposal-change": {"amount": "1.00", **reason},
        "trials:damage_object": words,
        "api-proposal-object": words,
        "console:claim": {"way": "file", "reference": "R-1"},
        "api-staff-claim-file": {"reference": "R-1"},
        "api-staff-claim-paid": {"paid": "1.00"},
        "api-staff-claim-refused": reason,
        "api-staff-claim-correct": {"paid": "1.00", "seen_paid": "1.00", **reason},
        "api-staff-claim-given-back": reason,
        "api-staff-claim-withdraw": reason,
        "console:missed_answer": answer,
        "api-staff-missed-answer": answer,
        "console:broken_decide": {"decision": "accepted", **answer},
        "api-staff-broken-decide": {"decision": "accepted", **answer},
        "trials:frame_broken": words,
        "api-frame-broken": words,
        "api-frame-broken-photos": {"photos": SimpleUploadedFile("frame.jpg", jpeg())},
        "api-staff-evidence": {"file": SimpleUploadedFile("box.jpg", jpeg())},
        "console:check_in_note": {"kind": "surplus", **words},
        "api-staff-box-notes": {"kind": "surplus", **words},
    }
