"""Panels are made in the admin: frames, questions, and what must not be changed any more."""

import pytest
from django.test import Client

from sharing.testers import models
from shop.catalogue.models import EarlyLook
from shop.customers.roles import ensure_roles
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import open_panel_of
from tests.factories.shop import FrameFactory, ManagerFactory, UserFactory

pytestmark = pytest.mark.django_db
ADD = "/admin/sharing/panel/add/"


@pytest.fixture
def boss(client: Client) -> Client:
    ensure_roles()
    client.force_login(ManagerFactory())
    return client


def form(frames=(), questions=(), **more):
    sent = {"title": "Spring", "words": "", **more}
    for prefix, rows in (("frames", frames), ("questions", questions)):
        sent |= {f"{prefix}-TOTAL_FORMS": len(rows), f"{prefix}-INITIAL_FORMS": 0}
        for number, row in enumerate(rows):
            sent |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return sent


def question(kind="rating", choices=""):
    return {"position": 1, "words": "How light?", "kind": kind, "choices": choices}


def test_a_manager_makes_a_panel_with_frames_and_questions(boss: Client) -> None:
    frame = FrameFactory(published=False)
    questions = [question(), question("choice", "Too wide,Just right")]
    answer = boss.post(ADD, form([{"frame": frame.pk}], questions))
    assert answer.status_code == 302, answer.content.decode()
    panel = models.Panel.objects.get()
    assert (panel.frames.count(), panel.questions.count()) == (1, 2)
    assert [each.name for each in all_invariants() if breaches(each)] == []


@pytest.mark.parametrize(
    "wrong", [question("choice", "Only one"), question("choice", "a,a"), question("text", "a,b")]
)
def test_choices_stand_where_one_is_chosen_and_nowhere_else(boss: Client, wrong) -> None:
    assert boss.post(ADD, form(questions=[wrong])).status_code == 200
    assert not models.Panel.objects.exists()


def test_a_card_number_is_refused(boss: Client) -> None:
    assert boss.post(ADD, form(words="4242 4242 4242 4242")).status_code == 200
    assert not models.Panel.objects.exists()


def test_a_frame_added_to_an_open_panel_is_seen_at_once_and_questions_stay(boss: Client) -> None:
    panel, frame = open_panel_of(UserFactory()), FrameFactory(published=False)
    held = panel.frames.get()
    sent = form([{"id": held.pk, "panel": panel.pk, "frame": held.frame_id}, {"frame": frame.pk}])
    sent |= {"frames-INITIAL_FORMS": 1, "questions-TOTAL_FORMS": 1}
    sent |= {f"questions-0-{name}": value for name, value in question().items()}
    answer = boss.post(f"/admin/sharing/panel/{panel.pk}/change/", sent)
    assert answer.status_code == 302, answer.content.decode()
    assert EarlyLook.objects.filter(frame=frame).count() == 1
    assert panel.questions.count() == 3
