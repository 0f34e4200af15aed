"""Whoever asks is named: a customer without a name is asked for it before others read of her."""

import pytest
from django.urls import reverse

from sharing.circles.services.inviting import invite
from sharing.circles.tokens import invitation_token
from sharing.galleries.errors import SettingInvalidError
from sharing.galleries.services import change_settings, create_link, mail_link
from shop.analytics.names import Channel
from shop.customers.errors import NameMissingError, ProfileInvalidError
from shop.customers.services import choose_name
from shop.foundation.outbox import carry_out_due
from tests.factories.circles import circle_of
from tests.factories.sharing import gallery_with_link
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db

ASKED = "What do your friends call you?"


@pytest.fixture
def shared():
    made = gallery_with_link(frames=2)
    made.gallery.owner.name = ""
    made.gallery.owner.save(update_fields=["name"])
    return made


def test_a_nameless_owner_is_asked_where_she_shares_and_named_from_then_on(shared, client, friend):
    owner, page = shared.gallery.owner, reverse("sharing:gallery", args=[shared.gallery.pk])
    client.force_login(owner)
    assert ASKED in client.get(page).content.decode()
    answer = client.post(reverse("sharing:called"), {"called": "Mia", "next": page})
    assert answer.headers["Location"] == page
    assert ASKED not in client.get(page).content.decode()
    shown = friend.get(reverse("sharing:friend_gallery", args=[shared.token])).content.decode()
    assert "Mia asks you" in shown


def test_who_invites_into_a_circle_or_to_the_shop_is_asked_too(client):
    owner = UserFactory(name="")
    circle = circle_of(owner)
    client.force_login(owner)
    pages = (reverse("sharing:circle_people", args=[circle.pk]), reverse("sharing:friends"))
    assert all(ASKED in client.get(page).content.decode() for page in pages)
    choose_name(user=owner, name="Mia")
    assert all(ASKED not in client.get(page).content.decode() for page in pages)


def test_she_is_sent_on_within_the_shop_only(shared, client):
    client.force_login(shared.gallery.owner)
    sent = {"called": "Mia", "next": "https://evil.example/"}
    answer = client.post(reverse("sharing:called"), sent)
    assert answer.headers["Location"] == reverse("sharing:gallery_list")


def test_no_mail_goes_out_without_a_name_and_its_form_asks_for_it(shared, client, mailoutbox):
    owner, gallery = shared.gallery.owner, shared.gallery
    link = create_link(owner=owner, gallery_id=gallery.pk, channel=Channel.MAIL)
    with pytest.raises(NameMissingError):
        mail_link(owner=owner, gallery_id=gallery.pk, link_id=link.pk, address="jo@friends.example")
    client.force_login(owner)
    page = reverse("sharing:gallery", args=[gallery.pk])
    assert 'name="called"' in client.get(page, {"link": str(link.pk)}).content.decode()
    address = reverse("sharing:link_mail", args=[gallery.pk, link.pk])
    form = {"address": "jo@friends.example", "knows_me": "on"}
    assert client.post(address, form).status_code == 422
    assert client.post(address, {**form, "called": "Mia"}).status_code == 302
    carry_out_due()
    (mail,) = [each for each in mailoutbox if "jo@friends.example" in each.to]
    assert "Mia asks you" in mail.subject


def test_no_circle_is_mailed_of_without_a_name(client, mailoutbox):
    owner = UserFactory(name="")
    circle = circle_of(owner)
    with pytest.raises(NameMissingError):
        invite(by=owner, circle_id=circle.pk, mail_to="jo@friends.example")
    client.force_login(owner)
    address = reverse("sharing:circle_invite", args=[circle.pk])
    assert client.post(address, {"mail_to": "jo@friends.example"}).status_code == 422
    sent = {"mail_to": "jo@friends.example", "called": "Mia"}
    assert client.post(address, sent).status_code == 302
    carry_out_due()
    assert any("Mia" in each.subject for each in mailoutbox)


def test_who_joins_a_circle_is_asked_for_her_name(client):
    invitation = invite(by=(owner := UserFactory()), circle_id=circle_of(owner).pk)
    joining = UserFactory(name="")
    client.force_login(joining)
    page = reverse("sharing:circle_join", args=[invitation_token(invitation.pk)])
    assert ASKED in client.get(page).content.decode()
    client.post(page, {"called": "Nora"})
    joining.refresh_from_db()
    assert joining.name == "Nora"


def test_a_name_she_has_stays_and_an_address_is_no_name():
    assert choose_name(user=UserFactory(name="Mia"), name="Nora").name == "Mia"
    with pytest.raises(ProfileInvalidError):
        choose_name(user=UserFactory(name=""), name="Win at www.evil.example")


@pytest.mark.parametrize("place", ["https://evil.example", "evil.example", "me@evil.example"])
def test_a_question_is_no_advertisement(shared, place):
    own = {"owner": shared.gallery.owner, "gallery_id": shared.gallery.pk}
    with pytest.raises(SettingInvalidError, match="without a link"):
        change_settings(**own, question=f"Win a car at {place} now?")
    assert change_settings(**own, question="This one... or that. What do you say?")
