"""The words of the customer's pages, in English and German."""

from collections.abc import Mapping

Words = Mapping[str, str]

_ENGLISH: Words = {
    "lang": "en",
    "sandbox": "Test mode. No money moves.",
    "card_title": "Card details",
    "card_lede": "Enter one of Stripe's test cards.",
    "name": "Name on the card",
    "number": "Card number",
    "expiry": "Expiry (MM / YY)",
    "cvc": "Security code",
    "save": "Save card",
    "pay": "Pay {amount}",
    "auth_title": "Confirm it is you",
    "auth_lede": "Your bank asks you to confirm this payment. Here you play the bank.",
    "auth_lede_setup": "Your bank asks you to confirm that this card may be kept. Here you play "
    "the bank.",
    "complete": "Complete authentication",
    "fail": "Fail authentication",
    "done_title": "All done",
    "done": "You can close this page and go back to the shop.",
    "gone_title": "This page has expired",
    "gone": "The link is incomplete or was used already. Go back to the shop and try again.",
    "bad_return_title": "This link leads nowhere safe",
    "bad_return": "The sandbox sends you back to this machine and to hosts it was told of, and the "
    "address in the link is neither. Start it with --allowed-return-host to allow one.",
    "error.expiry": "This expiry date is not valid. Write month and year, like 12 / 34.",
    "error.other": "Your card was declined. Please try another card.",
}
_GERMAN: Words = {
    "lang": "de",
    "sandbox": "Testmodus. Es fließt kein Geld.",
    "card_title": "Kartendaten",
    "card_lede": "Gib eine der Testkarten von Stripe ein.",
    "name": "Name auf der Karte",
    "number": "Kartennummer",
    "expiry": "Gültig bis (MM / JJ)",
    "cvc": "Prüfziffer",
    "save": "Karte speichern",
    "pay": "{amount} zahlen",
    "auth_title": "Bitte bestätige, dass du es bist",
    "auth_lede": "Deine Bank bittet dich, diese Zahlung zu bestätigen. Hier spielst du die Bank.",
    "auth_lede_setup": "Deine Bank bittet dich zu bestätigen, dass die Karte gespeichert werden "
    "darf. Hier spielst du die Bank.",
    "complete": "Bestätigung abschließen",
    "fail": "Bestätigung scheitern lassen",
    "done_title": "Erledigt",
    "done": "Du kannst diese Seite schließen und zum Shop zurückkehren.",
    "gone_title": "Diese Seite ist abgelaufen",
    "gone": "Der Link ist unvollständig oder wurde schon benutzt. Geh zurück zum Shop und "
    "versuch es noch einmal.",
    "bad_return_title": "Dieser Link führt nicht sicher zurück",
    "bad_return": "Die Sandbox schickt dich nur zu diesem Rechner zurück und zu Adressen, die ihr "
    "genannt wurden. Mit --allowed-return-host lässt sich eine erlauben.",
    "error.expiry": "Dieses Datum ist nicht gültig. Schreib Monat und Jahr, etwa 12 / 34.",
    "error.incorrect_number": "Die Kartennummer ist nicht richtig.",
    "error.invalid_expiry_month": "Der Ablaufmonat der Karte ist nicht gültig.",
    "error.invalid_expiry_year": "Das Ablaufjahr der Karte ist nicht gültig.",
    "error.invalid_cvc": "Die Prüfziffer hat drei oder vier Stellen.",
    "error.incorrect_cvc": "Die Prüfziffer ist nicht richtig.",
    "error.expired_card": "Die Karte ist abgelaufen.",
    "error.insufficient_funds": "Die Karte ist nicht gedeckt.",
    "error.test_mode_live_card": "Im Testmodus gelten nur die Testkarten von Stripe.",
    "error.processing_error": "Bei der Bank ist ein Fehler aufgetreten. Bitte versuch es "
    "gleich noch einmal.",
    "error.setup_intent_authentication_failure": "Die Karte konnte nicht bestätigt werden.",
    "error.payment_intent_authentication_failure": "Die Zahlung konnte nicht bestätigt werden.",
    "error.other": "Die Karte wurde abgelehnt. Bitte versuch es mit einer anderen.",
}


def spoken(accept_language: str) -> Words:
    """The words in the language the browser likes best of the two, by its `Accept-Language`."""
    best, weight = "en", 0.0
    for part in accept_language.split(","):
        tag, _, quality = part.strip().partition(";q=")
        try:
            liked = float(quality or 1)
        except ValueError:
            liked = 0.0
        language = tag.lower().partition("-")[0]
        if language in ("de", "en") and liked > weight:
            best, weight = language, liked
    return _GERMAN if best == "de" else _ENGLISH


def refusal(words: Words, error: Mapping[str, object]) -> str:
    """A card error in the customer's language; English says what Stripe says."""
    if words["lang"] == "en":
        return str(error.get("message") or words["error.other"])
    for code in (error.get("decline_code"), error.get("code")):
        if f"error.{code}" in words:
            return words[f"error.{code}"]
    return words["error.other"]


def price(words: Words, amount: int, currency: str) -> str:
    """An amount of minor units, such as `EUR 145.00` or `145,00 EUR`."""
    money = currency.upper()
    figure = str(amount) if money in ("JPY", "KRW") else f"{amount // 100:,}.{amount % 100:02}"
    if words["lang"] == "de":
        return f"{figure.translate(str.maketrans(',.', '.,'))} {money}"
    return f"{money} {figure}"
