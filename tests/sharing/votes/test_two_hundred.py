"""Two hundred friends vote at once over real connections, while the owner watches."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from socketserver import ThreadingMixIn
from threading import Barrier, Event, Thread
from typing import Any

import pytest
import requests
from django.core.handlers.wsgi import WSGIHandler
from django.core.servers.basehttp import WSGIServer
from django.db import connections
from django.test import Client
from django.test.testcases import QuietWSGIRequestHandler
from django.urls import reverse

from sharing.galleries.visitors import COOKIE
from sharing.votes.models import Reaction, Vote, Voter
from sharing.votes.queries import standing
from sharing.votes.trust import issue_paper
from shop.analytics.models import Event as Fact
from shop.foundation.invariants import all_invariants, breaches
from tests.factories.sharing import SharedGallery, gallery_with_link, new_browser
from tests.sharing.conftest import PHONE

pytestmark = pytest.mark.django_db(transaction=True)
FRIENDS, SERVING, SEEN_WITHIN_SECONDS = 200, 4, 2.0
TOTAL = re.compile(r"(\d+) friends? ha(?:s|ve) voted")


class Pooled(ThreadingMixIn, WSGIServer):
    """A web process of four threads, each with its connection to the database."""

    request_queue_size = 512

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), QuietWSGIRequestHandler)
        self.pool = ThreadPoolExecutor(SERVING)
        self.set_app(WSGIHandler())
        Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def end(self) -> None:
        self.shutdown()
        # Each thread ends its own connection, or the database cannot be emptied.
        gate = Barrier(SERVING)
        list(self.pool.map(lambda _each: (gate.wait(30), connections.close_all()), range(SERVING)))
        self.pool.shutdown()
        self.server_close()

    def process_request(self, request: Any, client_address: Any) -> None:
        self.pool.submit(self.process_request_thread, request, client_address)


@pytest.fixture
def processes(settings) -> Iterator[tuple[Pooled, Pooled]]:
    """Two of them: that of the friends is busy, and the owner's page is asked of the other."""
    settings.TRUSTED_PROXY_COUNT = 1
    two = Pooled(), Pooled()
    yield two
    for each in two:
        each.end()


def sent_vote(address: str, shared: SharedGallery, number: int, gate: Barrier) -> float:
    browser = new_browser()
    paper = issue_paper(
        link_id=shared.link.pk,
        gallery_id=shared.gallery.pk,
        is_personal=False,
        token=shared.token,
        browser=browser,
    )
    form_token = "a" * 32
    form = {
        "csrfmiddlewaretoken": form_token,
        "paper": paper,
        "favourite": shared.items[number % 3].pk,
        **{f"rank-{item.pk}": place for place, item in enumerate(shared.items, start=1)},
    }
    headers = {"User-Agent": PHONE, "X-Forwarded-For": f"198.18.{number // 250}.{number % 250}"}
    gate.wait(timeout=60)
    answer = requests.post(
        f"{address}/g/{shared.token}/vote/",
        form,
        headers=headers,
        cookies={COOKIE: browser, "csrftoken": form_token},
        allow_redirects=False,
        timeout=60,
    )
    assert answer.status_code == 302, answer.text[:500]
    return time.monotonic()


def watched(address: str, shared: SharedGallery, over: Event) -> list[tuple[float, int]]:
    owner = Client()
    owner.force_login(shared.gallery.owner)
    session, looks = {"sessionid": owner.cookies["sessionid"].value}, []
    path = reverse("sharing:gallery_standing", args=[shared.gallery.pk])
    while True:
        last = over.is_set()
        page = requests.get(address + path, cookies=session, timeout=60).text
        found = TOTAL.search(page)
        looks.append((time.monotonic(), int(found[1]) if found else 0))
        if last:
            return looks
        time.sleep(0.2)


def test_no_vote_is_lost_and_the_owner_sees_each_within_two_seconds(processes, capsys):
    busy, free = processes
    shared = gallery_with_link(frames=3)
    over, gate = Event(), Barrier(FRIENDS)
    with ThreadPoolExecutor(FRIENDS + 1) as people:
        watching = people.submit(watched, free.url, shared, over)
        sending = [
            people.submit(sent_vote, busy.url, shared, number, gate) for number in range(FRIENDS)
        ]
        answered = sorted(each.result() for each in sending)
        over.set()
        looks = watching.result()

    counted = standing(shared.gallery)
    assert counted.total == FRIENDS == Vote.objects.filter(counted=True).count()
    assert Voter.objects.count() == FRIENDS == Fact.objects.filter(name="vote_cast").count()
    assert sum(row.favourites for row in counted.rows) == FRIENDS
    assert Reaction.objects.count() == 3 * FRIENDS
    assert [each.name for each in all_invariants() if each.number == 6 and breaches(each)] == []
    waits = [
        min(at for at, total in looks if total >= place) - when
        for place, when in enumerate(answered, start=1)
    ]
    with capsys.disabled():
        seconds = answered[-1] - answered[0]
        print(f"\n{FRIENDS} votes in {seconds:.1f} s; seen after {max(waits):.2f} s at most")
    assert max(waits) < SEEN_WITHIN_SECONDS
