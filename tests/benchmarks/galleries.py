"""Galleries that friends look at, and the friends' browsers."""

import re
from dataclasses import dataclass
from functools import cache

from sharing.galleries.models import GalleryItem
from sharing.photos.models import Photo, PhotoState
from sharing.photos.services import CONSENT_VERSION
from shop.catalogue.models import Variant
from tests.benchmarks.goods import ensure_products
from tests.benchmarks.people import make_customers
from tests.benchmarks.server import analyse
from tests.benchmarks.wire import Answer, address, request_bytes
from tests.factories.sharing import SharedGallery, gallery_with_link
from trials.units.models import TrialUnit

FRAMES = 5
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
COOKIE = re.compile(rb"\r\nset-cookie: *([^=\s]+)=([^;\r]+)", re.IGNORECASE)
PAPER = re.compile(rb'name="paper" value="([^"]+)"')
FORM_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="(\w+)"')


@cache
def make_galleries(count: int) -> list[SharedGallery]:
    """Return galleries of delivered trials: five frames, a photo of each, one link."""
    ensure_products(max(25, count))
    made = []
    packer, *owners = make_customers(count + 1)
    variants = list(Variant.objects.filter(position=1).order_by("pk")[: FRAMES * 4])
    for number in range(count):
        chosen = [variants[(number + each * 4) % len(variants)] for each in range(FRAMES)]
        TrialUnit.objects.bulk_create(
            TrialUnit(barcode=f"G-{number}-{each}", variant=variant)
            for each, variant in enumerate(chosen)
        )
        made.append(gallery_with_link(user=owners[number].user, by=packer.user, variants=chosen))
    for shared in made:
        _add_photos(shared.items)
    analyse()
    return made


def _add_photos(items: list[GalleryItem]) -> None:
    """Write the rows only: a page names its photos, and a photo is fetched for itself."""
    Photo.objects.bulk_create(
        Photo(
            user=item.gallery.owner,
            trial_item_id=item.trial_item_id,
            state=PhotoState.READY,
            width=1200,
            height=1600,
            consent_version=CONSENT_VERSION,
        )
        for item in items
    )


@dataclass(frozen=True)
class Browser:
    """A friend's browser, somewhere in a network of its own.

    Attributes:
        number: which.
        cookies: as it sends them; empty before the first answer.
    """

    number: int
    cookies: str = ""

    def headers(self, **more: str) -> dict[str, str]:
        """Return what it sends with each request, as through our proxy."""
        kept = {"Cookie": self.cookies} if self.cookies else {}
        return {
            "User-Agent": PHONE,
            "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "Accept-Language": "en-GB,en;q=0.9",
            "Accept-Encoding": "gzip, deflate, br",
            "X-Forwarded-For": address(self.number),
            **kept,
            **more,
        }

    def opening(self, shared: SharedGallery) -> bytes:
        """Return the request by which it opens a gallery's link."""
        return request_bytes("GET", f"/g/{shared.token}/", headers=self.headers())

    def after(self, answer: Answer) -> "Browser":
        """Return it with the cookies that an answer gave it."""
        kept = [f"{name.decode()}={value.decode()}" for name, value in COOKIE.findall(answer.head)]
        return Browser(self.number, "; ".join(kept))


def form_token(answer: Answer) -> str:
    """Return what the page's form sends against forged requests."""
    found = FORM_TOKEN.search(answer.body)
    assert found is not None, answer.body[:500]
    return found[1].decode()


def ballot_paper(answer: Answer) -> str:
    """Return what a friend's form says of when and by whom the page was looked at."""
    found = PAPER.search(answer.body)
    assert found is not None, answer.body[:500]
    return found[1].decode()
