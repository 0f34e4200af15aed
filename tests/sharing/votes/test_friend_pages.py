"""What a friend sees of a gallery, and what her browser may do."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from sharing.galleries.models import LinkView
from sharing.galleries.services import close_gallery, revoke_link
from sharing.votes.models import Vote
from shop.analytics.models import Event
from shop.foundation.outbox import carry_out_due
from tests.factories.sharing import ballot_paper, gallery_with_link, ready_photo, vote_on
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db


@pytest.fixture
def shared():
    return gallery_with_link(frames=3)


def page(shared):
    return reverse("sharing:friend_gallery", args=[shared.token])


def paper_of(browser, shared):
    """Return the ballot paper she was shown last; a spoilt one where the page is not there."""
    shown = browser.get(page(shared))
    return ballot_paper(shared, browser) if b'name="paper"' in shown.content else "spoilt"


def post_vote(browser, shared, **form):
    first = shared.items[0].pk
    form = form or {f"reaction-{first}": "love", "favourite": first, "comment": "Yes!"}
    form.setdefault("paper", paper_of(browser, shared))
    return browser.post(reverse("sharing:vote", args=[shared.token]), form)


def test_a_friend_sees_question_frames_and_photos_without_an_account(shared, friend):
    photo = ready_photo(shared.items[0].trial_item)
    body = friend.get(page(shared)).content.decode()
    assert "Which pair should I keep?" in body
    for item in shared.items:
        assert str(item.variant) in body
    url = reverse("sharing:friend_photo", args=[shared.token, photo.pk, 800, "jpg"])
    assert url in body
    assert friend.get(url)["Content-Type"] == "image/jpeg"


def test_the_page_is_for_nobody_else(shared, friend):
    response = friend.get(page(shared))
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert response["Referrer-Policy"] == "same-origin"
    addresses = re.findall(r'(?:src|href|content)="(https?://[^"]+)"', response.content.decode())
    assert all(address.startswith("http://testserver/") for address in addresses)


def test_what_programs_are_answered_names_no_page_to_anybody(shared, client):
    """A form of the page needs its origin told; the API's answers hold no form."""
    for name in ("api-shared", "api-shared-standing", "api-shared-enter"):
        address = reverse(name, args=[shared.token])
        answer = client.post(address) if name == "api-shared-enter" else client.get(address)
        assert answer["Referrer-Policy"] == "no-referrer"


def test_the_page_names_its_preview_card(shared, friend):
    body = friend.get(page(shared)).content.decode()
    card = reverse("sharing:preview", args=[shared.token])
    assert f'property="og:image" content="http://testserver{card}"' in body


def test_a_look_never_votes_and_is_counted_once_a_browser(shared, friend):
    for _each in range(3):
        friend.get(page(shared))
    assert not Vote.objects.exists()
    assert LinkView.objects.count() == 1
    assert Event.objects.filter(name="link_viewed").count() == 1
    Client(headers={"user-agent": PHONE}).get(page(shared))
    assert LinkView.objects.count() == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "facebookexternalhit/1.1"},
        {"user-agent": "Slackbot-LinkExpanding 1.0"},
        # Google Messages
        {"user-agent": "Mozilla/5.0 Google-PageRenderer Google (+https://developers.google.com/)"},
        {"user-agent": "Signal-Android/7.30.2 Android/34"},
        {"user-agent": "facebookexternalhit/1.1; kakaotalk-scrap/1.0"},
        {"user-agent": "Mozilla/5.0 (compatible; kakaotalk-scrap/1.0)"},
        {"user-agent": "meta-externalfetcher/1.1"},
        {"user-agent": "Messages/1 CFNetwork/1494.0.7 Darwin/23.4.0"},
        {"user-agent": "Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8)"},
        {"user-agent": "Bluesky Cardyb/1.1"},
        {"user-agent": ""},
        {"user-agent": PHONE, "sec-purpose": "prefetch;prerender"},
    ],
)
def test_preview_bots_and_prefetches_are_no_people(shared, headers):
    response = Client(headers=headers).get(page(shared))
    assert response.status_code == 200
    assert not LinkView.objects.exists()


@pytest.mark.parametrize(
    "browser",
    [
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Safari/605",
        "Mozilla/5.0 (Linux; Android 14; wv) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 Mobile/15E148 Instagram 350.0",
        "Mozilla/5.0 (iPhone) AppleWebKit/605.1.15 GSA/340.0 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/132.0",
    ],
)
def test_browsers_even_those_within_apps_are_people(shared, browser):
    Client(headers={"user-agent": browser}).get(page(shared))
    assert LinkView.objects.count() == 1


def test_a_head_request_is_no_look(shared, friend):
    assert friend.head(page(shared)).status_code == 200
    assert not LinkView.objects.exists()


def test_a_friend_votes_and_sees_how_the_gallery_stands(shared, friend):
    friend.get(page(shared))
    response = post_vote(friend, shared)
    assert response.status_code == 302
    body = friend.get(response.url).content.decode()
    assert "1 friend has voted" in body
    assert "See the frames" in body
    assert Event.objects.get(name="vote_cast").caused_by is not None


def test_the_standing_is_hidden_until_she_has_voted(shared, friend):
    vote_on(shared)
    friend.get(page(shared))
    assert "1 pick" not in friend.get(page(shared)).content.decode()
    thanks = friend.get(reverse("sharing:thanks", args=[shared.token]))
    assert (thanks.status_code, thanks.url) == (302, page(shared))


def test_she_finds_her_vote_again_and_changes_it(shared, friend):
    friend.get(page(shared))
    post_vote(friend, shared)
    assert "Yes!" in friend.get(page(shared)).content.decode()
    second = shared.items[1].pk
    post_vote(friend, shared, favourite=second)
    vote = Vote.objects.get()
    assert (vote.favourite_id, vote.comment) == (second, "")


def test_each_friend_has_an_order_of_her_own_that_stays(shared):
    orders = set()
    for _each in range(12):
        browser = Client(headers={"user-agent": PHONE})
        seen = [
            tuple(
                re.findall(
                    r'name="reaction-(\d+)" value="love"',
                    browser.get(page(shared)).content.decode(),
                )
            )
            for _again in range(2)
        ]
        assert seen[0] == seen[1]
        orders.add(seen[0])
    assert len(orders) > 1


def test_what_cannot_be_taken_comes_back_with_its_reason_and_her_words(shared, friend):
    friend.get(page(shared))
    card = {"comment": "Pay with 4242 4242 4242 4242", "favourite": shared.items[0].pk}
    response = post_vote(friend, shared, **card)
    assert response.status_code == 422
    body = response.content.decode()
    assert "looks like a card number" in body
    assert f'value="{shared.items[0].pk}" checked' in body
    two = {"favourite": [shared.items[0].pk, shared.items[1].pk]}
    assert post_vote(friend, shared, **two).status_code == 422
    assert post_vote(friend, shared, **{"reaction-x": "love"}).status_code == 422
    assert not Vote.objects.exists()


def test_a_comment_is_escaped(shared, client):
    vote_on(shared, comment="<script>alert(1)</script> http://evil.example", name="<b>Jo</b>")
    client.force_login(shared.gallery.owner)
    body = client.get(reverse("sharing:gallery", args=[shared.gallery.pk])).content.decode()
    assert "<script>alert" not in body
    assert "&lt;script&gt;alert(1)" in body
    assert 'href="http://evil.example"' not in body


def test_a_closed_gallery_shows_the_result_and_takes_no_vote(shared, friend):
    vote_on(shared)
    first, paper = shared.items[0].pk, paper_of(friend, shared)
    close_gallery(owner=shared.gallery.owner, gallery_id=shared.gallery.pk)
    assert "The voting is over" in friend.get(page(shared)).content.decode()
    assert post_vote(friend, shared, favourite=first, paper=paper).status_code == 409
    assert Vote.objects.count() == 1


def test_the_owner_sees_her_own_page_uncounted_and_cannot_vote(shared, friend):
    friend.force_login(shared.gallery.owner)
    assert "So your friends see it" in friend.get(page(shared)).content.decode()
    assert not LinkView.objects.exists()
    response = post_vote(friend, shared)
    assert response.status_code == 403
    assert "your friends decide here" in response.content.decode()
    assert not Vote.objects.exists()


def test_a_vote_without_the_forms_token_is_refused(shared):
    strict = Client(enforce_csrf_checks=True, headers={"user-agent": PHONE})
    strict.get(page(shared))
    assert post_vote(strict, shared).status_code == 403
    assert not Vote.objects.exists()


def test_page_photo_and_preview_of_a_withdrawn_link_are_gone_at_once(shared, friend, private_files):
    photo = ready_photo(shared.items[0].trial_item)
    carry_out_due()
    addresses = [
        page(shared),
        reverse("sharing:preview", args=[shared.token]),
        reverse("sharing:friend_photo", args=[shared.token, photo.pk, 320, "webp"]),
        reverse("api-shared", args=[shared.token]),
    ]
    assert [friend.get(address).status_code for address in addresses] == [200] * 4
    assert list(private_files.glob("previews/*/*.png"))
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    assert [friend.get(address).status_code for address in addresses] == [404] * 4
    assert post_vote(friend, shared).status_code == 404
    carry_out_due()
    assert not list(private_files.glob("previews/*/*.png"))


def test_unknown_withdrawn_and_expired_links_answer_alike(shared, friend):
    unknown = friend.get(reverse("sharing:friend_gallery", args=["x" * 43]))
    revoke_link(owner=shared.gallery.owner, gallery_id=shared.gallery.pk, link_id=shared.link.pk)
    withdrawn = friend.get(page(shared))
    other = gallery_with_link()
    other.gallery.links.update(expires_at="2020-01-01T00:00Z")
    expired = friend.get(page(other))
    answers = {
        (each.status_code, re.sub(rb'/g/[^/]+/|value="[^"]{64}"', b"", each.content))
        for each in (unknown, withdrawn, expired)
    }
    assert len(answers) == 1
    assert unknown.status_code == 404


def test_a_link_opens_the_photos_of_its_own_gallery_only(shared, friend):
    foreign = ready_photo(gallery_with_link().items[0].trial_item)
    url = reverse("sharing:friend_photo", args=[shared.token, foreign.pk, 320, "webp"])
    assert friend.get(url).status_code == 404


def test_the_page_takes_no_more_queries_for_five_frames_with_photos_than_for_one(
    friend, django_assert_max_num_queries
):
    small, large = gallery_with_link(frames=1), gallery_with_link(frames=5)
    for item in large.items:
        ready_photo(item.trial_item)
    for shared in (small, large):
        friend.get(page(shared))
        post_vote(friend, shared)
        # Gallery, what is known of her, vote, reactions, pictures where there is no photo.
        with django_assert_max_num_queries(5):
            friend.get(page(shared))


def test_who_votes_has_looked_whatever_her_browser_calls_itself(shared):
    browser = Client(headers={"user-agent": f"{PHONE} Telegram-Android/11.2"})
    browser.get(page(shared))
    assert not LinkView.objects.exists()
    post_vote(browser, shared)
    assert LinkView.objects.filter(link=shared.link).count() == 1
    assert Event.objects.filter(name="link_viewed").count() == 1
