"""What cannot be taken back in a circle is asked first: handing it over, taking somebody out."""

import pytest
from django.test import Client
from django.urls import reverse

from sharing.circles.states import Role
from tests.factories.circles import circle_of
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def mia():
    return UserFactory(name="Mia Brandt")


@pytest.fixture
def circle(mia):
    return circle_of(mia, UserFactory(name="Nora Falk"))


@pytest.fixture
def browser(mia) -> Client:
    browser = Client()
    browser.force_login(mia)
    return browser


def address(name, circle):
    return reverse(name, args=[circle.pk, circle.memberships.get(state=Role.MEMBER).pk])


@pytest.mark.parametrize("name", ["sharing:circle_hand_over", "sharing:circle_remove"])
def test_the_people_page_leads_to_a_question_and_does_nothing_by_itself(browser, circle, name):
    body = browser.get(reverse("sharing:circle_people", args=[circle.pk])).content.decode()
    path = address(name, circle)
    assert f'href="{path}"' in body
    assert f'action="{path}"' not in body
    question = browser.get(path).content.decode()
    assert "Nora F." in question
    assert "Back, leave it as it is" in question
    assert circle.memberships.get(user__name="Nora Falk").state == Role.MEMBER


def test_asked_and_answered_the_circle_is_handed_over(browser, circle, mia):
    answer = browser.post(address("sharing:circle_hand_over", circle), follow=True)
    assert "The circle is now Nora F.’s." in answer.content.decode()
    assert circle.memberships.get(user=mia).state == Role.EDITOR


def test_asked_and_answered_she_is_out(browser, circle):
    browser.post(address("sharing:circle_remove", circle))
    assert circle.memberships.get(user__name="Nora Falk").state == Role.LEFT


def test_no_form_hands_a_circle_over_unasked(browser, circle, mia):
    browser.post(address("sharing:circle_role", circle), {"role": "owner"})
    assert circle.memberships.get(user=mia).state == Role.OWNER


@pytest.mark.parametrize("name", ["sharing:circle_hand_over", "sharing:circle_remove"])
def test_nobody_but_the_owner_is_asked_and_never_about_herself(browser, circle, mia, name):
    own = circle.memberships.get(user=mia).pk
    assert browser.get(reverse(name, args=[circle.pk, own])).status_code == 404
    nora = Client()
    nora.force_login(circle.memberships.get(user__name="Nora Falk").user)
    assert nora.get(reverse(name, args=[circle.pk, own])).status_code == 404
