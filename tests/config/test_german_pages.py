"""No page that people reach has English left on it when they read German."""

import re
from collections import Counter, deque
from html.parser import HTMLParser
from urllib.parse import parse_qs, urljoin, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import translation

from shop.customers.models import User
from shop.customers.roles import ensure_roles
from tests.factories.sharing import (
    SharedGallery,
    ballot_paper,
    gallery_with_link,
    ready_photo,
    vote_on,
)
from tests.factories.shop import ManagerFactory, StaffFactory, StockRecordFactory, UserFactory
from tests.factories.trials import (
    ProgrammeFactory,
    approved_trial,
    filled_box,
    packed_trial,
    requested_trial,
    shipped_trial,
)
from tests.messages import stored
from tests.shop.orders.buying import filled_cart, mark_paid, placed_order
from tests.trials.returns.trials_with_charges import overdue_trial, owed_charge

pytestmark = pytest.mark.django_db

GERMAN = {"accept-language": "de"}
PLACEHOLDER = re.compile(r"%\(\w+\)s|%s|%%")
READ_ALOUD = {"alt", "aria-label", "aria-description", "title", "placeholder", "content"}
SAMPLES = 6
# What a crawler does not open: files, programs' doors, the way out.
NO_PAGE = re.compile(
    r"^/(api|static|media|styleguide|i18n|g/\w+/shop)/|\.\w{3,4}$"
    # Of Django's admin, which is Django's to translate, only our names on its lists.
    r"|^/admin/(\w+/\w+/.+|password_change/|logout/)"
)
# The same for everybody: names of the IANA database, and of what a payment is for.
NAMES = re.compile(r"[A-Z]\w+(/[\w+ -]+)+|order")


class _Page(HTMLParser):
    """Collects what is read on a page, by eye or aloud, and where it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self._open: list[bool] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag not in ("br", "img", "input", "meta", "link", "hr", "col", "source", "wbr"):
            foreign = given.get("lang", "de") != "de"
            self._open.append(tag in ("script", "style") or foreign)
        for name, value in given.items():
            said = name.startswith("data-") and (" " in value or value.istitle())
            if said or name in READ_ALOUD:
                self.words.append(value)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if self._open:
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._open):
            self.words.append(data)


class _English:
    """Knows the shop's words in English that are others in German."""

    def __init__(self) -> None:
        pairs = []
        for message in stored("de"):
            if isinstance(message.id, str):
                pairs.append((message.id, str(message.string)))
            else:
                pairs += zip(message.id, message.string, strict=True)
        german = {translated for _source, translated in pairs}
        foreign = [source for source, _translated in pairs if source and source not in german]
        self._whole = {source for source in foreign if not PLACEHOLDER.search(source)}
        self._patterns = [
            re.compile(".+?".join(re.escape(part) for part in PLACEHOLDER.split(source)), re.DOTALL)
            for source in foreign
            if PLACEHOLDER.search(source)
        ]

    def among(self, words: list[str]) -> list[str]:
        """Return those of a page's words that are English."""
        lines = [" ".join(each.split()) for each in words]
        return [
            line
            for line in lines
            if line in self._whole or any(pattern.fullmatch(line) for pattern in self._patterns)
            if not NAMES.fullmatch(line)
        ]


def _kind(address: str) -> tuple[str, ...]:
    """Return what pages of one kind have in common."""
    parts = urlsplit(address)
    path = re.sub(r"[\w-]*\d[\w-]*|(?<=/g/)[\w-]+", "#", parts.path)
    return (path, *sorted(parse_qs(parts.query)))


def _crawl(client: Client, *starts: str, within: str = "/") -> dict[str, _Page]:
    """Return the pages that links lead to: one of each kind, of trials and the like a few."""
    waiting, seen, pages = deque(starts), set(starts), {}
    kinds: Counter[tuple[str, ...]] = Counter()
    while waiting:
        address = waiting.popleft()
        kind = _kind(address)
        kinds[kind] += 1
        if kinds[kind] > (SAMPLES if "#" in kind[0] else 1):
            continue
        answer = client.get(address, headers=GERMAN, follow=True)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = pages[address] = _Page(answer.content.decode())
        for link in page.links:
            found = urljoin(address, link).partition("#")[0]
            if found.startswith(within) and found not in seen and not NO_PAGE.search(found):
                seen.add(found)
                waiting.append(found)
    return pages


def _left_over(pages: dict[str, _Page]) -> dict[str, list[str]]:
    english = _English()
    found = {address: english.among(page.words) for address, page in pages.items()}
    return {address: words for address, words in found.items() if words}


def _logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def _asked_in_german(owner: User) -> SharedGallery:
    """Return a gallery with the question of the page it was made on."""
    with translation.override("de"):
        return gallery_with_link(user=owner)


@pytest.fixture
def mia() -> User:
    """A customer with something of everything."""
    mia = UserFactory(name="Mia Brandt", language="de")
    shared = _asked_in_german(mia)
    ready_photo(shared.items[0].trial_item)
    vote_on(shared, name="Anna", comment="Ja!")
    mark_paid(placed_order(user=mia))
    filled_cart(mia, StockRecordFactory())
    filled_box(user=mia)
    return mia


@pytest.fixture
def busy_shop() -> None:
    """A trial in every state, with orders and a charge: what staff have to do."""
    ensure_roles()
    ProgrammeFactory(name="Europa")
    for make in (requested_trial, approved_trial, packed_trial, shipped_trial, overdue_trial):
        make()
    owed_charge()
    mark_paid(placed_order())


def test_a_stranger_reads_german_only() -> None:
    StockRecordFactory()

    pages = _crawl(Client(), "/", reverse("account_signup"), "/nowhere/")

    assert len(pages) >= 10
    assert _left_over(pages) == {}


# Pages that take cards talk to Stripe, which no transaction may be open for.
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("stripe_sandbox")
def test_a_customer_reads_german_only(mia: User) -> None:
    pages = _crawl(
        _logged_in(mia), "/", reverse("customers:account"), reverse("payments:card_setup")
    )

    assert len(pages) >= 25
    assert _left_over(pages) == {}


def test_a_friend_reads_german_only() -> None:
    shared = _asked_in_german(UserFactory(language="de"))
    friend, page = Client(), reverse("sharing:friend_gallery", args=[shared.token])
    before = _crawl(friend, page)
    item = shared.items[0].pk
    friend.post(
        reverse("sharing:vote", args=[shared.token]),
        {
            f"reaction-{item}": "love",
            "favourite": item,
            "comment": "Ja!",
            "paper": ballot_paper(shared, friend),
        },
        headers=GERMAN,
    )
    after = _crawl(friend, reverse("sharing:thanks", args=[shared.token]), page)

    assert _left_over(before) == _left_over(after) == {}
    assert "Danke!" in " ".join(after[reverse("sharing:thanks", args=[shared.token])].words)


@pytest.mark.usefixtures("busy_shop")
def test_ops_read_german_only() -> None:
    pages = _crawl(_logged_in(StaffFactory()), reverse("console:home"), within="/console/")

    assert len(pages) >= 25
    assert _left_over(pages) == {}


@pytest.mark.usefixtures("busy_shop")
def test_a_manager_reads_german_only_in_the_console_and_in_the_admin() -> None:
    manager = _logged_in(ManagerFactory())
    console = _crawl(manager, reverse("analytics:scorecard"), within="/console/")
    admin = _crawl(manager, reverse("admin:index"), within="/admin/")

    assert len(console) >= 25
    assert len(admin) >= 15
    assert _left_over({**console, **admin}) == {}


def test_the_search_for_english_finds_it() -> None:
    english = _English()
    page = _Page(Client().get("/").content.decode().replace('lang="en"', ""))

    found = english.among(page.words)

    assert {"Skip to content", "Choose your frames", "Search frames"} <= set(found)
    assert english.among(["5 frames", "Trial T-123"]) == ["5 frames", "Trial T-123"]
    assert english.among(["5 Brillen", "Anprobe T-123"]) == []
