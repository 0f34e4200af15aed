"""Ideas on pages, in the console and by API."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from sharing.ideas.models import Idea
from sharing.ideas.services import add_idea, report_idea, vote_for
from tests.factories.shop import StaffFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_a_customer_proposes_on_a_page_and_another_votes_there(client: Client) -> None:
    client.force_login(UserFactory(name="Secret Name"))
    client.post("/ideas/new/", {"title": "<b>Clip-ons</b>", "text": "For the summer"})
    found = Idea.objects.get()
    other = Client()
    other.force_login(UserFactory())
    page = other.get(f"/ideas/{found.pk}/").content.decode()
    assert "&lt;b&gt;Clip-ons&lt;/b&gt;" in page
    assert "Secret Name" not in page
    answer = other.post(f"/ideas/{found.pk}/vote/", {"next": "/ideas/?order=new"})
    assert answer["Location"] == "/ideas/?order=new"
    part = other.post(f"/ideas/{found.pk}/unvote/", headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert Idea.objects.get().votes_count == 0


def test_a_vote_leads_to_no_other_site(client: Client) -> None:
    found = add_idea(user=UserFactory(), title="Clip-ons")
    client.force_login(UserFactory())
    answer = client.post(f"/ideas/{found.pk}/vote/", {"next": "https://evil.example/"})
    assert answer["Location"] == f"/ideas/{found.pk}/"


def test_what_was_typed_stays_where_it_is_refused(client: Client) -> None:
    client.force_login(UserFactory())
    sent = {"title": "Clip-ons", "text": "4242 4242 4242 4242"}
    answer = client.post("/ideas/new/", sent)
    assert answer.status_code == 422
    assert "looks like a card number" in answer.content.decode()
    assert not Idea.objects.exists()


def test_the_maker_answers_merges_and_hides_in_the_console(client: Client) -> None:
    first = add_idea(user=UserFactory(), title="Clip-ons")
    second = add_idea(user=UserFactory(), title="Sun clips")
    report_idea(user=UserFactory(), idea_id=second.pk, reason="A duplicate")
    client.force_login(StaffFactory())
    here = f"/console/ideas/{first.pk}/"
    form = {"state": "planned", "seen": "proposed", "text": "In spring."}
    assert client.post(f"{here}answer/", form).status_code == 302
    assert "A duplicate" in client.get(f"/console/ideas/{second.pk}/").content.decode()
    client.post(f"/console/ideas/{second.pk}/merge/", {"into": str(first.pk)})
    second.refresh_from_db()
    assert second.merged_into_id == first.pk
    client.post(f"{here}hide/")
    first.refresh_from_db()
    assert first.hidden_at is not None
    client.post(f"{here}show/")
    first.refresh_from_db()
    assert first.hidden_at is None


def test_an_app_lists_votes_and_reports_and_a_makers_app_answers() -> None:
    hers, works = APIClient(), APIClient()
    user = UserFactory()
    hers.force_authenticate(user)
    works.force_authenticate(StaffFactory())
    own = hers.post("/api/v1/ideas/", {"title": "Clip-ons"}, format="json")
    assert (own.status_code, own.json()["own"]) == (201, True)
    other = add_idea(user=UserFactory(), title="Sun clips")
    path = f"/api/v1/ideas/{other.pk}/"
    assert hers.put(f"{path}vote/").json()["voted"] is True
    listed = hers.get("/api/v1/ideas/").json()["results"]
    assert [row["title"] for row in listed] == ["Sun clips", "Clip-ons"]
    newest = hers.get("/api/v1/ideas/?order=new&page_size=1").json()
    assert newest["results"][0]["title"] == "Sun clips"
    assert hers.get(newest["next"]).json()["results"][0]["title"] == "Clip-ons"
    assert hers.delete(f"{path}vote/").json()["votes"] == 0
    assert hers.post(f"{path}report/", {}, format="json").status_code == 204
    assert hers.put(f"/api/v1/ideas/{own.json()['id']}/vote/").json()["code"] == "own_idea"
    told = works.post(
        f"/api/v1/staff/ideas/{other.pk}/answer/",
        {"state": "built", "seen": "proposed", "text": "Here it is."},
        format="json",
    )
    assert told.json()["state"] == "built"
    (built,) = hers.get("/api/v1/ideas/?order=built").json()["results"]
    assert built["answer"] == "Here it is."


def test_more_ideas_and_votes_take_no_more_queries(client: Client) -> None:
    user = UserFactory()
    client.force_login(user)
    works = Client()
    works.force_login(StaffFactory())
    found = add_idea(user=UserFactory(), title="Clip-ons")
    looks = [
        (client, "/ideas/"),
        (client, f"/ideas/{found.pk}/"),
        (works, "/console/ideas/"),
        (works, f"/console/ideas/{found.pk}/"),
    ]

    def counts() -> list[int]:
        counted = []
        for who, path in looks:
            who.get(path)
            with CaptureQueriesContext(connection) as captured:
                who.get(path)
            counted.append(len(captured))
        return counted

    before = counts()
    for _each in range(4):
        vote_for(user=UserFactory(), idea_id=found.pk)
        report_idea(user=UserFactory(), idea_id=found.pk)
        vote_for(user=user, idea_id=add_idea(user=UserFactory(), title="More").pk)
    assert counts() == before
