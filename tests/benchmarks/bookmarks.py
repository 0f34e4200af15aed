"""A person's saved frames with a tag, out of a million: what the page asks of the database."""

import time
from collections.abc import Callable
from statistics import median, quantiles

from django.db import connection

from sharing.bookmarks.models import Shelf
from sharing.bookmarks.queries.finding import count_up_to, found, page_of, tags_among
from sharing.bookmarks.queries.people import person_shown_to
from shop.catalogue.models import Frame
from shop.customers.models import User
from tests.benchmarks.bench import Bench
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.report import Figure
from tests.benchmarks.server import analyse

PEOPLE_A_CIRCLE = 5
FRAMES, TAGS = 5000, 500
LOOKS = 200
FLOOR = "one ORM read, in this process"

# People, five to a circle; each of them has a shelf. The first of them is who looks, and she is in
# forty other circles besides.
PEOPLE = """
INSERT INTO shop_user (password, is_superuser, email, name, language, time_zone, is_staff,
    is_active, date_joined)
SELECT '', false, 'saver' || n || '@bench.example', 'Saver ' || n, 'en', 'UTC', false, true, now()
FROM generate_series(0, %(people)s - 1) n;
CREATE TEMPORARY TABLE saver AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM shop_user WHERE email LIKE 'saver%%';
CREATE INDEX ON saver (n);
INSERT INTO sharing_shelf (id, user_id) SELECT gen_random_uuid(), id FROM saver;
CREATE TEMPORARY TABLE circle AS
SELECT gen_random_uuid() AS id, n FROM generate_series(0, (%(people)s - 1) / %(each)s) n;
CREATE INDEX ON circle (n);
INSERT INTO sharing_circle (id, name, kind, state, created_at)
SELECT id, 'Circle ' || n, 'customers', 'open', now() FROM circle;
INSERT INTO sharing_membership (id, circle_id, user_id, state, shows_trials, joined_at, was_removed)
SELECT gen_random_uuid(), circle.id, saver.id,
    CASE WHEN saver.n %% %(each)s = 0 THEN 'owner' ELSE 'member' END, false, now(), false
FROM saver JOIN circle ON circle.n = saver.n / %(each)s;
INSERT INTO sharing_membership (id, circle_id, user_id, state, shows_trials, joined_at, was_removed)
SELECT gen_random_uuid(), circle.id, saver.id, 'member', false, now(), false
FROM saver, circle WHERE saver.n = 0 AND circle.n BETWEEN 1 AND 40;
INSERT INTO sharing_membershiptransition (subject_id, from_state, to_state, at, reason)
SELECT id, '', state, now(), '' FROM sharing_membership
"""
# A few people save most, and a few tags stand on most: squares and cubes of a random number.
BOOKMARKS = """
INSERT INTO sharing_bookmark (id, owner_id, frame_id, audience, circle_id, of_staff, tags, note,
    saved_at, changed_at)
SELECT gen_random_uuid(), saver.id, frame.id, drawn.audience,
    CASE WHEN drawn.audience = 'circle' THEN circle.id END, false,
    ARRAY(SELECT DISTINCT unnest(drawn.tags)), 'Light on the nose.', drawn.at, drawn.at
FROM (
    SELECT floor(%(people)s * power(random(), 2))::int AS owner,
        floor(%(frames)s * random())::int AS frame,
        (ARRAY['circle', 'circle', 'private', 'private', 'public'])[1 + floor(5 * random())::int]
            AS audience,
        ARRAY['tag ' || floor(%(tags)s * power(random(), 3))::int,
            'tag ' || floor(%(tags)s * power(random(), 3))::int,
            'tag ' || floor(%(tags)s * power(random(), 3))::int]::varchar(30)[] AS tags,
        now() - random() * interval '2 years' AS at
    FROM generate_series(1, %(bookmarks)s)
) drawn
JOIN saver ON saver.n = drawn.owner
JOIN circle ON circle.n = saver.n / %(each)s
JOIN known_frame frame ON frame.n = drawn.frame
ON CONFLICT DO NOTHING
"""
KNOWN_FRAMES = """
CREATE TEMPORARY TABLE known_frame AS
SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM shop_frame WHERE published LIMIT %(frames)s
"""
# Her who saved most, one of the middle, and those of the viewer's own circles.
SAVERS = """
SELECT owner_id FROM sharing_bookmark GROUP BY owner_id ORDER BY count(*) DESC, owner_id
"""


def run(bench: Bench) -> list[Figure]:
    """Fill the tables, then look at people's pages with a tag, at tags and at persons."""
    saved = _fill(bench.scale.bookmarks)
    viewer = User.objects.get(email="saver0@bench.example")
    with connection.cursor() as cursor:
        cursor.execute(SAVERS)
        by_much = [row[0] for row in cursor.fetchall()]
    most = by_much[: max(len(by_much) // 1000, 1)]
    people = [by_much[(n * 37) % len(by_much)] for n in range(LOOKS // 2)]
    people += [most[n % len(most)] for n in range(LOOKS // 2)]
    shelves = Shelf.objects.in_bulk(people, field_name="user_id")
    looks = _looks(bench)
    floor = _times(lambda n: User.objects.filter(pk=by_much[n % len(by_much)]).first(), looks)
    measured = {
        "a person's with a tag": lambda n: _person_page(
            viewer, shelves[people[n % len(people)]], f"tag {n * 7 % 60}"
        ),
        "with a tag": lambda n: _tag_page(viewer, f"tag {n * 7 % 60}"),
        "a person's": lambda n: _person_page(viewer, shelves[people[n % len(people)]], ""),
    }
    return [
        _figure(f"saved frames of {saved:,}: {name}", _times(page, looks), floor)
        for name, page in measured.items()
    ]


def _looks(bench: Bench) -> int:
    return LOOKS if bench.scale.bookmarks >= LOOKS * 100 else 5


def _fill(bookmarks: int) -> int:
    people = max(bookmarks // 50, PEOPLE_A_CIRCLE)
    ensure_products(min(FRAMES, max(bookmarks // 200, 10)))
    values = {
        "people": people,
        "each": PEOPLE_A_CIRCLE,
        "frames": Frame.objects.filter(published=True).count(),
        "tags": TAGS,
        "bookmarks": bookmarks,
    }
    with connection.cursor() as cursor:
        for script in (*PEOPLE.split(";"), KNOWN_FRAMES, BOOKMARKS):
            cursor.execute(script, values)
        cursor.execute("SELECT count(*) FROM sharing_bookmark")
        saved = int(cursor.fetchone()[0])
    analyse()
    return saved


def _person_page(viewer: User, shelf: Shelf, tag: str) -> None:
    """Ask what ``views.finding.saved_person`` asks."""
    person = person_shown_to(viewer, shelf.pk).user
    bookmarks = found(viewer, person=person, tag=tag)
    page_of(bookmarks, viewer)
    count_up_to(bookmarks)
    tags_among(found(viewer, person=person), viewer)


def _tag_page(viewer: User, tag: str) -> None:
    """Ask what ``views.finding.saved_tag`` asks."""
    bookmarks = found(viewer, tag=tag)
    page_of(bookmarks, viewer)
    count_up_to(bookmarks)


def _times(act: Callable[[int], object], looks: int) -> list[float]:
    act(0)
    taken = []
    for n in range(looks):
        began = time.perf_counter()
        act(n)
        taken.append(time.perf_counter() - began)
    return taken


def _figure(name: str, taken: list[float], floor: list[float]) -> Figure:
    # Of twenty parts the last begins at the 95th percentile.
    late = quantiles(taken, n=20)[-1]
    return Figure(
        name=name,
        figure=round(1 / median(taken), 1),
        floor=round(1 / median(floor), 1),
        floor_name=FLOOR,
        notes={"p50 ms": round(median(taken) * 1000, 1), "p95 ms": round(late * 1000, 1)},
    )
