"""Which language people read: their browser's or the one they chose, and their own in mail."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from sharing.galleries.preview_files import compose_preview
from shop.customers.models import User
from shop.foundation.outbox import carry_out_due
from shop.payments.models import Payment
from tests.factories.sharing import gallery_with_link
from tests.factories.shop import StaffFactory, UserFactory
from tests.factories.trials import approved_trial, delivered_trial
from tests.shop.orders.buying import mark_paid, placed_order
from trials.shipping.labels import labels_pdf
from trials.shipping.services.labels import create_labels

pytestmark = pytest.mark.django_db

GERMAN = {"accept-language": "de-AT,de;q=0.9,en;q=0.5"}
A_YEAR = 31_536_000


def test_a_page_speaks_the_browsers_language_and_says_which() -> None:
    client = Client()
    german = client.get("/", headers=GERMAN).content.decode()
    others = client.get("/", headers={"accept-language": "pt"}).content.decode()

    assert '<html lang="de">' in german
    assert "Brillen aussuchen" in german
    assert '<html lang="en">' in others
    assert "Choose your frames" in others


def test_a_language_chosen_in_the_footer_is_kept_against_the_browsers() -> None:
    client = Client(headers=GERMAN)
    assert 'name="language" value="en"' in client.get("/").content.decode()

    answer = client.post(reverse("set_language"), {"language": "en", "next": "/frames/"})

    assert answer["Location"] == "/frames/"
    assert answer.cookies["django_language"]["max-age"] == A_YEAR
    assert '<html lang="en">' in client.get("/frames/").content.decode()


def test_a_customers_mail_follows_the_language_she_chose_in_the_footer() -> None:
    mia, client = UserFactory(), Client()
    client.force_login(mia)

    client.post(reverse("set_language"), {"language": "de"})
    assert User.objects.get(pk=mia.pk).language == "de"

    client.post(reverse("set_language"), {"language": "xx"})
    assert User.objects.get(pk=mia.pk).language == "de"


def test_who_signs_up_on_a_german_page_is_written_to_in_german() -> None:
    Client(headers=GERMAN).post(
        reverse("account_signup"),
        {"email": "neu@lorgnette.example", "password1": "fünf brillen fünf tage"},
    )

    assert User.objects.get(email="neu@lorgnette.example").language == "de"
    carry_out_due()
    (sent,) = mail.outbox
    assert sent.body.startswith("Hallo,\n\ndu bekommst diese E-Mail, weil")


def test_a_mail_is_in_the_customers_language_whoever_caused_it() -> None:
    with translation.override("en"):
        mark_paid(placed_order(user=UserFactory(name="Mia Brandt", language="de")))
        carry_out_due()
    with translation.override("de"):
        mark_paid(placed_order(user=UserFactory(name="Ada", language="en")))
        carry_out_due()

    to_mia, to_ada = mail.outbox
    assert "Hallo Mia," in to_mia.body
    assert "145,00\xa0€" in to_mia.body
    assert 'lang="de"' in to_mia.alternatives[0][0]
    assert "Hello Ada," in to_ada.body
    assert "€145.00" in to_ada.body


def test_a_mail_greets_who_has_not_told_her_name_without_one() -> None:
    mark_paid(placed_order(user=UserFactory(name="", language="de")))
    delivered_trial(user=UserFactory(name="", language="de"))
    while carry_out_due():
        pass

    assert len(mail.outbox) >= 4
    for sent in mail.outbox:
        assert "Hallo,\n" in sent.body
        assert "<p>Hallo,</p>" in sent.alternatives[0][0]


def test_no_mail_has_straight_quotes() -> None:
    words = re.compile(r'%}[^{%]*"[^%]*\{%')
    for path in Path(__file__).parents[2].glob("*/templates/mail/**/*.txt"):
        text = path.read_text()
        assert not words.search(text), path


def test_days_in_a_mail_are_those_of_the_customers_own_zone() -> None:
    """Her fifth day ends in Los Angeles when the sixth has begun in UTC and in Berlin."""
    user = UserFactory(language="de", time_zone="America/Los_Angeles")
    delivered_trial(at=datetime(2026, 3, 10, 20, tzinfo=UTC), user=user)
    carry_out_due()

    (sent,) = [each for each in mail.outbox if "zu Hause: Probiere" in each.subject]
    assert "Sonntag, 15. März" in sent.body
    assert "Sonntag, 15. März" in sent.alternatives[0][0]


def test_a_preview_card_speaks_the_owners_language() -> None:
    mia = UserFactory(name="Mia Brandt", language="de")
    gallery = gallery_with_link(user=mia).gallery
    with translation.override("en"):
        made_by_the_worker = compose_preview(gallery)
    with translation.override("de"):
        assert compose_preview(gallery) == made_by_the_worker
    mia.language = gallery.owner.language = "en"

    assert compose_preview(gallery) != made_by_the_worker


def test_a_chat_that_fetches_the_card_is_told_in_the_owners_language() -> None:
    """Its robot asks for no language; the friends it shows the card to are the owner's."""
    shared = gallery_with_link(user=UserFactory(name="Mia Brandt", language="de"))
    page = Client().get(reverse("sharing:friend_gallery", args=[shared.token])).content.decode()

    said = '"Mia fragt dich. Es dauert 20 Sekunden"'
    assert f'<meta property="og:description" content={said}>' in page
    assert "Mia asks you. It takes 20 seconds</p>" in page


def test_labels_and_slip_speak_the_customers_language_whoever_prints() -> None:
    trial = approved_trial(user=UserFactory(language="de"))
    create_labels(trial_id=trial.pk, by=StaffFactory())
    with translation.override("en"):
        printed_in_english = labels_pdf(trial)
    with translation.override("de"):
        assert labels_pdf(trial) == printed_in_english
    User.objects.update(language="en")
    trial.refresh_from_db()

    assert labels_pdf(trial) != printed_in_english


def test_a_friend_reads_her_own_browsers_language_not_the_owners() -> None:
    shared = gallery_with_link(user=UserFactory(language="en"))
    page = reverse("sharing:friend_gallery", args=[shared.token])

    assert "Stimme abgeben" in Client(headers=GERMAN).get(page).content.decode()
    assert "Send my vote" in Client().get(page).content.decode()


def test_the_apis_errors_are_told_in_the_callers_language() -> None:
    answer = Client(headers=GERMAN).get("/api/v1/frames/nowhere/").json()

    assert answer["detail"] == "Diese Brille gibt es nicht, oder sie wird nicht mehr verkauft."
    assert answer["code"] == "frame_not_found"


def test_what_the_shop_wrote_in_a_history_is_read_in_the_readers_language() -> None:
    client = Client(headers=GERMAN)
    client.force_login(user := UserFactory())
    order = placed_order(user=user)
    order.transitions.create(
        from_state="pending_payment", to_state="cancelled", reason="Not paid within a day"
    )

    page = client.get(f"/orders/{order.number}/").content.decode()

    assert "Nicht innerhalb eines Tages bezahlt" in page


@pytest.mark.parametrize(
    ("code", "decline", "words"),
    [
        ("card_declined", "insufficient_funds", "Karte abgelehnt: Konto nicht gedeckt"),
        ("card_declined", "new_at_a_bank", "Karte abgelehnt: new_at_a_bank"),
        ("card_declined", "", "Karte abgelehnt"),
        ("expired_card", "expired_card", "Karte abgelaufen"),
        ("card_removed", "", "Karte entfernt, bevor sie gefragt wurde"),
    ],
)
def test_staff_read_why_a_card_was_refused_in_words_of_their_own(
    code: str, decline: str, words: str
) -> None:
    payment = Payment(
        failure_code=code, decline_code=decline, failure_message="Your card was declined."
    )

    with translation.override("de"):
        assert payment.refused_because == words


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("expired_card", "Diese Karte ist abgelaufen."),
        ("card_removed", "Diese Karte wurde entfernt."),
        ("new_at_stripe", "Das ging nicht durch."),
    ],
)
def test_why_a_card_was_refused_is_told_in_the_readers_language(code: str, words: str) -> None:
    payment = Payment(failure_code=code, failure_message="Stripe says it in English.")

    with translation.override("de"):
        assert payment.refusal.startswith(words)
