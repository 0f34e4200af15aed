"""Who sees what: every viewer, audience and surface; no word, no tag and no count leaks."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sharing.bookmarks.models import Bookmark, BookmarkQuerySet
from sharing.bookmarks.services.feed_tokens import new_feed_token
from sharing.bookmarks.services.leaving import leave_circle
from sharing.bookmarks.services.saving import save_note
from sharing.circles.models import Circle
from sharing.circles.services.membership import block_person
from sharing.circles.states import CircleKind
from shop.customers.models import User
from tests.factories.circles import circle_of, join, saved
from tests.factories.shop import FrameFactory, StaffFactory, UserFactory, VariantFactory
from tests.factories.trials import ProgrammeVersionFactory, TrialUnitFactory, requested_trial
from trials.home_trials.models import Box, BoxItem

pytestmark = pytest.mark.django_db

AUDIENCES = ("private", "circlea", "circleb", "public", "staff")
# What each may read of the five, whoever wrote them; Ada owns circle A and wrote all but staff's.
SEES: dict[str, set[str]] = {
    "anonymous": {"public"},
    "other": {"public"},
    "member of a": {"public", "circlea"},
    "former member of a": {"public"},
    "owner": {"public", "private", "circlea", "circleb"},
    "owner of b": {"public", "circleb"},
    "staff not in": {"public"},
    "staff in": {"public", "staff"},
    "blocked member of a": set(),
}
FORBIDDEN = (302, 403, 404)


@dataclass
class World:
    """Everybody, and five bookmarks on one frame, each of which has words of its own.

    Attributes:
        people: by role.
        rows: by audience.
    """

    people: dict[str, User | None]
    rows: dict[str, Bookmark]
    circles: dict[str, Circle]
    ada: User
    variant: Any
    trial: Any
    tokens: dict[str, str] = field(default_factory=dict)

    def browser(self, role: str) -> Client:
        client = Client()
        if user := self.people[role]:
            client.force_login(user)
        return client


@pytest.fixture(scope="module")
def made(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """The world, made once; whatever a test changes is rolled back."""
    around_it_all = transaction.atomic()
    # As Django's own TestCase marks it: each request's transaction is the one within.
    around_it_all._from_testcase = True
    with django_db_blocker.unblock(), around_it_all:
        yield _made()
        transaction.set_rollback(True)


@pytest.fixture
def world(made: World) -> Iterator[World]:
    around_one_test = transaction.atomic()
    around_one_test._from_testcase = True
    with around_one_test:
        yield made
        transaction.set_rollback(True)


def _made() -> World:
    ProgrammeVersionFactory()
    ada, bea, cleo, dora, emma = (UserFactory(name=f"Name{n}") for n in range(5))
    ola, max_ = StaffFactory(), StaffFactory()
    frame = FrameFactory(shape="round", bridge_mm=16)
    variant = TrialUnitFactory(variant=VariantFactory(frame=frame)).variant
    a, b = circle_of(ada, bea, cleo, dora, name="Aaa"), circle_of(emma, ada, name="Bbb")
    work = circle_of(ola, name="Work", kind=CircleKind.STAFF)

    def said(name: str) -> dict[str, Any]:
        return {"tags": [f"tag{name}", "common"], "note": f"word{name}", "variant": variant}

    rows = {
        "private": saved(ada, **said("private")),
        "circlea": saved(ada, a, **said("circlea")),
        "circleb": saved(ada, b, **said("circleb")),
        "public": saved(ada, audience="public", **said("public")),
    }
    staffs = said("staff")
    staffs.pop("variant")
    rows["staff"] = save_note(by=ola, circle_id=work.pk, kind="frame", key=frame.pk, **staffs)
    leave_circle(user=cleo, circle_id=a.pk)
    block_person(by=ada, user=dora)
    trial = requested_trial(user=UserFactory())
    save_note(by=ola, circle_id=work.pk, kind="trial", key=trial.pk, **staffs)
    people = {
        "anonymous": None,
        "other": UserFactory(),
        "member of a": bea,
        "former member of a": cleo,
        "owner": ada,
        "owner of b": emma,
        "staff not in": max_,
        "staff in": ola,
        "blocked member of a": dora,
    }
    tokens = {role: new_feed_token(user=user) for role, user in people.items() if user}
    return World(people, rows, {"a": a, "b": b, "work": work}, ada, variant, trial, tokens)


def _follow_all(browser: Client, world: World) -> str:
    """Follow Ada and every tag, then read what is new, by page and by API."""
    browser.post("/saved/follow/", {"person": str(world.ada.shelf.pk)})
    for name in (*AUDIENCES, "common"):
        browser.post("/saved/follow/", {"tag": f"tag{name}" if name != "common" else name})
    page = browser.get("/saved/news/").content.decode()
    listed = page.partition('<div class="grid')[2]
    return listed + browser.get("/api/v1/bookmarks/news/").content.decode()


def _boxed(browser: Client, world: World) -> str:
    """Put each bookmark into a box; return the words of those that let themselves be put."""
    told = ""
    for name, row in world.rows.items():
        with transaction.atomic():
            browser.post("/saved/to-box/", {"bookmark": str(row.pk)})
            if BoxItem.objects.exists():
                told += f" word{name}"
            Box.objects.all().delete()
    return told


def _asked_about(browser: Client, world: World) -> str:
    told = ""
    for name, row in world.rows.items():
        body = {"bookmark_ids": [str(row.pk)]}
        answer = browser.post("/api/v1/bookmarks/to-gallery/", body, "application/json")
        # One frame is too few for a gallery: who sees it is told so, all others that nothing is.
        if answer.status_code == 422 and answer.json()["code"] != "nothing_chosen":
            told += f" word{name}"
    return told


def _tag_pages(browser: Client, world: World) -> str:
    """Return the lists of each tag's page: its own name stands in the title for everybody."""
    pages = [browser.get(f"/saved/tags/{tag}/").content.decode() for tag in ALL_TAGS]
    return " ".join(page.partition('<div class="grid')[2] for page in pages)


ALL_TAGS = [*(f"tag{name}" for name in AUDIENCES), "common"]


def _feeds(browser: Client, world: World, role: str) -> str:
    token = world.tokens.get(role)
    places = [f"people/{world.ada.shelf.pk}"] + [f"tags/{tag}" for tag in ALL_TAGS]
    circles = [f"circles/{each.pk}" for each in world.circles.values()]
    prefix = f"/feeds/mine/{token}/" if token else "/feeds/"
    told = ""
    for place in [*places, *(circles if token else [])]:
        for kind in ("atom", "json"):
            text = browser.get(f"{prefix}{place}.{kind}").content.decode()
            told += _entries(text, kind)
    return told


def _entries(text: str, kind: str) -> str:
    """Return what stands in a feed below its title, which repeats what was asked for."""
    if kind == "json" and text.startswith("{"):
        return json.dumps(json.loads(text)["items"])
    return text.partition("<entry>")[2]


def _get(*addresses: str) -> Callable[[Client, World, str], str]:
    def look(browser: Client, world: World, role: str) -> str:
        names = {
            "a": world.circles["a"].pk,
            "b": world.circles["b"].pk,
            "work": world.circles["work"].pk,
            "ada": world.ada.shelf.pk,
            "variant": world.variant.pk,
            "frame": world.variant.frame.handle,
            "trial": world.trial.number,
        }
        answers = [browser.get(each.format(**names)) for each in addresses]
        assert all(each.status_code in (200, *FORBIDDEN, 401) for each in answers)
        return " ".join(each.content.decode() for each in answers if each.status_code == 200)

    return look


SURFACES: dict[str, Callable[[Client, World, str], str]] = {
    "own list": _get("/saved/", "/saved/?q=word", "/saved/?tag=common"),
    "tag pages": lambda browser, world, role: _tag_pages(browser, world),
    "person page, tag cloud": _get("/saved/people/{ada}/"),
    "person and tag": _get("/saved/people/{ada}/?tag=common"),
    "circles": _get("/circles/{a}/", "/circles/{b}/", "/circles/{work}/"),
    "search in circles": _get("/circles/{a}/?q=word", "/circles/{b}/?q=word"),
    "question": _get(*(f"/circles/{{{each}}}/who/?bridge=narrow" for each in ("a", "b", "work"))),
    "question by API": _get(
        *(f"/api/v1/circles/{{{each}}}/who/?bridge=narrow" for each in ("a", "b", "work"))
    ),
    "tags of a circle": _get("/circles/{a}/tags/", "/circles/{b}/tags/", "/circles/{work}/tags/"),
    "news": lambda browser, world, role: _follow_all(browser, world),
    "feeds": _feeds,
    "lists of the API": _get(
        *("/api/v1/bookmarks/", "/api/v1/bookmarks/?tag=common", "/api/v1/bookmarks/?q=word"),
        *(f"/api/v1/bookmarks/?circle={{{each}}}" for each in ("a", "b", "work")),
        "/api/v1/bookmarks/?person={ada}",
        "/api/v1/staff/notes/",
    ),
    "suggestions": _get(
        *("/saved/suggest/?variant={variant}", "/saved/suggest/?variant={variant}&typed=tag"),
        "/saved/new/?variant={variant}",
        *("/api/v1/bookmarks/tags/?frame={frame}", "/api/v1/bookmarks/tags/?q=tag"),
    ),
    "frame page": _get("/frames/{frame}/"),
    "memory of colleagues": _get("/console/circles/{work}/", "/console/circles/{work}/?q=word"),
    "notes on a trial": _get("/console/trials/{trial}/"),
    "box": lambda browser, world, role: _boxed(browser, world),
    "gallery": lambda browser, world, role: _asked_about(browser, world),
}


def told(text: str) -> set[str]:
    """Return whose words or tags stand in a text."""
    return {name for name in AUDIENCES if re.search(rf"(?:word|tag){name}\b", text)}


@pytest.mark.parametrize("role", SEES)
@pytest.mark.parametrize("surface", SURFACES)
def test_nobody_is_told_of_what_she_may_not_see(surface: str, role: str, world: World) -> None:
    text = SURFACES[surface](world.browser(role), world, role)
    assert told(text) <= SEES[role]


@pytest.mark.parametrize("role", SEES)
def test_everybody_finds_what_she_may_see(role: str, world: World) -> None:
    seen: set[str] = set()
    for surface in ("person page, tag cloud", "memory of colleagues"):
        seen |= told(SURFACES[surface](world.browser(role), world, role))
    # Anonymous or not, who is blocked reads nothing of hers; all others all that they may.
    assert seen == SEES[role]


@pytest.mark.parametrize("role", SEES)
def test_counts_count_only_what_she_may_see(role: str, world: World) -> None:
    browser = world.browser(role)
    hers = SEES[role] - {"staff"}
    page = browser.get(f"/saved/people/{world.ada.shelf.pk}/")
    if not hers:
        assert page.status_code == 404
    else:
        assert f"{len(hers)} saved" in page.content.decode()
    for name in AUDIENCES:
        page = browser.get(f"/saved/tags/tag{name}/")
        assert f"{int(name in hers)} saved" in page.content.decode()


# Whoever gets so far is the owner of it all, edits the circle, or works in it: the law has nothing
# left to hide from her there, and who does not is turned away at the door.
SHUT_BEFORE = {"own list", "memory of colleagues", "notes on a trial", "tags of a circle"}


@pytest.mark.parametrize("surface", [name for name in SURFACES if name != "frame page"])
def test_every_surface_asks_the_one_law(surface: str, world: World, monkeypatch: Any) -> None:
    """With the law out, each surface tells somebody more than she may know."""
    monkeypatch.setattr(BookmarkQuerySet, "visible_to", lambda rows, viewer: rows)
    ways = "sharing.bookmarks.queries.finding._ways"
    monkeypatch.setattr(ways, lambda rows, viewer: [rows])
    # The first who is told too much is enough.
    tells = any(
        not told(SURFACES[surface](world.browser(role), world, role)) <= SEES[role] for role in SEES
    )
    assert tells or surface in SHUT_BEFORE


def test_no_reading_of_bookmarks_begins_without_the_law() -> None:
    root = Path(__file__).parents[3] / "sharing" / "bookmarks"
    readers = [*root.glob("queries/*.py"), *root.glob("views/*.py"), *root.glob("api/*.py")]
    readers += [root / "feeds.py", root / "forms.py", root / "services" / "using.py"]
    readers.append(root.parent / "templatetags" / "bookmark_tags.py")
    begun = [
        (path.name, rest)
        for path in readers
        for rest in re.findall(r"Bookmark\.(?:objects|_\w+_manager)(\.\w+)?", path.read_text())
    ]
    assert len(begun) > 5
    assert {rest for _path, rest in begun} == {".visible_to", ".none"}


def test_who_left_a_circle_sees_nothing_of_it_from_that_moment(world: World) -> None:
    bea = world.people["member of a"]
    assert bea is not None
    browser = world.browser("member of a")
    circle = f"/circles/{world.circles['a'].pk}/"
    assert "wordcirclea" in browser.get(circle).content.decode()
    leave_circle(user=bea, circle_id=world.circles["a"].pk)
    assert browser.get(circle).status_code == 404
    feed = f"/feeds/mine/{world.tokens['member of a']}/circles/{world.circles['a'].pk}.atom"
    assert browser.get(feed).status_code == 404
    join(world.circles["a"], bea)
    assert browser.get(feed).status_code == 200


def test_a_page_with_several_notes_asks_once_for_its_readers_circles(world: World) -> None:
    browser = world.browser("staff in")
    with CaptureQueriesContext(connection) as asked:
        SURFACES["notes on a trial"](browser, world, "staff in")
    of_circles = [each for each in asked if each["sql"].startswith('SELECT "sharing_circle"."id"')]
    assert len(of_circles) == 1
