"""Programs that look at the web: what they are asked to leave alone, and how they are known."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

# Draw a link's preview in a chat, and are let at galleries for it.
PREVIEWERS = (
    "Discordbot",
    "facebookexternalhit",
    "LinkedInBot",
    "Slackbot-LinkExpanding",
    "TelegramBot",
    "Twitterbot",
    "WhatsApp",
)
# What these, other chats, mail scanners and crawlers call themselves when they fetch a link: each
# name is looked for in the whole User-Agent. None of them is a person who looked.
ROBOTS = (
    *(name.lower() for name in PREVIEWERS),
    "bot",
    "crawler",
    "spider",
    "preview",
    "facebot",
    "facebookcatalog",
    "meta-external",
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
PRIVATE = (
    "account",
    "accounts",
    "admin",
    "api",
    "box",
    "waitlist",
    "cart",
    "checkout",
    "console",
    "g",
    "galleries",
    "orders",
    "payments",
    "photos",
    "trials",
)
RULES = "\n".join(
    [
        "# Galleries are for the programs that draw a link's preview, and for no search engine.",
        *(f"User-agent: {name}" for name in PREVIEWERS),
        *(f"Allow: /{place}/" for place in ("g", "static", "media")),
        "Disallow: /",
        "",
        "User-agent: *",
        *(f"Disallow: /{place}/" for place in PRIVATE),
        "",
    ]
)


def is_robot(agent: str) -> bool:
    """Tell whether a User-Agent is a program's, or none at all; one that hides is not found out.

    Args:
        agent: the header as it came.
    """
    agent = agent.lower()
    return not agent or any(name in agent for name in ROBOTS)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer ``/robots.txt``."""
    return HttpResponse(RULES, content_type="text/plain; charset=utf-8")
