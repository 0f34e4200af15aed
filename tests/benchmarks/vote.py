"""A friend votes: the form sent by her browser, checked, durable when it is answered."""

from dataclasses import dataclass
from itertools import count
from time import sleep

from django.conf import settings
from rest_framework.test import APIClient

from sharing.galleries.tokens import new_browser_token
from sharing.votes.models import Reaction, Vote, Voter
from sharing.votes.services import cast_vote, tell_owner
from shop.analytics.models import Event
from tests.benchmarks.bench import Bench, figure
from tests.benchmarks.floors import INSERT
from tests.benchmarks.galleries import PHONE, Browser, ballot_paper, form_token, make_galleries
from tests.benchmarks.load import Result, dealt, run_load, sending
from tests.benchmarks.report import Figure
from tests.benchmarks.statements import statements
from tests.benchmarks.wire import Answer, Wire, form_bytes
from tests.factories.sharing import SharedGallery

GOAL = 0.7
# Networks from 100,000 on: none that another benchmark's friends come from.
FIRST = 100_000
FACES = ("love", "like", "not_you")


@dataclass(frozen=True)
class Friend:
    """Somebody who has a gallery open on her phone."""

    browser: Browser
    shared: SharedGallery
    form_token: str
    paper: str

    def voting(self, favourite: int) -> bytes:
        """Return her form with three faces and a favourite, as the browser sends it."""
        path = f"/g/{self.shared.token}/"
        items = [item.pk for item in self.shared.items]
        fields = {"csrfmiddlewaretoken": self.form_token, "comment": "", "name": ""}
        fields |= {f"reaction-{item}": face for item, face in zip(items, FACES, strict=False)}
        for item in items:
            # What she leaves alone is sent, too.
            fields |= {f"rank-{item}": "", f"comment-{item}": ""}
        fields |= {"paper": self.paper, "email": ""}
        fields["favourite"] = str(items[favourite % len(items)])
        origin = {"Origin": "http://127.0.0.1", "Referer": f"http://127.0.0.1{path}"}
        return form_bytes(f"{path}vote/", fields, headers=self.browser.headers(**origin))


def run(bench: Bench) -> list[Figure]:
    """Measure first votes of fresh friends, then the same friends' second thoughts."""
    galleries = make_galleries(bench.scale.galleries)
    _tell_owners(galleries)
    numbers = count(FIRST)
    rounds = [
        _open(bench, galleries, [next(numbers) for _each in range(bench.scale.acts)])
        for _round in range(bench.scale.rounds)
    ]

    def send(friends: list[Friend], favourite: int) -> Result:
        acts = [sending(friend.voting(favourite)) for friend in friends]
        hands = dealt(acts, hands=bench.scale.connections)
        return run_load(bench.shop, hands, expected=(302,))

    firsts, seconds = iter(rounds), iter(rounds)
    floor, first, again = bench.in_turns(
        bench.floor("/insert/", method="POST"),
        lambda: send(next(firsts), 0),
        lambda: send(next(seconds), 1),
    )
    before = len(galleries)
    cast, changed = (sum(each.done for each in results) for results in (first, again))
    _check(bench, before=before, cast=cast, changed=changed)
    return [
        figure(
            "vote of a friend",
            first,
            floor=floor,
            floor_name=INSERT,
            goal=GOAL,
            statements=_statements(galleries[0]),
        ),
        figure("vote changed", again, floor=floor, floor_name=INSERT, goal=GOAL),
    ]


def _open(bench: Bench, galleries: list[SharedGallery], numbers: list[int]) -> list[Friend]:
    """Let each friend open a gallery in her browser, which then has its cookies and its form."""
    wire = Wire(bench.shop)
    friends = []
    for number in numbers:
        shared, browser = galleries[number % len(galleries)], Browser(number)
        answer = wire.ask(browser.opening(shared))
        paper = ballot_paper(answer)
        friends.append(Friend(browser.after(answer), shared, form_token(answer), paper))
    wire.close()
    # She looks before she votes, or her vote is not counted.
    sleep(settings.FASTEST_VOTE_SECONDS)
    return friends


def _tell_owners(galleries: list[SharedGallery]) -> None:
    """Cast each gallery's first vote, of which the worker mails its owner: no later vote asks."""
    for shared in galleries:
        cast_vote(
            link=shared.link,
            voter_token=new_browser_token(),
            reactions=dict(zip((item.pk for item in shared.items), FACES, strict=False)),
            favourite=shared.items[0].pk,
        )
        tell_owner(shared.gallery.pk)


def _check(bench: Bench, *, before: int, cast: int, changed: int) -> None:
    votes = before + cast
    bench.check("votes", found=Vote.objects.count(), expected=votes)
    bench.check("votes counted", found=Vote.objects.filter(counted=True).count(), expected=votes)
    bench.check("voters", found=Voter.objects.count(), expected=votes)
    second = Vote.objects.filter(changed_at__isnull=False).count()
    bench.check("votes changed", found=second, expected=changed)
    bench.check("reactions", found=Reaction.objects.count(), expected=votes * len(FACES))
    for name, expected in (("vote_cast", votes), ("vote_changed", changed)):
        found = Event.objects.filter(name=name).count()
        bench.check(f"events {name}", found=found, expected=expected)


def _statements(shared: SharedGallery) -> str:
    """Count those of a friend who has looked; an earlier one reads the day's salt of addresses."""
    page = f"/g/{shared.token}/"
    counted = ""
    for _friend in range(2):
        browser = APIClient(headers={"user-agent": PHONE})
        shown = browser.get(page)
        paper = ballot_paper(Answer(shown.status_code, b"", shown.content))
        form = {"favourite": shared.items[0].pk, f"reaction-{shared.items[0].pk}": "love"}
        form["paper"] = paper
        sleep(settings.FASTEST_VOTE_SECONDS)
        counted = statements(
            lambda client, form=form: client.post(f"{page}vote/", form, format="multipart"),
            client=browser,
        )
    return counted
