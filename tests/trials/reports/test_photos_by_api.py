"""A customer's program sees the photos that damage and her reports rest on, and sends more."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import delivered_trial
from tests.sharing.photos.pictures import jpeg
from tests.trials.returns.boxes_back import checked_in, item_of, proposal_for_damage, terms
from trials.evidence.models import EvidencePhoto, EvidenceSource
from trials.evidence.services import add_evidence, render_evidence
from trials.home_trials.models import Trial
from trials.reports.models import CustomerReport, Decision
from trials.reports.services import decide_broken, report_broken
from trials.returns.models.inspections import Finding
from trials.returns.services.damages import accept_proposal

pytestmark = pytest.mark.django_db


@pytest.fixture
def trial() -> Trial:
    """One with a frame that its customer told to have arrived broken."""
    trial = delivered_trial()
    words = "A hinge is off"
    report_broken(user=trial.user, number=trial.number, item_id=item_of(trial).pk, words=words)
    return trial


def _api(user: User) -> APIClient:
    api = APIClient()
    api.force_authenticate(user)
    return api


def _picture(name: str = "a.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg(), content_type="image/jpeg")


def _more(trial: Trial, user: User | None = None, **sent: Any) -> Any:
    path = f"/api/v1/trials/{trial.number}/items/{item_of(trial).pk}/broken/photos/"
    return _api(user or trial.user).post(path, sent or {"photos": [_picture()]}, format="multipart")


def _photo(trial: Trial, *, by: User, place: int = 0) -> EvidencePhoto:
    photo = add_evidence(
        trial_id=trial.pk,
        item_id=item_of(trial, place).pk,
        file=_picture(),
        by=by,
        source=EvidenceSource.STATION,
    )
    render_evidence(photo.pk)
    return photo


def test_more_photos_are_sent_of_what_was_told_to_be_broken(trial: Trial) -> None:
    answer = _more(trial, photos=[_picture(), _picture("b.jpg")])

    assert answer.status_code == 201
    sent = EvidencePhoto.objects.filter(item=item_of(trial), source="customer")
    assert {each["id"] for each in answer.json()["photos"]} == {str(each.pk) for each in sent}
    assert [each["state"] for each in answer.json()["photos"]] == ["pending", "pending"]
    assert answer.json()["words"] == "A hinge is off"


def test_photos_are_asked_for_and_refused_in_words(trial: Trial) -> None:
    without = _more(trial, photos=[])
    assert (without.status_code, [*without.json()["errors"]]) == (400, ["photos"])
    seven = _more(trial, photos=[_picture(f"{place}.jpg") for place in range(7)])
    assert seven.status_code == 400
    unread = _more(trial, photos=[_picture(), SimpleUploadedFile("x.jpg", b"no photo")])
    assert unread.status_code == 422
    # What could be taken in is kept.
    assert EvidencePhoto.objects.count() == 1


def test_before_it_is_told_and_once_it_is_answered_none_are_taken(trial: Trial) -> None:
    untold = delivered_trial()
    assert _more(untold).status_code == 404
    told = CustomerReport.objects.get()
    decide_broken(
        report_id=told.pk, by=StaffFactory(), decision=Decision.ACCEPTED, answer="We are sorry"
    )
    assert _more(trial).status_code == 409
    assert not EvidencePhoto.objects.exists()


def test_nobody_else_sends_photos_of_her_frame(trial: Trial) -> None:
    assert [_more(trial, user).status_code for user in (UserFactory(), StaffFactory())] == [404] * 2
    assert not EvidencePhoto.objects.exists()


def test_her_report_names_its_photos_and_she_may_fetch_them(trial: Trial) -> None:
    _more(trial)
    render_evidence(EvidencePhoto.objects.get().pk)
    api = _api(trial.user)

    (told,) = api.get(f"/api/v1/trials/{trial.number}/reports/").json()["results"]

    (photo,) = told["photos"]
    assert (photo["state"], photo["taken_by"]) == ("ready", "customer")
    assert api.get(next(iter(photo["urls"].values()))).status_code == 200
    assert _api(UserFactory()).get(next(iter(photo["urls"].values()))).status_code == 404
    queue = _api(StaffFactory()).get("/api/v1/staff/broken-frames/").json()["results"]
    assert [each["id"] for each in queue[0]["photos"]] == [photo["id"]]


def test_damage_names_the_photos_it_rests_on_to_her_and_to_staff() -> None:
    proposal = proposal_for_damage()
    trial, boss = proposal.inspection.item.trial, ManagerFactory()
    place = [*trial.items.order_by("pk")].index(proposal.inspection.item)
    photo = _photo(trial, by=boss, place=place)
    _photo(trial, by=boss, place=1 - place)
    accept_proposal(proposal_id=proposal.pk, by=boss)

    (hers,) = _api(trial.user).get(f"/api/v1/trials/{trial.number}/proposals/").json()["results"]
    (staffs,) = _api(boss).get("/api/v1/staff/proposals/").json()["results"]
    words = {"words": "It came so"}
    said = _api(trial.user).post(f"/api/v1/proposals/{proposal.pk}/object/", words, format="json")

    for each in (hers, staffs, said.json()):
        assert [(one["id"], one["taken_by"]) for one in each["photos"]] == [
            (str(photo.pk), "station")
        ]


@pytest.mark.parametrize("what", ["reports", "proposals"])
def test_photos_of_three_frames_take_as_many_statements_as_of_one(what: str) -> None:
    terms(damaged_percent=50)
    taken = []
    for frames in (1, 3):
        trial, boss = delivered_trial(frames=frames), ManagerFactory()
        for place in range(frames):
            item = item_of(trial, place)
            report_broken(user=trial.user, number=trial.number, item_id=item.pk, words="A hinge")
            _photo(trial, by=boss, place=place)
        for place in range(frames):
            proposal = checked_in(item_of(trial, place), Finding.DAMAGED).proposal
            accept_proposal(proposal_id=proposal.pk, by=boss)
        api, path = _api(trial.user), f"/api/v1/trials/{trial.number}/{what}/"
        api.get(path)
        with CaptureQueriesContext(connection) as captured:
            listed = api.get(path).json()["results"]
        assert [len(each["photos"]) for each in listed] == [1] * frames
        taken.append(len(captured))
    assert taken[0] == taken[1]
