"""A claim has a page of its own: the list leads there, and what became of it is noted there."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from djmoney.money import Money

from shop.customers.models import User
from tests.factories.shop import ManagerFactory, StaffFactory
from tests.factories.trials import delivered_trial
from tests.trials.returns.boxes_back import checked_in, item_of, scanned
from trials.claims.models import Claim
from trials.claims.services import (
    file_claim,
    give_back_payment,
    note_payment,
    note_refusal,
    withdraw_claim,
)
from trials.claims.states import ClaimState
from trials.returns.services.losing import lose_parcel
from trials.shipping.models import Leg

pytestmark = pytest.mark.django_db
UNPROCESSABLE = 422
PAID = Money(30, "EUR")
WAY = re.compile(r'name="way" value="(\w+)"')
OPENED = re.compile(r'<details class="accordion" open>.*?name="way" value="(\w+)"', re.DOTALL)


@pytest.fixture
def boss() -> User:
    return ManagerFactory(name="Mia Boss")


def _claim(state: str, boss: User) -> Claim:
    number = scanned(delivered_trial(frames=1), Leg.RETURN).tracking_number
    claim = lose_parcel(tracking_number=number, by=boss, reason="Never seen", early=True)
    if state in ("filed", "paid", "refused", "given_back"):
        file_claim(claim_id=claim.pk, by=boss, reference="C-1")
    if state in ("paid", "given_back"):
        note_payment(claim_id=claim.pk, by=boss, paid=PAID)
    if state == "given_back":
        give_back_payment(claim_id=claim.pk, by=boss, reason="It came")
    if state == "refused":
        note_refusal(claim_id=claim.pk, by=boss, reason="Packed badly")
    if state == "withdrawn":
        withdraw_claim(claim_id=claim.pk, by=boss, reason="A slip")
    claim.refresh_from_db()
    assert claim.state == state
    return claim


def _logged_in(who: User) -> Client:
    client = Client()
    client.force_login(who)
    return client


def _url(claim: Claim) -> str:
    return reverse("console:claim", args=[claim.shipment.tracking_number])


def _main(client: Client, url: str) -> str:
    """Return a page without the console's column of rooms."""
    return client.get(url).content.decode().partition("<main")[2]


def test_the_list_holds_no_form_and_no_history_and_leads_to_each_claim(boss: User) -> None:
    claims = [_claim(state, boss) for state in ClaimState.values]
    client, url = _logged_in(boss), reverse("console:claim_list") + "?state=all"
    client.get(url)

    with CaptureQueriesContext(connection) as captured:
        page = _main(client, url)

    listed = page.partition('id="claims"')[2].partition("</table>")[0].partition("<tbody>")[2]
    assert "<form" not in listed
    assert "timeline" not in listed
    assert [listed.count(f'href="{_url(claim)}"') for claim in claims] == [2, 2, 2, 2, 1, 1]
    assert "Packed badly" in listed
    # Since when each is filed, and no history besides.
    asked = " ".join(each["sql"] for each in captured)
    assert asked.count('FROM "trials_claimtransition"') == 1


def test_the_list_leads_whoever_may_do_nothing_to_a_claim_by_its_number_alone(boss: User) -> None:
    claim = _claim("paid", boss)
    url = reverse("console:claim_list") + "?state=all"

    seen = [_main(_logged_in(who), url).count(f'"{_url(claim)}"') for who in (StaffFactory(), boss)]

    assert seen == [1, 2]


def test_the_page_tells_what_is_known_of_a_claim_and_all_that_happened(boss: User) -> None:
    claim = _claim("refused", boss)
    trial = claim.shipment.trial

    page = _main(_logged_in(StaffFactory()), _url(claim))

    shown = [claim.carrier, "C-1", "Back to the shop", str(trial.user), str(claim.amount)]
    assert [words for words in shown if words not in page] == []
    assert reverse("console:trial", args=[trial.number]) in page
    titles = re.findall(r'timeline__title">Claim of [^:]+: ([^<]+)<', page)
    assert titles == ["Refused by the carrier", "Filed", "To be filed"]
    assert page.count("Mia Boss") == 3
    assert "Never seen" in page
    # Nothing has to be opened to be read.
    assert "<details" not in page[page.index("<h2>What happened") :]


@pytest.mark.parametrize(
    ("state", "ops", "managers"),
    [
        ("open", ["file"], ["file", "withdraw"]),
        ("filed", ["refused"], ["paid", "refused", "withdraw"]),
        ("paid", [], ["correct", "given_back"]),
        ("refused", ["file"], ["file", "withdraw"]),
        ("withdrawn", [], []),
        ("given_back", [], []),
    ],
)
def test_it_holds_only_the_forms_its_reader_may_use(
    state: str, ops: list[str], managers: list[str], boss: User
) -> None:
    url = _url(_claim(state, boss))
    for_ops, for_boss = (_main(_logged_in(who), url) for who in (StaffFactory(), boss))

    assert (WAY.findall(for_ops), WAY.findall(for_boss)) == (ops, managers)
    assert OPENED.findall(for_ops) == ops[:1]
    assert ("A manager says" in for_ops) == (ops != managers)
    assert "A manager says" not in for_boss


def test_of_a_parcel_that_turned_up_it_offers_first_to_give_back(boss: User) -> None:
    claim = _claim("paid", boss)
    trial = claim.shipment.trial
    assert OPENED.findall(_main(_logged_in(boss), _url(claim))) == ["correct"]
    checked_in(item_of(trial))

    page = _main(_logged_in(boss), _url(claim))

    assert "The parcel turned up; tell the carrier." in page
    assert "<dt>Turned up</dt>" in page
    assert OPENED.findall(page) == ["given_back"]
    assert page.count(">\nThe parcel turned up.</textarea>") == 1


def test_a_claim_whose_last_day_is_over_is_said_to_be_late_until_it_is_filed(boss: User) -> None:
    claim, client = _claim("open", boss), _logged_in(boss)
    assert ">Late<" not in _main(client, _url(claim))
    yesterday = timezone.localdate() - timedelta(days=1)
    Claim.objects.filter(pk=claim.pk).update(due_on=yesterday)
    assert ">Late<" in _main(client, _url(claim))

    file_claim(claim_id=claim.pk, by=boss, reference="C-1")

    assert ">Late<" not in _main(client, _url(claim))


def test_after_an_act_one_is_back_on_the_page_with_what_was_noted(boss: User) -> None:
    claim = _claim("open", boss)

    answer = _logged_in(boss).post(_url(claim), {"way": "file", "reference": "C-7"}, follow=True)

    assert answer.redirect_chain == [(_url(claim), 302)]
    page = answer.content.decode()
    assert f"The claim for {claim} is: Filed." in page
    assert '<dd class="num">C-7</dd>' in page


@pytest.mark.parametrize(
    ("state", "sent", "words", "kept"),
    [
        ("open", {"way": "file", "reference": "4242 4242 4242 4242"}, "a card number", "reference"),
        ("open", {"way": "withdraw", "reason": "  "}, "Say why", ""),
        ("filed", {"way": "paid", "amount": "9999.00"}, "above zero and up to", "amount"),
        ("filed", {"way": "paid", "amount": ""}, "Enter an amount", ""),
        (
            "paid",
            {"way": "correct", "amount": "9999", "reason": "A rest", "seen_paid": "30.000"},
            "above zero and up to",
            "amount",
        ),
        (
            "paid",
            {"way": "correct", "amount": "31", "reason": "A rest", "seen_paid": "no"},
            "Enter an amount",
            "amount",
        ),
        (
            "paid",
            {"way": "correct", "amount": "31", "reason": "A rest", "seen_paid": "sNaN"},
            "Enter an amount",
            "amount",
        ),
    ],
)
def test_a_form_that_is_refused_says_so_there_and_keeps_what_was_typed(
    state: str, sent: dict[str, str], words: str, kept: str, boss: User
) -> None:
    claim = _claim(state, boss)

    answer = _logged_in(boss).post(_url(claim), sent)

    page = answer.content.decode().partition("<main")[2]
    assert answer.status_code == UNPROCESSABLE
    assert OPENED.findall(page) == [sent["way"]]
    form = page.partition('<details class="accordion" open>')[2].partition("</form>")[0]
    assert words in form
    assert 'role="alert"' in form
    assert page.count(words) == 1
    if kept:
        assert f'name="{kept}" value="{sent[kept]}"' in form
    if sent.get("reason", "").strip():
        assert f"{sent['reason']}</textarea>" in form
    claim.refresh_from_db()
    assert claim.state == state


def test_a_form_the_page_does_not_hold_is_refused_above_those_it_does(boss: User) -> None:
    claim = _claim("withdrawn", boss)

    answer = _logged_in(boss).post(_url(claim), {"way": "paid", "amount": "x"})

    page = answer.content.decode().partition("<main")[2]
    assert answer.status_code == UNPROCESSABLE
    assert page.count("Enter an amount") == 1
    assert "<form" not in page


def test_what_others_did_meanwhile_is_said_on_the_page_as_it_stands(boss: User) -> None:
    claim = _claim("paid", boss)
    sent = {"way": "correct", "amount": "31", "reason": "A rest", "seen_paid": "29.000"}

    answer = _logged_in(boss).post(
        _url(claim), sent, headers={"Referer": f"http://testserver{_url(claim)}"}, follow=True
    )

    assert answer.redirect_chain == [(f"http://testserver{_url(claim)}", 302)]
    assert "are noted as paid by now. Look at the claim again." in answer.content.decode()


def test_only_a_manager_settles_whatever_the_page_shows(boss: User) -> None:
    claim = _claim("filed", boss)

    answer = _logged_in(StaffFactory()).post(_url(claim), {"way": "paid", "amount": "30"})

    assert answer.status_code == 403
    claim.refresh_from_db()
    assert claim.state == "filed"


def test_a_parcel_is_found_as_it_was_typed_and_one_without_a_claim_is_not(boss: User) -> None:
    claim, client = _claim("open", boss), _logged_in(boss)
    typed = reverse("console:claim", args=[f" {str(claim).lower()}"])
    other = scanned(delivered_trial(frames=1), Leg.RETURN).tracking_number

    assert client.get(typed).context["claim"] == claim
    assert client.get(reverse("console:claim", args=[other])).status_code == 404


def test_the_page_of_its_trial_leads_to_a_claim_also_once_the_parcel_turned_up(boss: User) -> None:
    claim = _claim("filed", boss)
    trial, client = claim.shipment.trial, _logged_in(boss)
    url = reverse("console:trial", args=[trial.number])
    link = f'href="{_url(claim)}">Claim: Filed</a>'
    assert _main(client, url).count(link) == 1

    checked_in(item_of(trial))

    assert _main(client, url).count(link) == 1
    assert "Claim:" not in _main(client, reverse("console:trial", args=[delivered_trial().number]))
