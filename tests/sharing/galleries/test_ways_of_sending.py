"""Sending a gallery: by app, by mail, by code, by story; and when it was seen to be sent."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core import mail
from django.urls import reverse
from PIL import Image

from sharing.galleries.errors import LinkMissingError
from sharing.galleries.limits import INVITATIONS_A_DAY, INVITATIONS_AN_ADDRESS
from sharing.galleries.services import create_link, mail_link, note_shared, revoke_link
from shop.analytics.models import Event
from shop.customers.errors import NameMissingError
from shop.foundation.models import OutboxMessage
from shop.foundation.outbox import carry_out_due
from shop.messages.models import MessageItem
from tests.factories.sharing import frames_gallery, gallery_with_link, ready_photo, with_link
from tests.factories.shop import UserFactory

pytestmark = pytest.mark.django_db
FRIEND = "jo@friends.example"


def owned(shared):
    return {
        "owner": shared.gallery.owner,
        "gallery_id": shared.gallery.pk,
        "link_id": shared.link.pk,
    }


def address(name, shared, *more):
    return reverse(f"sharing:{name}", args=[shared.gallery.pk, shared.link.pk, *more])


def page(client, shared):
    url = reverse("sharing:gallery", args=[shared.gallery.pk])
    return client.get(url, {"link": shared.link.pk}).content.decode()


@pytest.mark.parametrize(
    ("channel", "words"),
    [
        ("whatsapp", "https://wa.me/?text="),
        ("telegram", "https://t.me/share/url?url="),
        ("messenger", "fb-messenger://share/?link="),
        ("wechat", "/qr.svg"),
        ("qr", "/qr.svg"),
        ("instagram", "story-frames.jpg"),
        ("mail", "We know each other"),
        ("share_sheet", "data-share-url"),
    ],
)
def test_each_way_brings_what_it_needs(client, channel, words):
    shared = with_link(frames_gallery().gallery, channel=channel)
    client.force_login(shared.gallery.owner)
    body = page(client, shared)
    assert words in body
    assert ("/qr.svg" in body) == (channel in ("wechat", "qr"))


def test_a_link_is_shared_by_its_owners_act_once_and_causes_the_looks(client, friend):
    shared = gallery_with_link()
    client.force_login(shared.gallery.owner)
    for _twice in range(2):
        assert client.post(address("link_shared", shared)).status_code == 204
    event = Event.objects.get(name="link_shared")
    created = Event.objects.get(name="link_created", link=str(shared.link.pk))
    assert (event.channel, event.link) == ("whatsapp", str(shared.link.pk))
    assert event.caused_by == created.pk
    friend.get(reverse("sharing:friend_gallery", args=[shared.token]))
    assert Event.objects.get(name="link_viewed").caused_by == event.pk


def test_nobody_else_and_nobody_with_a_withdrawn_link_has_shared_it(client):
    shared = gallery_with_link()
    with pytest.raises(LinkMissingError):
        note_shared(**{**owned(shared), "owner": UserFactory()})
    revoke_link(**owned(shared))
    with pytest.raises(LinkMissingError):
        note_shared(**owned(shared))
    assert not Event.objects.filter(name="link_shared").exists()


def test_a_mail_goes_to_the_friend_once_and_her_address_is_nowhere_afterwards():
    shared = gallery_with_link(channel="mail")
    for _twice in range(2):
        mail_link(**owned(shared), address=FRIEND)
    carry_out_due()
    [sent] = [each for each in mail.outbox if each.to == [FRIEND]]
    assert shared.token in sent.body
    assert shared.gallery.question in sent.body
    assert "No more of these emails" in sent.body
    assert sent.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert Event.objects.filter(name="link_shared").count() == 1
    kept = [*MessageItem.objects.values(), *OutboxMessage.objects.values(), *Event.objects.values()]
    assert FRIEND not in str(kept)


@pytest.mark.parametrize("question", ["See https://evil.example", "win at evil.example/x"])
def test_a_mail_leads_to_no_place_of_the_owners_own(question):
    owner = UserFactory(name="Mia")
    shared = gallery_with_link(user=owner)
    shared.gallery.question = question
    shared.gallery.save()
    mail_link(**owned(shared), address=FRIEND)
    carry_out_due()
    [sent] = [each for each in mail.outbox if each.to == [FRIEND]]
    html = sent.alternatives[0].content
    assert "evil.example" not in sent.body + sent.subject + html
    assert "Which pair should I keep?" in sent.body


def test_nobody_is_mailed_in_the_name_of_a_place():
    shared = gallery_with_link(user=UserFactory(name="www.evil.example"))
    with pytest.raises(NameMissingError, match="reads like an address"):
        mail_link(**owned(shared), address=FRIEND)
    carry_out_due()
    assert not [each for each in mail.outbox if each.to == [FRIEND]]


def test_who_ended_such_mails_gets_none_and_the_owner_is_not_told(client):
    shared = gallery_with_link(channel="mail")
    mail_link(**owned(shared), address=FRIEND)
    carry_out_due()
    url = mail.outbox[-1].extra_headers["List-Unsubscribe"].strip("<>")
    assert client.post(url.partition("//")[2].partition("/")[2].join(["/", ""])).status_code < 400
    other = gallery_with_link(channel="mail")
    client.force_login(other.gallery.owner)
    sent = {"address": FRIEND, "knows_me": "on"}
    answer = client.post(address("link_mail", other), sent, follow=True)
    assert "on its way" in answer.content.decode()
    carry_out_due()
    assert len([each for each in mail.outbox if each.to == [FRIEND]]) == 1


@pytest.mark.parametrize(
    "sent", [{}, {"address": FRIEND}, {"address": "no address", "knows_me": "on"}]
)
def test_without_an_address_and_her_word_no_mail_is_sent(client, sent):
    shared = gallery_with_link(channel="mail")
    client.force_login(shared.gallery.owner)
    assert client.post(address("link_mail", shared), sent).status_code == 422
    carry_out_due()
    assert not [each for each in mail.outbox if each.to == [FRIEND]]


def test_mails_are_limited_by_customer_and_by_address(client):
    shared = gallery_with_link(channel="mail")
    client.force_login(shared.gallery.owner)
    url = address("link_mail", shared)
    statuses = [
        client.post(url, {"address": f"f{number}@a.example", "knows_me": "on"}).status_code
        for number in range(INVITATIONS_A_DAY + 1)
    ]
    assert statuses == [302] * INVITATIONS_A_DAY + [429]
    to_one = []
    for _each in range(INVITATIONS_AN_ADDRESS + 1):
        another = gallery_with_link(channel="mail")
        client.force_login(another.gallery.owner)
        sent = {"address": "popular@a.example", "knows_me": "on"}
        to_one.append(client.post(address("link_mail", another), sent).status_code)
    assert to_one == [302] * INVITATIONS_AN_ADDRESS + [429]


@pytest.mark.parametrize("pictures", ["frames", "photos"])
def test_a_story_is_a_picture_of_1080_by_1920_that_nobody_keeps(client, pictures):
    shared = gallery_with_link(channel="instagram", frames=3)
    ready_photo(shared.items[0].trial_item)
    client.force_login(shared.gallery.owner)
    assert f"story-{pictures}.jpg" in page(client, shared)
    answer = client.get(address("link_story", shared, pictures))
    picture = Image.open(BytesIO(answer.content))
    assert (picture.format, picture.size) == ("JPEG", (1080, 1920))
    assert not picture.getexif()
    assert "no-store" in answer["Cache-Control"]


def test_her_photos_are_in_a_story_only_where_she_asks_for_them(client):
    shared = gallery_with_link(channel="instagram")
    client.force_login(shared.gallery.owner)
    assert "story-photos.jpg" not in page(client, shared)
    without = client.get(address("link_story", shared, "frames")).content
    ready_photo(shared.items[0].trial_item)
    assert client.get(address("link_story", shared, "frames")).content == without
    assert client.get(address("link_story", shared, "photos")).content != without


def test_a_link_opens_for_as_long_as_she_chose_and_no_longer_one_stands_in_for_it(client):
    shared = gallery_with_link(channel="link")
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:link_create", args=[shared.gallery.pk])
    for days in (1, 7, 30):
        client.post(url, {"channel": "link", "label": "Ann", "days": days})
        link = shared.gallery.links.latest("created_at")
        assert link.expires_at - link.created_at == timedelta(days=days)
    assert client.post(url, {"channel": "link", "days": 400}).status_code == 422


def test_a_link_for_one_person_is_a_new_one_each_time(client):
    shared = gallery_with_link()
    client.force_login(shared.gallery.owner)
    url = reverse("sharing:link_create", args=[shared.gallery.pk])
    sent = {"channel": "link", "one_person": "on"}
    first, again = (client.post(url, sent).url for _each in range(2))
    assert first != again
    assert set(shared.gallery.links.filter(admits=1).values_list("channel", flat=True)) == {
        "person"
    }
    assert "For one person" in client.get(first).content.decode()


def test_a_full_link_is_no_longer_offered_to_be_sent(client):
    shared = with_link(frames_gallery().gallery, channel="person", admits=1)
    shared.link.admissions.create(viewer="x" * 64, place=1)
    client.force_login(shared.gallery.owner)
    body = page(client, shared)
    assert shared.token not in body
    assert "taken" in body


def test_a_look_at_one_way_does_not_count_what_is_copied_later_as_that_way(client):
    shared = gallery_with_link()
    client.force_login(shared.gallery.owner)
    address = reverse("sharing:gallery", args=[shared.gallery.pk])
    plain = create_link(
        owner=shared.gallery.owner, gallery_id=shared.gallery.pk, channel="share_sheet"
    )
    looked = client.post(
        reverse("sharing:link_create", args=[shared.gallery.pk]), {"channel": "mail"}
    )
    assert client.get(looked.url).context["shown_link"].channel == "mail"
    assert client.get(address).context["shown_link"] == plain
