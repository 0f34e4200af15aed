"""The HTML of the customer's pages: no script, nothing from elsewhere."""

from html import escape

from shop.payments.sandbox.errors import Json
from shop.payments.sandbox.messages import Answer
from shop.payments.sandbox.words import Words, price

STYLE = """
:root { color-scheme: light dark; --paper: light-dark(#fcfbf9, #1b1617);
  --ink: light-dark(#231a1c, #f3ede8); --soft: light-dark(#5f5453, #b9aca6);
  --line: light-dark(#8b8079, #7d716c); --primary: light-dark(#701b2c, #e3a5a9);
  --on-primary: light-dark(#fffaf8, #2a0f16); --danger: light-dark(#ab231b, #ff9d92); }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink);
  font: 1rem/1.5 "Helvetica Neue", Helvetica, Arial, sans-serif; }
main { max-width: 26rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
h1 { font: 500 1.75rem/1.2 "Iowan Old Style", Georgia, serif; margin: 0 0 .5rem; }
p { margin: 0 0 1.25rem; color: var(--soft); }
.mode { font-size: .875rem; border-bottom: 1px solid var(--line); padding-bottom: .75rem; }
.error { color: var(--danger); font-weight: 600; }
label { display: block; margin: 1rem 0 .25rem; font-weight: 600; }
input { width: 100%; min-height: 2.75rem; padding: .5rem .75rem; font: inherit; color: inherit;
  background: transparent; border: 1px solid var(--line); border-radius: .5rem; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; }
button { width: 100%; min-height: 2.75rem; margin-top: 1.25rem; font: inherit; font-weight: 600;
  border: 1px solid var(--primary); border-radius: .5rem; background: var(--primary);
  color: var(--on-primary); cursor: pointer; }
button.plain { background: transparent; color: var(--primary); margin-top: .75rem; }
:focus-visible { outline: 3px solid var(--primary); outline-offset: 2px; }
"""
_SAFE = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Vary": "Accept-Language",
}


def style() -> Answer:
    """The style sheet of all pages."""
    return Answer(
        200,
        STYLE.encode(),
        {"Content-Type": "text/css; charset=utf-8", "Cache-Control": "max-age=3600"},
    )


def notice(words: Words, name: str, status: int) -> Answer:
    """A page that only says something."""
    return _page(words, f"{name}_title", f"<p>{escape(words[name])}</p>", status)


def card_form(words: Words, intent: Json, error: str | None = None, name: str = "") -> Answer:
    """The form for a card; `error` says why the last try failed. Only the name is filled in."""
    if intent["object"] == "setup_intent":
        button = words["save"]
    else:
        amount = price(words, intent["amount"], intent["currency"])
        button = words["pay"].format(amount=amount)
    alert = f'<p class="error" role="alert">{escape(error)}</p>' if error else ""
    body = f"""<p>{escape(words["card_lede"])}</p>{alert}
<form method="post" autocomplete="on">
{_field(words, "name", "cc-name", "text", 200, name)}
{_field(words, "number", "cc-number", "numeric", 23)}
<div class="pair"><div>{_field(words, "expiry", "cc-exp", "numeric", 9)}</div>
<div>{_field(words, "cvc", "cc-csc", "numeric", 4)}</div></div>
<button>{escape(button)}</button>
</form>"""
    return _page(words, "card_title", body, 402 if error else 200)


def authentication(words: Words, intent: Json) -> Answer:
    """The bank's question, with both answers."""
    lede = "auth_lede_setup" if intent["object"] == "setup_intent" else "auth_lede"
    amount = ""
    if intent["object"] == "payment_intent":
        shown = price(words, intent["amount"], intent["currency"])
        amount = f"<p><strong>{escape(shown)}</strong></p>"
    body = f"""<p>{escape(words[lede])}</p>{amount}
<form method="post">
<button name="outcome" value="complete">{escape(words["complete"])}</button>
<button class="plain" name="outcome" value="fail">{escape(words["fail"])}</button>
</form>"""
    return _page(words, "auth_title", body, 200)


def redirect(address: str) -> Answer:
    """Send the browser on with a GET."""
    return Answer(
        303,
        b"",
        {"Location": address, "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"},
    )


def _field(words: Words, name: str, fill: str, mode: str, longest: int, value: str = "") -> str:
    return (
        f'<label for="{name}">{escape(words[name])}</label>'
        f'<input id="{name}" name="{name}" autocomplete="{fill}" inputmode="{mode}" '
        f'maxlength="{longest}" value="{escape(value)}" required>'
    )


def _page(words: Words, title: str, body: str, status: int) -> Answer:
    heading = escape(words[title])
    html = f"""<!doctype html>
<html lang="{words["lang"]}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{heading}</title><link rel="stylesheet" href="/sandbox.css"></head>
<body><main><p class="mode">{escape(words["sandbox"])}</p><h1>{heading}</h1>
{body}
</main></body></html>
"""
    return Answer(status, html.encode(), dict(_SAFE))
