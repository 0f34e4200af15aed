"""A shift of ops by a scanner that types: twenty boxes out and twenty back, with every mistake.

Each page is reached by its address or by a scan; nothing is clicked. The carrier's words come by
the service that its webhooks call.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright
from pytest_django.live_server_helper import LiveServer

from shop.catalogue.models import Variant
from shop.customers.models import User
from shop.payments.models import Payment
from tests import chromium
from tests.factories.shop import StaffFactory, VariantFactory
from tests.factories.trials import approved_trial
from tests.trials.returns.boxes_back import broken_laws, terms
from trials.fulfilment.models import Manifest, PickBatch, PickTote, UnitNotFound
from trials.fulfilment.services.batching import make_batch
from trials.fulfilment.states import BatchState, ManifestState
from trials.home_trials.models import Trial
from trials.home_trials.states import TrialState
from trials.returns.models.charges import TrialCharge
from trials.returns.models.damage import ChargeProposal
from trials.returns.models.inspections import BoxNote
from trials.shipping.models import Leg, Shipment, ShipmentState
from trials.shipping.services.tracking import record_tracking
from trials.units.models import TrialUnit
from trials.units.services.making import create_units
from trials.units.states import UnitState

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
# Playwright's loop runs in this thread; Django would take the test's own queries for asynchronous.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
BOXES, FRAMES = 20, 2
SCREEN = "[data-scan-state]"
# What sounded on this page: a refusal is a square wave, two of them, and deep.
TONES = """const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    document.documentElement.dataset.tones += `${this.type} ${this.frequency.value}, `;
    return start.apply(this, when); };"""
# There is no printer here, and Chromium crashes when it leaves a page it prints; what would come
# out of one is counted, once the paper is loaded.
PRINTER = """Object.defineProperty(HTMLIFrameElement.prototype, "contentWindow", {
  get() { return { print: () => { document.documentElement.dataset.printed = this.src; } }; } });"""
READ_FROM_AFAR = re.compile(r"^(3[2-9]|[4-9]\d|\d{3,})(\.\d+)?px$")
# Two dozen codes may wait in line, on a machine that is busy with other tests.
expect.set_options(timeout=30_000)
REFUSED = "square 196, square 147, "


@dataclass
class Station:
    """Somebody's screen and her scanner.

    Attributes:
        page: what she looks at.
        faults: errors of the page's scripts.
    """

    page: Page
    faults: list[str]

    def at(self, path: str) -> None:
        self.page.goto(path)
        expect(self.page.locator("[data-scan-field]")).to_be_focused()

    def scan(self, *codes: str) -> None:
        """Scan codes one after the other, as fast as they can be typed."""
        for code in codes:
            self.page.keyboard.type(code)
            self.page.keyboard.press("Enter")

    def accepts(self, code: str, *words: str) -> None:
        self.scan(code)
        for each in words:
            expect(self.page.locator(SCREEN)).to_contain_text(each)
        expect(self.page.locator(SCREEN)).not_to_have_attribute("data-scan-state", "refused")

    def refuses(self, code: str, words: str, reason: str) -> None:
        """Scan what is not taken: it is told by words from afar, by the reason and by a tone."""
        self.page.evaluate("document.documentElement.dataset.tones = ''")
        self.scan(code)
        screen = self.page.locator(SCREEN)
        expect(screen).to_have_attribute("data-scan-state", "refused")
        expect(screen.locator("[data-scan-words]")).to_have_text(words)
        expect(screen).to_contain_text(reason)
        expect(self.page.locator("html")).to_have_attribute("data-tones", REFUSED)
        expect(screen.locator("[data-scan-words]")).to_have_css("font-size", READ_FROM_AFAR)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # The one without windows shows no PDF, so that no label would be printed.
    path = chromium.find(windows=True)
    if path is None:
        pytest.skip("no Chromium; make chromium installs Debian's")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=chromium.FLAGS)
        yield running
        running.close()


@pytest.fixture
def ola(db: None) -> User:
    return StaffFactory(name="Ola Nowak")


@pytest.fixture
def station(browser: Browser, live_server: LiveServer, ola: User) -> Iterator[Station]:
    client = Client()
    client.force_login(ola)
    context = browser.new_context(
        base_url=live_server.url, locale="en-GB", viewport={"width": 1440, "height": 900}
    )
    context.set_default_timeout(10_000)
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value}
    context.add_cookies([{**cookie, "url": live_server.url}])  # type: ignore[list-item]
    context.add_init_script(TONES)
    context.add_init_script(PRINTER)
    station = Station(context.new_page(), [])
    station.page.on("pageerror", lambda error: station.faults.append(str(error)))
    yield station
    context.close()
    assert station.faults == []


def some_trials(ola: User, *, boxes: int) -> tuple[list[Trial], list[Variant]]:
    """Return approved trials of two frames each, and those; a few units of each stay free."""
    terms(damaged_percent=50)
    variants = [VariantFactory() for _each in range(FRAMES)]
    for shelf, variant in zip(("A1", "B2"), variants, strict=True):
        create_units(variant_id=variant.pk, count=boxes + 2, location=shelf)
    return [approved_trial(variants=variants, by=ola) for _each in range(boxes)], variants


def barcodes(trial: Trial) -> list[str]:
    return list(trial.items.order_by("pk").values_list("unit__barcode", flat=True))


def label(trial: Trial, leg: Leg) -> str:
    return Shipment.objects.get(trial=trial, leg=leg).tracking_number


def carried(trials: list[Trial], leg: Leg) -> None:
    """Have the carrier say that it brought the parcels to where they go."""
    for trial in trials:
        for status in (ShipmentState.IN_TRANSIT, ShipmentState.DELIVERED):
            number = label(trial, leg)
            record_tracking(
                tracking_number=number,
                carrier_event_id=f"{number}-{status}",
                status=status,
                occurred_at=timezone.now(),
            )


def test_a_scan_is_for_the_page_that_the_scan_before_it_opens(station: Station, ola: User) -> None:
    (trial,), _variants = some_trials(ola, boxes=1)
    make_batch(count=1, by=ola)
    held: list[Route] = []
    station.at("/console/pack/")
    station.page.route("**/console/pack/", lambda route: held.append(route))
    station.scan(PickTote.objects.get().code, *barcodes(trial), "DO-FINISH")
    station.page.wait_for_timeout(100)
    held[0].continue_()
    expect(station.page.locator(SCREEN)).to_contain_text("Stick the label on")
    assert Trial.objects.get().state == TrialState.PACKED


def test_a_code_scanned_while_the_page_is_still_loading_is_taken_whole(
    station: Station, ola: User
) -> None:
    (trial,), _variants = some_trials(ola, boxes=1)
    make_batch(count=1, by=ola)
    held: list[Route] = []
    station.page.route("**/scanner*.js", lambda route: held.append(route), times=1)
    station.page.goto("/console/pack/", wait_until="commit")
    expect(station.page.locator("[data-scan-field]")).to_be_attached()
    station.scan(PickTote.objects.get().code)
    held[0].continue_()
    expect(station.page).to_have_url(re.compile(f"/console/pack/{trial.number}/$"))


@pytest.mark.parametrize("path", ["pick", "pack", "manifests", "check-in", "units/counts"])
def test_a_handheld_shows_where_one_is_the_field_and_the_answer_at_once(
    station: Station, path: str
) -> None:
    station.page.set_viewport_size({"width": 390, "height": 700})
    station.at(f"/console/{path}/")
    for part in (".console__nav [aria-current]", "[data-scan-field]", "[data-scan-words]"):
        expect(station.page.locator(part)).to_be_in_viewport(ratio=1)
    field = station.page.locator("[data-scan-field]").bounding_box()
    assert field is not None
    assert field["y"] < 270
    overflow = station.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert overflow <= 0


def test_twenty_boxes_go_out_and_come_back_by_scans_alone(station: Station, ola: User) -> None:
    trials, _variants = some_trials(ola, boxes=BOXES)
    picks(station, trials)
    packs(station, trials)
    hands_over(station, trials)
    carried(trials, Leg.OUTBOUND)
    assert set(Trial.objects.values_list("state", flat=True)) == {TrialState.DELIVERED}
    carried(trials, Leg.RETURN)
    checks_in(station, trials)
    everything_is_where_it_belongs(trials)


def picks(station: Station, trials: list[Trial]) -> None:
    """Make a batch and walk along the shelves; one unit is not on its own."""
    page = station.page
    station.at("/console/pick/")
    station.scan("DO-BATCH")
    expect(page).to_have_url(re.compile(r"/console/pick/\d+/$"))
    batch = PickBatch.objects.get()
    assert batch.totes.count() == BOXES
    missing = trials[0].items.get(unit__location="A1").unit.barcode
    station.accepts("DO-NOT-THERE", "Not there?", missing)
    station.accepts("DO-NOT-THERE", f"{missing} is lost. Take")
    assert missing not in barcodes(trials[0])
    station.refuses(missing, "Wrong frame", "another piece")
    station.refuses("NONSENSE", "Unknown barcode", "NONSENSE")
    units = [barcode for trial in trials for barcode in barcodes(trial)]
    station.scan(*units[:-1])
    expect(page.locator(SCREEN)).to_contain_text("1 unit to go")
    station.refuses(units[0], "Picked already", "tote 1")
    station.accepts(units[-1], f"Tote {BOXES}", "The batch is picked")
    assert PickBatch.objects.get().state == BatchState.PICKED


def packs(station: Station, trials: list[Trial]) -> None:
    """Pack every tote; before the first box is closed, all that can go wrong does."""
    page = station.page
    totes = {tote.trial_id: tote.code for tote in PickTote.objects.all()}
    station.at("/console/pack/")
    for place, trial in enumerate(trials):
        first, second = barcodes(trial)
        station.scan(totes[trial.pk])
        expect(page).to_have_url(re.compile(f"/console/pack/{trial.number}/$"))
        expect(page.locator("[data-scan-field]")).to_be_focused()
        if place == 0:
            station.refuses(barcodes(trials[1])[0], "Wrong frame", "This box takes")
            station.refuses("LG000000000", "Unknown barcode", "Scan it again")
            station.refuses("DO-FINISH", "Not all scanned", first)
        station.accepts(first, "Packed 1 of 2")
        if place == 0:
            station.refuses(first, "Already in the box", "Scan the next one")
        station.accepts(second, "Box complete")
        station.scan("DO-FINISH")
        expect(page.locator(SCREEN)).to_contain_text("Stick the label on")
        printed = re.compile(f"/console/trials/{trial.number}/labels.pdf$")
        expect(page.locator("html")).to_have_attribute("data-printed", printed)
        if place == 0:
            station.refuses(totes[trial.pk], "Not this one", "This box is packed")
    paper = page.request.get(f"/console/trials/{trials[0].number}/labels.pdf")
    assert paper.body().startswith(b"%PDF")


def hands_over(station: Station, trials: list[Trial]) -> None:
    """Scan every parcel onto a manifest and give it to the carrier."""
    page = station.page
    station.at("/console/manifests/")
    station.scan("DO-MANIFEST")
    expect(page).to_have_url(re.compile(r"/console/manifests/\d+/$"))
    expect(page.locator("[data-scan-field]")).to_be_focused()
    station.refuses(label(trials[0], Leg.RETURN), "Return label", "Scan the other one")
    labels = [label(trial, Leg.OUTBOUND) for trial in trials]
    station.scan(*labels)
    expect(page.locator(SCREEN)).to_contain_text(f"{BOXES} parcels")
    station.refuses(labels[0], "Scanned already", "already")
    station.scan("DO-HANDOVER")
    expect(page.get_by_text(f"is handed over: {BOXES} parcels")).to_be_visible()
    manifest = Manifest.objects.get()
    assert manifest.state == ManifestState.CLOSED
    paper = page.request.get(f"/console/manifests/{manifest.pk}/list.pdf")
    assert paper.body().startswith(b"%PDF")
    assert set(Trial.objects.values_list("state", flat=True)) == {TrialState.SHIPPED}


def checks_in(station: Station, trials: list[Trial]) -> None:
    """Open twenty boxes: six of them hold something else than was sent."""
    page = station.page
    empty, too_few, with_stray, strays, swapped, damaged, surplus, *good = trials
    station.at("/console/check-in/")
    station.refuses("NONSENSE", "Unknown code", "Scan it again")
    station.refuses("CHECK-A", "Unknown code", "CHECK-A is no trial")

    opens(station, empty)
    station.refuses("CHECK-DONE", "Nothing scanned yet", "the box is empty")
    station.accepts("CHECK-EMPTY", "Box is empty")

    opens(station, too_few)
    station.refuses("1", "Scan a frame first", "from 1 to 5")
    judges(station, barcodes(too_few)[0], "1", "1 of 2 back")
    station.refuses(barcodes(too_few)[0], "Already checked in", "Scan the next one")
    station.refuses("LG000000000", "Unknown barcode", "Scan it again")
    station.refuses(label(with_stray, Leg.RETURN), "Box not finished", "nothing more is in the box")
    station.scan("CHECK-DONE")
    expect(page.get_by_text("is received, with frames missing")).to_be_visible()

    opens(station, with_stray)
    judges(station, barcodes(with_stray)[0], "CHECK-A", "1 of 2 back")
    station.scan(barcodes(strays)[1])
    expect(page.locator(SCREEN)).to_contain_text(f"it is checked in for {strays.number}")
    station.accepts("2", f"Checked in for {strays.number}")
    judges(station, barcodes(with_stray)[1], "CHECK-B", "2 of 2 back")
    closes(station, with_stray)

    opens(station, strays)
    station.scan(barcodes(strays)[0])
    station.refuses("CHECK-DONE", "Box not finished", "Say first how it looks")
    judges(station, barcodes(strays)[0], "2", "2 of 2 back")
    closes(station, strays)

    opens(station, swapped)
    judges(station, barcodes(swapped)[0], "3", "1 of 2 back")
    station.refuses(never_out().barcode, "This one was not out", "put it aside")
    station.scan("CHECK-DONE")
    expect(page.get_by_text("is received, with frames missing")).to_be_visible()

    opens(station, damaged)
    judges(station, barcodes(damaged)[0], "CHECK-DAMAGED", "1 of 2 back")
    judges(station, barcodes(damaged)[1], "CHECK-A", "2 of 2 back")
    station.scan("CHECK-DONE")
    expect(page.get_by_text("what is owed for it is open")).to_be_visible()

    opens(station, surplus)
    station.accepts("CHECK-SURPLUS", "Put it aside", "to be sent back to its owner")
    for trial in (surplus, *good):
        if trial != surplus:
            opens(station, trial)
        for place, barcode in enumerate(barcodes(trial)):
            judges(station, barcode, ("CHECK-A", "2")[place], f"{place + 1} of 2 back")
        closes(station, trial)


def opens(station: Station, trial: Trial) -> None:
    station.scan(label(trial, Leg.RETURN))
    expect(station.page).to_have_url(re.compile(f"/console/check-in/{trial.number}/$"))
    expect(station.page.locator("[data-scan-field]")).to_be_focused()


def judges(station: Station, barcode: str, verdict: str, words: str) -> None:
    station.accepts(barcode, barcode)
    station.accepts(verdict, words)


def closes(station: Station, trial: Trial) -> None:
    station.scan("CHECK-DONE")
    expect(station.page.get_by_text(f"{trial.number} is complete.")).to_be_visible()
    expect(station.page.locator("[data-scan-field]")).to_be_focused()


def never_out() -> TrialUnit:
    return TrialUnit.objects.filter(state=UnitState.AVAILABLE, trial_items=None).order_by("pk")[0]


def everything_is_where_it_belongs(trials: list[Trial]) -> None:
    """Every unit, every trial and every word of it; nobody was charged by a scan."""
    empty, too_few, with_stray, strays, swapped, damaged, surplus, *_good = trials
    waiting = {empty.pk, too_few.pk, swapped.pk, damaged.pk}
    states = dict(Trial.objects.values_list("pk", "state"))
    assert {pk for pk, state in states.items() if state == TrialState.RECEIVED} == waiting
    assert {state for pk, state in states.items() if pk not in waiting} == {TrialState.CLOSED}
    assert len(states) == BOXES

    away = {*barcodes(empty), barcodes(too_few)[1], barcodes(swapped)[1]}
    lost = UnitNotFound.objects.get()
    expected = dict.fromkeys(TrialUnit.objects.values_list("barcode", flat=True), "available")
    expected |= dict.fromkeys(away, UnitState.IN_TRANSIT_BACK.value)
    expected |= {barcodes(damaged)[0]: "retired", lost.unit.barcode: "lost"}
    assert dict(TrialUnit.objects.values_list("barcode", "state")) == expected
    assert lost.replaced_by is not None
    assert lost.replaced_by.barcode in barcodes(trials[0])

    notes = {(note.trial_id, note.kind, note.unit_id) for note in BoxNote.objects.all()}
    stray = TrialUnit.objects.get(barcode=barcodes(strays)[1])
    kinds = BoxNote.Kind
    assert notes == {
        (empty.pk, kinds.EMPTY, None),
        (with_stray.pk, kinds.STRAY, stray.pk),
        (swapped.pk, kinds.NOT_OUT, never_out().pk),
        (surplus.pk, kinds.SURPLUS, None),
    }
    proposal = ChargeProposal.objects.get()
    assert proposal.inspection.item.trial_id == damaged.pk
    assert not TrialCharge.objects.exists()
    assert not Payment.objects.exists()
    assert broken_laws() == []
