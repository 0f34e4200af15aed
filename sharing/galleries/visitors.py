"""Friends' browsers: who is a person, which token she carries, what her answers must say."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from sharing.galleries.tokens import new_browser_token

COOKIE = "lorgnette_friend"
COOKIE_LIFE_SECONDS = 180 * 24 * 3600
TOKEN_LENGTH = 32
# What chats, social networks, mail scanners and crawlers call themselves when they fetch a link
# for its preview; none of them is a person who looked.
BOTS = (
    "bot",
    "crawler",
    "spider",
    "preview",
    "facebookexternalhit",
    "facebot",
    "facebookcatalog",
    "meta-external",
    "whatsapp",
    "telegram",
    "slack",
    "skypeuripreview",
    "discord",
    "embedly",
    "vkshare",
    "pinterest",
    "snapchat",
    "viber",
    "line-poker",
    "kakaotalk-scrap",
    "signal-android",
    "signal-ios",
    "signal-desktop",
    "mattermost",
    "rocket.chat",
    "matrix-media-repo",
    "mastodon",
    "bluesky cardyb",
    "iframely",
    "google-pagerenderer",
    "google-read-aloud",
    "google-inspectiontool",
    "google-safety",
    "apis-google",
    "mediapartners-google",
    "feedfetcher",
    "googleimageproxy",
    "safelinks",
    "proofpoint",
    "mimecast",
    "barracuda",
    "headless",
    "curl",
    "wget",
    "python-",
    "go-http-client",
    "okhttp",
    "java/",
    "node-fetch",
    "axios/",
    # What apps send that fetch a page by the means of their system, never its browser.
    "cfnetwork",
    "dalvik/",
)


def is_person(request: HttpRequest) -> bool:
    """Tell whether a request is a person's own look: no preview bot, no prefetch, no HEAD.

    A bot that hides can be counted as one who looked; nothing it fetches ever votes.
    """
    agent = request.headers.get("User-Agent", "").lower()
    purpose = request.headers.get("Sec-Purpose", "") + request.headers.get("Purpose", "")
    return (
        request.method == "GET"
        and bool(agent)
        and not any(name in agent for name in BOTS)
        and "prefetch" not in purpose
    )


def browser_token(request: HttpRequest) -> str:
    """Return the token a friend's browser carries; a new one where it carries none of ours."""
    token = request.COOKIES.get(COOKIE, "")
    return token if len(token) == TOKEN_LENGTH and token.isascii() else new_browser_token()


def carry_token(response: HttpResponseBase, token: str) -> None:
    """Let a friend's browser carry its token to the galleries, and nowhere else."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=COOKIE_LIFE_SECONDS,
        path="/g/",
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep_private(response: HttpResponseBase) -> None:
    """Say on a friend's page that it is for nobody else: not stored, not indexed, not told on.

    ``same-origin`` tells other sites nothing at all, as ``no-referrer`` would; but under
    ``no-referrer`` browsers send a form with "Origin: null" (Fetch standard, section "Origin
    header"), which no check against forged requests can tell from a stranger's.
    """
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
