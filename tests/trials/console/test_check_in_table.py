"""At the check-in table: every box that is not as it should be (abuse.md 12 and 13)."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from shop.analytics.models import Event
from shop.foundation.models import OutboxMessage
from tests.at_once import at_once
from tests.factories.shop import StaffFactory
from tests.factories.trials import (
    TrialUnitFactory,
    delivered_trial,
    packed_trial,
    shipped_trial,
)
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import broken_laws, checked_in, item_of, parcels, scanned
from trials.console.queries.trials import staff_trial
from trials.console.timeline import trial_timeline
from trials.evidence.models import EvidencePhoto
from trials.home_trials.models import Trial
from trials.returns.errors import AlreadyCheckedInError, NotOutError
from trials.returns.models.charges import TrialCharge
from trials.returns.models.inspections import BoxNote, Finding, Inspection
from trials.returns.queries.box_notes import things_to_send_home
from trials.returns.services.checking_in import check_in_unit
from trials.returns.services.losing import lose_parcel
from trials.returns.services.noting import note_empty_box, sent_home
from trials.shipping.models import Leg, ShipmentState
from trials.shipping.services.return_labels import another_return_label
from trials.units.models import Grade

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def ops(client: Client) -> Client:
    client.force_login(StaffFactory())
    return client


def _scan(ops: Client, trial: Trial, code: str) -> tuple[int, str]:
    url = reverse("console:check_in_trial", args=[trial.number])
    answer = ops.post(url, {"barcode": code}, headers=HTMX)
    return answer.status_code, answer.content.decode()


def _post(ops: Client, name: str, trial: Trial, data: dict[str, object]) -> None:
    answer = ops.post(reverse(f"console:{name}", args=[trial.number]), data)
    assert answer.status_code == 302, answer.content


def test_a_box_opened_by_its_number_that_nobody_has_sent_back_is_doubted(ops: Client) -> None:
    trial = delivered_trial()
    doubt = "Nobody has told that this box is on its way back."

    def opened_by(code: str) -> str:
        answer = ops.post(reverse("console:check_in"), {"barcode": code}, follow=True)
        return answer.content.decode()

    assert doubt in opened_by(trial.number)
    assert doubt not in opened_by(item_of(trial).unit.barcode)
    label = scanned(trial, Leg.RETURN).tracking_number
    assert doubt not in opened_by(label)
    assert doubt not in opened_by(trial.number)


def test_a_box_opened_by_the_label_it_went_out_with_may_be_undelivered(ops: Client) -> None:
    trial = shipped_trial()
    doubt = "brings it back undelivered, say so first on the trial’s page"
    labels = parcels(trial)

    def opened_by(code: str) -> str:
        answer = ops.post(reverse("console:check_in"), {"barcode": code}, follow=True)
        return answer.content.decode()

    assert doubt in opened_by(labels[Leg.OUTBOUND].tracking_number)
    assert doubt not in opened_by(labels[Leg.RETURN].tracking_number)
    scanned(trial, Leg.OUTBOUND, ShipmentState.SENT_BACK)
    assert doubt not in opened_by(labels[Leg.OUTBOUND].tracking_number)


def test_a_unit_of_another_trial_is_checked_in_there_in_one_act_and_both_keep_it(
    ops: Client,
) -> None:
    here, there = delivered_trial(), delivered_trial(frames=1)
    unit = item_of(there).unit
    status, screen = _scan(ops, here, unit.barcode)
    assert (status, "checked in for" in screen, there.number in screen) == (200, True, True)
    status, screen = _scan(ops, here, "2")

    assert f"Checked in for {there.number}" in screen
    inspection = Inspection.objects.get()
    assert (inspection.item.trial, inspection.found_in) == (there, here)
    there.refresh_from_db()
    here.refresh_from_db()
    assert (there.state, here.state) == ("closed", "delivered")
    for trial, other in ((here, there), (there, here)):
        notes = " ".join(entry["note"] for entry in trial_timeline(staff_trial(trial.number)))
        assert other.number in notes
        assert unit.barcode in notes
    assert broken_laws() == []


def test_a_stray_of_a_trial_with_more_away_leaves_that_trial_open(ops: Client) -> None:
    here, there = delivered_trial(), delivered_trial(frames=2)
    _scan(ops, here, item_of(there).unit.barcode)
    _scan(ops, here, "CHECK-A")

    there.refresh_from_db()
    assert there.state == "delivered"
    assert item_of(there).outcome == "returned"


@pytest.mark.parametrize("state", ["available", "repair", "retired"])
def test_a_unit_that_was_never_out_is_noted_and_put_aside(ops: Client, state: str) -> None:
    trial = delivered_trial()
    unit = TrialUnitFactory(state=state)
    for _twice in range(2):
        status, screen = _scan(ops, trial, unit.barcode)
        assert (status, "This one was not out" in screen) == (409, True)

    note = BoxNote.objects.get()
    assert (note.kind, note.unit, note.trial) == ("not_out", unit, trial)
    unit.refresh_from_db()
    assert unit.state == state


def test_a_unit_given_up_for_lost_is_found_in_the_box_of_another(ops: Client) -> None:
    lost, here = delivered_trial(frames=1), delivered_trial()
    number = scanned(lost, Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=StaffFactory(), early=True)
    unit = item_of(lost).unit
    _scan(ops, here, unit.barcode)
    _scan(ops, here, "1")

    unit.refresh_from_db()
    claim.refresh_from_db()
    assert (unit.state, item_of(lost).outcome, claim.state) == (
        "available",
        "returned",
        "withdrawn",
    )
    assert broken_laws() == []


def test_the_same_unit_twice_and_an_unknown_code_are_refused(ops: Client) -> None:
    trial = delivered_trial()
    barcode = item_of(trial).unit.barcode
    _scan(ops, trial, barcode)
    _scan(ops, trial, "2")
    status, screen = _scan(ops, trial, barcode)
    assert (status, "Already checked in" in screen) == (409, True)
    status, screen = _scan(ops, trial, "LG123")
    assert (status, "Unknown barcode" in screen) == (422, True)
    assert Inspection.objects.count() == 1


def test_control_barcodes_do_what_buttons_do(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    for place, code in enumerate(["check-b", "CHECK-DAMAGED"]):
        _scan(ops, trial, item_of(trial, place).unit.barcode)
        _scan(ops, trial, code)
    answer = ops.post(
        reverse("console:check_in_trial", args=[trial.number]),
        {"barcode": "CHECK-DONE"},
        headers=HTMX,
    )

    assert answer["HX-Redirect"] == reverse("console:check_in")
    trial.refresh_from_db()
    assert trial.state == "closed"
    found = Inspection.objects.order_by("pk").values_list("finding", "grade")
    assert list(found) == [("good", "B"), ("damaged", "D")]


def test_the_sheet_of_control_barcodes_is_printed(ops: Client) -> None:
    answer = ops.get(reverse("console:check_in_codes"))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


def test_an_empty_box_returns_nothing_tells_the_customer_and_keeps_a_photo(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    scanned(trial, Leg.RETURN)
    photo = SimpleUploadedFile("box.jpg", jpeg())
    _post(ops, "check_in_note", trial, {"kind": "empty", "photo": photo, "words": "Tape cut"})
    _post(ops, "check_in_note", trial, {"kind": "empty"})

    trial.refresh_from_db()
    assert trial.state == "received"
    assert {item.outcome for item in trial.items.all()} == {"at_home"}
    assert not Inspection.objects.exists()
    assert EvidencePhoto.objects.get().item is None
    assert BoxNote.objects.get().words == "Tape cut"
    mails = OutboxMessage.objects.filter(payload__subject__icontains="came back empty")
    assert mails.count() == 1
    assert Event.objects.filter(name="box_empty").count() == 1


def test_the_table_takes_the_next_box_after_an_empty_one_and_one_with_a_frame_missing(
    ops: Client,
) -> None:
    empty, too_few = delivered_trial(), delivered_trial(frames=2)
    scanned(empty, Leg.RETURN)
    for trial, codes in (
        (empty, ["CHECK-EMPTY"]),
        (too_few, [item_of(too_few).unit.barcode, "CHECK-A"]),
    ):
        url = reverse("console:check_in_trial", args=[trial.number])
        for code in codes:
            _scan(ops, trial, code)
        answer = ops.post(url, {"barcode": "CHECK-DONE"}, headers=HTMX)
        assert answer["HX-Redirect"] == reverse("console:check_in")
    assert {each.state for each in (empty, too_few) if not each.refresh_from_db()} == {"received"}


def test_the_next_box_is_opened_from_the_one_before_once_that_is_done_with(ops: Client) -> None:
    first, second = delivered_trial(), delivered_trial()
    scanned(first, Leg.RETURN)
    label = scanned(second, Leg.RETURN).tracking_number
    url = reverse("console:check_in_trial", args=[first.number])
    refusal = ops.post(url, {"barcode": label}, headers=HTMX)
    assert (refusal.status_code, "Box not finished" in refusal.content.decode()) == (409, True)

    _scan(ops, first, "CHECK-EMPTY")
    for code in (label, second.number):
        answer = ops.post(url, {"barcode": code}, headers=HTMX)
        assert answer["HX-Redirect"] == reverse("console:check_in_trial", args=[second.number])
    _scan(ops, first, item_of(first).unit.barcode)
    assert ops.post(url, {"barcode": label}, headers=HTMX).status_code == 409


def test_a_box_opened_by_mistake_is_left_by_its_control_barcode_and_changes_nothing(
    ops: Client,
) -> None:
    trial = delivered_trial()
    url = reverse("console:check_in_trial", args=[trial.number])
    for code, there in ((trial.number, url), ("do-cancel", reverse("console:check_in"))):
        answer = ops.post(url, {"barcode": code}, headers=HTMX)
        assert (answer.status_code, answer["HX-Redirect"]) == (204, there)
    trial.refresh_from_db()
    assert trial.state == "delivered"
    assert not Inspection.objects.exists()


def test_a_box_that_is_not_out_cannot_come_back_empty() -> None:
    trial = packed_trial()
    with pytest.raises(NotOutError):
        note_empty_box(trial_id=trial.pk, by=StaffFactory())
    assert not BoxNote.objects.exists()


def test_a_frame_too_few_stays_with_the_customer_and_comes_in_a_second_parcel(ops: Client) -> None:
    trial = delivered_trial(frames=2)
    checked_in(item_of(trial))
    _post(ops, "check_in_finish", trial, {})
    trial.refresh_from_db()
    assert (trial.state, item_of(trial, 1).outcome) == ("received", "at_home")
    assert trial.charge_at is not None

    checked_in(item_of(trial, 1))
    trial.refresh_from_db()
    assert trial.state == "closed"
    assert not TrialCharge.objects.exists()
    assert broken_laws() == []


def test_something_that_is_not_ours_is_noted_and_sent_back(ops: Client) -> None:
    trial = delivered_trial()
    answer = ops.post(
        reverse("console:check_in_note", args=[trial.number]), {"kind": "surplus", "words": " "}
    )
    assert answer.status_code == 422
    photo = SimpleUploadedFile("g.jpg", jpeg())
    data = {"kind": "surplus", "words": "Her own <b> glasses", "photo": photo}
    _post(ops, "check_in_note", trial, data)

    (note,) = things_to_send_home()
    page = ops.get(reverse("console:left_list")).content.decode()
    assert "Her own &lt;b&gt; glasses" in page
    assert trial.address.lines[0] in page
    ops.post(reverse("console:left_done", args=[note.pk]))
    assert sent_home(note_id=note.pk, by=StaffFactory()).done_at is not None
    assert not things_to_send_home().exists()


def test_photos_are_taken_while_the_unit_waits_for_its_verdict(ops: Client) -> None:
    trial = delivered_trial()
    item = item_of(trial)
    _scan(ops, trial, item.unit.barcode)
    photos = [SimpleUploadedFile(f"{each}.jpg", jpeg()) for each in range(2)]
    _post(ops, "check_in_photo", trial, {"item": str(item.pk), "photos": photos})

    assert EvidencePhoto.objects.filter(item=item, source="station").count() == len(photos)
    page = ops.get(reverse("console:check_in_trial", args=[trial.number])).content.decode()
    assert "How does it look?" in page


def test_two_tables_that_scan_one_unit_check_it_in_once_for_one_trial() -> None:
    """Threads: see below; here the second scan of the other table is told so."""
    here, there = delivered_trial(), delivered_trial()
    item, ops = item_of(there), StaffFactory()
    verdict = {"barcode": item.unit.barcode, "finding": Finding.GOOD, "grade": Grade.A, "by": ops}
    check_in_unit(trial_id=there.pk, found_in=here.pk, **verdict)
    with pytest.raises(AlreadyCheckedInError):
        check_in_unit(trial_id=there.pk, **verdict)


@pytest.mark.django_db(transaction=True)
def test_two_tables_at_once_with_each_others_units_neither_wait_for_ever_nor_take_twice() -> None:
    one, two = delivered_trial(), delivered_trial()
    ops = StaffFactory()

    def take(owner: Trial, found_in: Trial, place: int) -> Inspection:
        return check_in_unit(
            trial_id=owner.pk,
            barcode=item_of(owner, place).unit.barcode,
            finding=Finding.GOOD,
            grade=Grade.A,
            by=ops,
            found_in=found_in.pk,
        )

    acts = [
        lambda: take(one, two, 0),
        lambda: take(two, one, 0),
        lambda: take(one, one, 0),
        lambda: take(two, two, 0),
        lambda: take(one, two, 1),
        lambda: take(two, one, 1),
    ]
    outcomes = at_once(acts, expected=AlreadyCheckedInError)

    taken = [each for each in outcomes if isinstance(each, Inspection)]
    assert len(taken) == 4
    assert Inspection.objects.count() == 4
    assert broken_laws() == []


@pytest.mark.parametrize("code", ["CHECK-DONE", "CHECK-EMPTY"])
def test_of_two_parcels_the_one_whose_label_was_scanned_is_opened(ops: Client, code: str) -> None:
    trial = delivered_trial()
    first = scanned(trial, Leg.RETURN)
    second = another_return_label(trial_id=trial.pk, by=trial.user, nth=2)
    ops.post(reverse("console:check_in"), {"barcode": second.tracking_number})
    if code == "CHECK-DONE":
        _scan(ops, trial, item_of(trial).unit.barcode)
        _scan(ops, trial, "2")
    _scan(ops, trial, code)

    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.checked_in_at, second.checked_in_at is not None) == (None, True)
