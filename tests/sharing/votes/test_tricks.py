"""A thousand votes with every trick of docs/trust.md: what is counted is what friends said."""

import re
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from rest_framework.test import APIClient

from sharing.galleries.visitors import COOKIE
from sharing.votes.models import Vote, VoteTransition
from sharing.votes.queries import left_out, standing
from sharing.votes.trust import OWNER_COOKIE, TRAP
from shop.foundation.robots import ROBOTS
from tests.factories.sharing import PAPER, SharedGallery, gallery_with_link
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db
MOST_REFUSED = (400, 403, 409, 429)
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/130.0 Mobile Safari"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:132.0) Gecko/20100101 Firefox/132.0"


@dataclass
class Stage:
    """A gallery, and the clock everybody lives by."""

    shared: SharedGallery
    clock: time_machine.Traveller
    sent: int = 0

    def wait(self, seconds: float) -> None:
        self.clock.shift(timedelta(seconds=seconds))

    def browser(self, address: str, agent: str = PHONE) -> Client:
        return Client(headers={"user-agent": agent, "x-forwarded-for": address})

    def paper(self, browser: Client) -> str:
        page = browser.get(reverse("sharing:friend_gallery", args=[self.shared.token]))
        found = PAPER.search(page.content.decode())
        assert found is not None
        return found[1]

    def post(self, browser: Client, paper: str, favourite: int = 2, **more: str) -> int:
        self.sent += 1
        form = {"favourite": self.shared.items[favourite].pk, "paper": paper, **more}
        return browser.post(reverse("sharing:vote", args=[self.shared.token]), form).status_code


@pytest.fixture
def stage(settings) -> Iterator[Stage]:
    settings.FASTEST_VOTE_SECONDS = 1.5
    settings.TRUSTED_PROXY_COUNT = 1
    shared = gallery_with_link(frames=3)
    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=1), tick=False) as clock:
        yield Stage(shared, clock)


def honest(stage: Stage) -> None:
    """Nine friends: a family of four telephones on one network, two of them alike; and others."""
    family = [(PHONE, 0), (PHONE, 0), (ANDROID, 1), (DESK, 0)]
    friends = [("198.51.100.1", agent, pick) for agent, pick in family]
    friends += [(f"198.51.100.{each}", PHONE, 0 if each < 13 else 1) for each in range(10, 15)]
    for address, agent, pick in friends:
        browser = stage.browser(address, agent)
        paper = stage.paper(browser)
        stage.wait(7)
        assert stage.post(browser, paper, favourite=pick) == 302


def without_cookies(stage: Stage) -> None:
    for _each in range(320):
        assert stage.post(stage.browser("203.0.113.1"), "") in MOST_REFUSED


def with_forged_cookies(stage: Stage) -> None:
    for number in range(150):
        browser = stage.browser(f"100.63.0.{number}")
        browser.cookies[COOKIE] = secrets.token_urlsafe(24)
        forged = f"{secrets.token_hex(16)}.{secrets.token_hex(16)}.0.1.{secrets.token_hex(16)}"
        assert stage.post(browser, forged) == 409


def with_another_browsers_form(stage: Stage) -> None:
    paper = stage.paper(stage.browser("203.0.113.2"))
    other = gallery_with_link(frames=3)
    stage.wait(5)
    for number in range(100):
        browser = stage.browser(f"192.0.2.{number}")
        foreign = Stage(other, stage.clock).paper(browser)
        assert stage.post(browser, paper) == 409
        assert stage.post(browser, foreign) == 409


def faster_than_anybody_looks(stage: Stage) -> None:
    """Each with cookies, form and an address of its own."""
    for number in range(150):
        browser = stage.browser(f"100.64.{number}.1", f"{PHONE} {number}")
        assert stage.post(browser, stage.paper(browser)) == 302


def patient_behind_one_address(stage: Stage) -> None:
    """Each with a browser of another name, all waiting as long as people do."""
    browsers = [stage.browser("203.0.113.77", f"{PHONE} {number}") for number in range(60)]
    papers = [stage.paper(browser) for browser in browsers]
    stage.wait(20)
    for browser, paper in zip(browsers, papers, strict=True):
        assert stage.post(browser, paper) == 302


def cookies_cleared_again_and_again(stage: Stage) -> None:
    """Slow enough to be no burst."""
    for _each in range(30):
        browser = stage.browser("203.0.113.88", ANDROID)
        paper = stage.paper(browser)
        stage.wait(60)
        assert stage.post(browser, paper) == 302


def the_owner(stage: Stage) -> None:
    """Logged in; then logged out, and with the friend's cookie cleared each time."""
    owner = stage.browser("203.0.113.99")
    owner.force_login(stage.shared.gallery.owner)
    paper = stage.paper(owner)
    stage.wait(5)
    assert stage.post(owner, paper) == 403
    owner.get(reverse("sharing:gallery", args=[stage.shared.gallery.pk]))
    kept = owner.cookies[OWNER_COOKIE].value
    for number in range(40):
        owner = stage.browser(f"100.65.0.{number}")
        owner.cookies[OWNER_COOKIE] = kept
        paper = stage.paper(owner)
        stage.wait(5)
        assert stage.post(owner, paper) == 302


def preview_robots(stage: Stage) -> None:
    names = [*ROBOTS, "curl/8", "HeadlessChrome/130", "facebookexternalhit/1.1", ""]
    for number, name in enumerate(names):
        browser = stage.browser(f"100.66.0.{number}", name and f"Agent {name}")
        paper = stage.paper(browser)
        stage.wait(5)
        assert stage.post(browser, paper) == 302


def scanners_that_open_and_tick_everything(stage: Stage) -> None:
    """They call themselves browsers, take their time, follow each link and fill each field."""
    page = reverse("sharing:friend_gallery", args=[stage.shared.token])
    for number in range(40):
        browser = stage.browser(f"100.67.0.{number}", f"{DESK} {number}")
        body = browser.get(page).content.decode()
        for link in set(re.findall(r'href="(/[^"]*)"', body)):
            browser.get(link)
        stage.wait(10)
        fields = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', body))
        fields |= dict.fromkeys(re.findall(r'<textarea[^>]* name="([^"]+)"', body), "x")
        assert TRAP in fields
        del fields["csrfmiddlewaretoken"]
        fields.pop("email", None)
        fields.pop("news", None)
        stage.sent += 1
        answer = browser.post(reverse("sharing:vote", args=[stage.shared.token]), fields)
        assert answer.status_code == 302, answer.content.decode()


def programs_at_the_api(stage: Stage) -> None:
    address, vote = "203.0.113.200", reverse("api-shared-vote", args=[stage.shared.token])
    for number in range(60):
        api, stage.sent = APIClient(headers={"x-forwarded-for": address}), stage.sent + 2
        wish = {"favourite": stage.shared.items[2].pk, "ballot_paper": "made up"}
        assert api.put(vote, wish).status_code == 409
        seen = api.get(reverse("api-shared", args=[stage.shared.token])).data
        wish["ballot_paper"] = seen["ballot_paper"]
        headers = {"x-voter-token": seen["voter_token"], "x-forwarded-for": f"100.68.0.{number}"}
        assert api.put(vote, wish, headers=headers).status_code == 200


TRICKS: list[Callable[[Stage], None]] = [
    without_cookies,
    with_forged_cookies,
    with_another_browsers_form,
    faster_than_anybody_looks,
    patient_behind_one_address,
    cookies_cleared_again_and_again,
    the_owner,
    preview_robots,
    scanners_that_open_and_tick_everything,
    programs_at_the_api,
]


def test_of_a_thousand_votes_with_every_trick_the_honest_nine_are_counted(stage: Stage) -> None:
    honest(stage)
    said = standing(stage.shared.gallery)
    assert [row.favourites for row in said.rows] == [6, 3, 0]
    for trick in TRICKS:
        before = stage.sent
        trick(stage)
        assert stage.sent > before
        assert standing(stage.shared.gallery) == said, trick.__name__

    assert stage.sent - 9 >= 1000
    assert standing(stage.shared.gallery) == said
    counts = left_out(stage.shared.gallery)
    assert counts["burst"] == 60
    assert counts["same_device"] == 30
    assert counts["owner"] == 40
    assert counts["bot"] == len(ROBOTS) + 4
    assert counts["scripted"] == 150 + 40 + 60
    # The book says of each since when it does not count.
    now = Counter(Vote.objects.filter(counted=False).values_list("excluded_because", flat=True))
    assert sum(now.values()) == VoteTransition.objects.values("subject").distinct().count()
