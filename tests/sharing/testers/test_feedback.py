"""What testers say: once a frame, changeable until the panel closes; counted with intervals."""

import csv
import io

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from sharing.testers import errors, models
from sharing.testers.results import panel_results
from sharing.testers.services.feedback import erase_feedback, give_feedback
from sharing.testers.services.panels import answer_invitation, close_panel, invite
from shop.analytics.models import Event
from shop.foundation.card_numbers import CardNumberError
from shop.foundation.invariants import all_invariants, breaches
from tests.at_once import at_once
from tests.factories.sharing import open_panel_of
from tests.factories.shop import ManagerFactory, StaffFactory, UserFactory
from tests.factories.trials import delivered_trial

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _the_laws_hold_after_each_test():
    yield
    assert [each.name for each in all_invariants() if breaches(each)] == []


def say(panel, user, *, rating="4", choice="Just right", text="Light.", **more):
    rated, chosen, worded = panel.questions.order_by("position")
    answers = {rated.pk: rating, chosen.pk: choice, worded.pk: text, **more}
    handle = panel.frames.get().frame.handle
    return give_feedback(user=user, panel_id=panel.pk, handle=handle, answers=answers)


def test_an_answer_is_given_once_and_changed_in_its_place() -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    first = say(panel, user)
    assert say(panel, user, rating="2", text="").pk == first.pk
    assert models.Feedback.objects.count() == 1
    assert [(each.rating, each.choice) for each in first.answers.order_by("question")] == [
        (2, ""),
        (None, "Just right"),
    ]
    assert Event.objects.filter(name="feedback_given").count() == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Feedback.objects.create(tester=first.tester, frame=first.frame)


def test_feedback_is_caused_by_the_trial_in_which_the_frame_was_worn() -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    frame = panel.frames.get().frame
    delivered_trial(user=user, variants=[frame.variants.get()])
    say(panel, user, text="My nose hurts")
    event = Event.objects.get(name="feedback_given")
    assert event.caused_by == Event.objects.get(name="trial_delivered").pk
    assert "nose" not in str(event.details)


@pytest.mark.parametrize(
    "wrong",
    [
        {"rating": "0"},
        {"rating": "6"},
        {"rating": None},
        {"rating": "4.5"},
        {"choice": "Something else"},
        {"choice": ""},
        {"text": "x" * 501},
    ],
)
def test_an_answer_its_question_does_not_take_is_refused_whole(wrong) -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    with pytest.raises(errors.FeedbackInvalidError):
        say(panel, user, **wrong)
    assert not models.Feedback.objects.exists()


def test_a_question_of_another_panel_and_a_card_number_are_refused() -> None:
    user = UserFactory()
    panel, other = open_panel_of(user), open_panel_of(user)
    mine, hers = (each.frames.get().frame.handle for each in (panel, other))
    answers = {question.pk: "4" for question in other.questions.all()}
    with pytest.raises(errors.FeedbackInvalidError):
        give_feedback(user=user, panel_id=panel.pk, handle=mine, answers=answers)
    with pytest.raises(errors.PanelMissingError):
        give_feedback(user=user, panel_id=panel.pk, handle=hers, answers={})
    with pytest.raises(CardNumberError):
        say(panel, user, text="4242 4242 4242 4242")


def test_only_testers_answer_and_only_while_the_panel_is_open() -> None:
    user, stranger = UserFactory(), UserFactory()
    panel = open_panel_of(user)
    with pytest.raises(errors.PanelMissingError):
        say(panel, stranger)
    invite(panel_id=panel.pk, by=StaffFactory(), emails=[stranger.email])
    with pytest.raises(errors.NotATesterError):
        say(panel, stranger)
    answer_invitation(user=user, panel_id=panel.pk, accept=False)
    with pytest.raises(errors.NotATesterError):
        say(panel, user)
    answer_invitation(user=user, panel_id=panel.pk, accept=True)
    say(panel, user)
    close_panel(panel_id=panel.pk, by=StaffFactory())
    with pytest.raises(errors.PanelClosedError):
        say(panel, user, rating="1")
    assert models.Answer.objects.get(rating__isnull=False).rating == 4


def test_results_count_what_was_given_and_say_how_sure_they_are() -> None:
    people = [UserFactory() for _each in range(4)]
    panel = open_panel_of(*people)
    for user, rating in zip(people, ("1", "4", "5", "5"), strict=True):
        say(panel, user, rating=rating, text=f"Says {rating}")
    (result,) = panel_results(panel)
    rated, chosen, worded = result.questions
    assert [(label, rate.part) for label, rate in rated.counts] == [
        ("1", 1),
        ("2", 0),
        ("3", 0),
        ("4", 1),
        ("5", 2),
    ]
    assert (rated.good.part, rated.good.whole, rated.mean) == (3, 4, None)
    low, high = rated.good.interval
    assert low == pytest.approx(0.3006, abs=1e-4)
    assert high == pytest.approx(0.9544, abs=1e-4)
    assert [(label, rate.part) for label, rate in chosen.counts] == [
        ("Too wide", 0),
        ("Just right", 4),
    ]
    assert worded.total == 4
    assert "Says 1" in worded.texts


def test_more_answers_take_no_more_queries(client: Client) -> None:
    people = [UserFactory() for _each in range(4)]
    panel = open_panel_of(*people)
    client.force_login(ManagerFactory())
    hers = Client()
    hers.force_login(people[0])
    say(panel, people[0])
    paths = [
        (client, "/console/panels/"),
        (client, f"/console/panels/{panel.pk}/"),
        (client, f"/console/panels/{panel.pk}/results/"),
        (client, f"/console/panels/{panel.pk}/results.csv"),
        (hers, f"/tests/{panel.pk}/"),
        (hers, "/tests/"),
    ]

    def counts() -> list[int]:
        found = []
        for who, path in paths:
            who.get(path)
            with CaptureQueriesContext(connection) as captured:
                assert who.get(path).status_code == 200
            found.append(len(captured))
        return found

    before = counts()
    for user in people[1:]:
        say(panel, user)
    open_panel_of(people[0])
    assert counts() == before


def test_the_csv_runs_nothing_and_names_nobody(client: Client) -> None:
    user = UserFactory(name="Secret Name")
    panel = open_panel_of(user)
    say(panel, user, text='=HYPERLINK("https://evil.example")')
    client.force_login(ManagerFactory())
    answer = client.get(f"/console/panels/{panel.pk}/results.csv")
    text = answer.content.decode()
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) == 4
    assert rows[3][4] == '\'=HYPERLINK("https://evil.example")'
    assert "Secret Name" not in text
    assert user.email not in text


def test_erasing_a_tester_blanks_her_words_and_keeps_the_counts() -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    say(panel, user)
    assert erase_feedback(user=user) == 1
    (result,) = panel_results(panel)
    assert (result.questions[0].total, result.questions[2].total) == (1, 0)


def test_a_tester_says_yes_tries_and_answers_on_her_pages(client: Client) -> None:
    user = UserFactory()
    panel = open_panel_of()
    invite(panel_id=panel.pk, by=StaffFactory(), emails=[user.email])
    client.force_login(user)
    assert "Will you test them?" in client.get(f"/tests/{panel.pk}/").content.decode()
    client.post(f"/tests/{panel.pk}/answer/", {"answer": "yes"})
    frame = panel.frames.get().frame
    assert frame.name in client.get(f"/tests/{panel.pk}/").content.decode()
    here = f"/tests/{panel.pk}/frames/{frame.handle}/"
    rated, chosen, worded = panel.questions.order_by("position")
    form = {f"q{rated.pk}": "5", f"q{chosen.pk}": "Too wide", f"q{worded.pk}": "<i>Light</i>"}
    missing = client.post(here, {f"q{rated.pk}": "5"})
    assert missing.status_code == 422
    assert client.post(here, form).status_code == 302
    again = client.get(here).content.decode()
    assert "&lt;i&gt;Light&lt;/i&gt;" in again
    works = Client()
    works.force_login(StaffFactory())
    shown = works.get(f"/console/panels/{panel.pk}/results/").content.decode()
    assert "&lt;i&gt;Light&lt;/i&gt;" in shown


def test_an_app_answers_and_staffs_app_reads_the_results() -> None:
    user, hers, works = UserFactory(), APIClient(), APIClient()
    hers.force_authenticate(user)
    works.force_authenticate(StaffFactory())
    panel = open_panel_of()
    invited = works.post(
        f"/api/v1/staff/panels/{panel.pk}/invite/", {"emails": [user.email]}, format="json"
    )
    assert invited.json()["new"] == [user.email]
    path = f"/api/v1/tests/{panel.pk}/"
    assert hers.get(path).json()["frames"] == []
    shown = hers.post(path, {"accept": True}, format="json").json()
    (frame,) = shown["frames"]
    rated, chosen, _worded = shown["questions"]
    answers = {str(rated["id"]): "5", str(chosen["id"]): chosen["choices"][0]}
    told = hers.put(f"{path}frames/{frame['handle']}/", {"answers": answers}, format="json")
    assert told.json()["frames"][0]["answers"] == answers
    bad = hers.put(f"{path}frames/{frame['handle']}/", {"answers": {"x": "5"}}, format="json")
    assert bad.status_code in (400, 422)
    (result,) = works.get(f"/api/v1/staff/panels/{panel.pk}/results/").json()["frames"]
    assert result["questions"][0]["good"]["part"] == 1
    closed = works.post(f"/api/v1/staff/panels/{panel.pk}/close/")
    assert closed.json()["state"] == "closed"


@pytest.mark.django_db(transaction=True)
def test_answers_sent_twice_at_once_are_one_feedback() -> None:
    user = UserFactory()
    panel = open_panel_of(user)
    at_once([lambda n=n: say(panel, user, rating=str(n)) for n in range(1, 6)], expected=())
    assert models.Feedback.objects.count() == 1
    assert models.Answer.objects.filter(rating__isnull=False).count() == 1
    assert Event.objects.filter(name="feedback_given").count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_yes_that_meets_the_closing_leaves_no_look_behind() -> None:
    people, ops = [UserFactory() for _each in range(6)], StaffFactory()
    panel = open_panel_of()
    invite(panel_id=panel.pk, by=ops, emails=[user.email for user in people])
    acts = [
        lambda user=user: answer_invitation(user=user, panel_id=panel.pk, accept=True)
        for user in people
    ]
    acts.insert(3, lambda: close_panel(panel_id=panel.pk, by=ops))
    at_once(acts, expected=errors.PanelClosedError)
    assert [each.name for each in all_invariants() if breaches(each)] == []
