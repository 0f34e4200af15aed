"""Laws of campaigns and referrals, of the stylist's threads, and of panels."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.utils import timezone

from sharing.referrals.models import Campaign, Referral, ReferralBrowser, ReferralTerms
from sharing.stylist.models import Message, Thread
from sharing.testers.models import Answer, PanelFrame
from tests.factories.shop import FrameFactory, UserFactory
from tests.house.laws import Change, Law, check, once
from tests.sharing.laws.rows import feedback, gallery, panel, question, tester
from tests.trials.laws.rows import days, trial

NOW = timezone.now
TEN_EACH: dict[str, Any] = {
    "advocate_kind": "amount",
    "advocate_amount": 10,
    "friend_kind": "amount",
    "friend_amount": 10,
}


def _campaign() -> Campaign:
    return Campaign.objects.create(name="Spring", ends_at=NOW() + timedelta(days=30), **TEN_EACH)


def _referral() -> Referral:
    return Referral.objects.create(advocate=UserFactory())


def _terms() -> ReferralTerms:
    return ReferralTerms.objects.create(
        referral=_referral(), campaign=_campaign(), promised=20, order_until=NOW(), **TEN_EACH
    )


def _browser() -> ReferralBrowser:
    return ReferralBrowser.objects.create(user=UserFactory(), browser_hash="a")


def _thread() -> Thread:
    asked = trial()
    return Thread.objects.create(customer=asked.user, trial=asked, waiting_since=NOW())


def _question_asked() -> Message:
    return Message.objects.create(thread=_thread(), from_staff=False, text="Which?")


def _panel_frame() -> PanelFrame:
    return PanelFrame.objects.create(panel=panel(), frame=FrameFactory())


def _answer() -> Answer:
    return Answer.objects.create(feedback=feedback(), question=question())


def _of_a_side(side: str) -> tuple[Law, Law]:
    def percent(number: int | None) -> Change:
        return {f"{side}_kind": "percent", f"{side}_percent": number}

    def extension(number: int | None, amount: int = 0) -> Change:
        given = {f"{side}_kind": "extension", f"{side}_days": number}
        return {**given, f"{side}_amount": amount}

    return (
        check(
            f"campaign_{side}_percent_1_to_100",
            _campaign,
            *(percent(None), percent(0), percent(101)),
            lawful=(percent(1), percent(100)),
        ),
        check(
            f"campaign_{side}_days_1_to_60",
            _campaign,
            *(extension(None), extension(0), extension(61), extension(5, amount=10)),
            lawful=(extension(1), extension(60)),
        ),
    )


LAWS = (
    once(
        "one_campaign_at_a_time",
        _campaign,
        *({}, {"starts_at": days(29), "ends_at": None}),
        lawful=({"starts_at": days(31), "ends_at": None}, {"currency": "USD"}),
    ),
    check(
        "campaign_ends_after_its_start",
        _campaign,
        *({"ends_at": F("starts_at")}, {"ends_at": days(-1)}),
        lawful=({"ends_at": None},),
    ),
    check(
        "campaign_promises_within_budget",
        _campaign,
        *({"promised": -1}, {"promised": 11, "budget": 10}),
        lawful=({"promised": 11}, {"promised": 10, "budget": 10}),
    ),
    check(
        "campaign_amounts_not_below_zero",
        _campaign,
        *({"advocate_amount": -1}, {"friend_amount": -1}, {"minimum": -1}),
        lawful=({"advocate_amount": 0, "friend_amount": 0, "minimum": 0},),
    ),
    *_of_a_side("advocate"),
    *_of_a_side("friend"),
    check(
        "nobody_refers_herself",
        _referral,
        {"friend": F("advocate")},
        lawful=({"friend": UserFactory},),
    ),
    check("promise_not_below_0", _terms, {"promised": -1}, lawful=({"promised": 0},)),
    once(
        "one_row_a_browser_and_user",
        _browser,
        lawful=({"browser_hash": "b"}, {"user": UserFactory}),
    ),
    check(
        "thread_about_one_thing",
        _thread,
        *({"trial": None}, {"gallery": gallery}),
        lawful=({"trial": None, "gallery": gallery},),
    ),
    check(
        "waiting_thread_knows_since_when",
        _thread,
        {"waiting_since": None},
        lawful=({"waiting_since": None, "state": "answered"},),
    ),
    check(
        "message_says_something",
        _question_asked,
        {"text": ""},
        lawful=(
            {"text": "", "picture": uuid4, "from_staff": True},
            {"text": "", "erased_at": NOW},
        ),
    ),
    check(
        "only_answers_have_pictures",
        _question_asked,
        {"picture": uuid4},
        lawful=({"picture": uuid4, "from_staff": True},),
    ),
    once("frame_once_a_panel", _panel_frame, lawful=({"frame": FrameFactory}, {"panel": panel})),
    check(
        "choices_where_chosen",
        question,
        *({"choices": []}, {"choices": ["Wide"]}, {"kind": "text"}),
        lawful=({"kind": "text", "choices": []},),
    ),
    once("tester_once_a_panel", tester, lawful=({"user": UserFactory}, {"panel": panel})),
    once("feedback_once_a_frame", feedback, lawful=({"frame": FrameFactory}, {"tester": tester})),
    once(
        "one_answer_a_question",
        _answer,
        {"rating": 5},
        lawful=({"question": question}, {"feedback": feedback}),
    ),
    check(
        "rating_1_to_5",
        _answer,
        *({"rating": 0}, {"rating": 6}),
        lawful=({"rating": 1}, {"rating": 5}),
    ),
)
