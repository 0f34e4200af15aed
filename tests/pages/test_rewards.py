"""A friend's claim becomes a reward, and the reward goes towards an order, by the pages alone."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TypeVar

import time_machine
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Page, expect

from sharing.referrals.services.rewarding import settle_due
from shop.customers.roles import ensure_roles
from shop.foundation.invariants import all_invariants, breaches
from shop.foundation.outbox import carry_out_due
from tests.pages.conftest import MARKS
from tests.pages.test_every_page import OVER_THE_EDGE, RULES, faults_of
from tests.story.customer import fills_address, fills_card

pytestmark = MARKS
T = TypeVar("T")
EMAIL, PASSWORD = "jule.sommer@lorgnette.example", "which of these suits you"


def committed(act: Callable[[], T]) -> T:
    """Do something beside the test's own transaction, where the shop sees it."""

    def run() -> T:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def a_month_later() -> None:
    with time_machine.travel(timezone.now() + timedelta(days=31)):
        settle_due()


def sound(page: Page) -> None:
    assert faults_of(page, runOnly=RULES) == []
    assert page.evaluate(OVER_THE_EDGE) == []


def heading(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))


def checks_out(page: Page) -> None:
    page.goto("/frames/clara/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_text("is in your cart")).to_be_visible()
    page.goto("/checkout/")


def pays(page: Page, name: str) -> str:
    """Pay with a new card; the order's number."""
    heading(page, "^Pay ")
    another = page.locator("summary").filter(has_text="With another card")
    if another.count():
        another.click()
    fills_card(page, name=name)
    page.get_by_role("button", name=re.compile("^Pay €|^Pay [0-9]")).click()
    heading(page, "^Order ")
    return page.get_by_role("heading", level=1).inner_text().split()[1]


def test_a_friend_votes_and_orders_and_the_advocate_spends_what_it_earned(visit, content):
    friend = visit().page
    friend.goto(content.paths["friend"])
    friend.get_by_role("radio", name=re.compile("is my pick")).first.check(force=True)
    friend.get_by_label("Your first name").fill("Jule")
    friend.get_by_role("button", name="Send my vote").click()
    heading(friend, "Thank you!")
    friend.get_by_role("button", name="See the frames").click()
    friend.goto("/accounts/signup/")
    friend.get_by_label("Email").fill(EMAIL)
    friend.get_by_label("Password").fill(PASSWORD)
    friend.get_by_role("button", name="Create account").click()
    friend.wait_for_url(lambda url: "signup" not in url)

    checks_out(friend)
    expect(friend.get_by_text("Welcome gift from your friend")).to_be_visible()
    fills_address(friend, name="Jule Sommer", street="Nebenweg 9")
    sound(friend)
    friend.get_by_role("button", name="Go on to payment").click()
    number = pays(friend, "Jule Sommer")
    expect(friend.get_by_text("Welcome gift from your friend")).to_be_visible()

    mia = visit("mia").page
    mia.goto("/account/friends/")
    row = mia.get_by_role("listitem").filter(has_text="Jule")
    expect(row).to_contain_text("if the order is kept")
    committed(a_month_later)
    mia.reload()
    expect(row).to_contain_text("Ordered, and you are rewarded")
    sound(mia)

    checks_out(mia)
    expect(mia.get_by_role("group", name="Your credit")).to_be_visible()
    mia.get_by_role("checkbox", name=re.compile("^Use €")).check()
    sound(mia)
    mia.get_by_role("button", name="Go on to payment").click()
    pays(mia, "Mia Brandt")
    expect(mia.get_by_text("Credit used")).to_be_visible()
    mia.goto("/account/friends/")
    expect(mia.get_by_text("Used for order")).to_be_visible()

    gives_back_all_of(number, visit)
    mia.reload()
    expect(row).to_contain_text("Given back, so nothing was earned")
    expect(mia.get_by_text("Taken back: the order was given back")).to_be_visible()
    expect(mia.get_by_text("there is nothing to pay")).to_be_visible()
    sound(mia)
    assert [each.name for each in all_invariants() if each.number in (2, 7) and breaches(each)] == (
        []
    )


def gives_back_all_of(number: str, visit: Callable[..., object]) -> None:
    committed(ensure_roles)
    page = visit("max").page  # type: ignore[attr-defined]
    page.goto(f"/console/orders/{number}/")
    page.locator("summary").filter(has_text="Give money back").click()
    amount = page.get_by_label(re.compile("^Amount, at most"))
    most = re.search(r"\d[\d.]*", page.locator("label[for=refund-amount]").inner_text())
    assert most
    amount.fill(most[0])
    page.locator("#refund-reason").fill("It came back")
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("The money is on its way back.")).to_be_visible()
    sound(page)
    committed(carry_out_due)
    committed(a_month_later)
