"""What the owner's page shows beside the standing: the ways to send a gallery, links, settings."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest

from sharing.galleries.forms import InvitationForm, LinkForm, SettingsForm
from sharing.galleries.link_files import link_url
from sharing.galleries.models import Gallery, ShareLink
from sharing.galleries.opening import is_kept, is_open, is_restorable, kept_until
from sharing.galleries.queries import has_photos
from shop.analytics.names import Channel
from shop.customers.models import User

WAYS = (
    Channel.WHATSAPP,
    Channel.TELEGRAM,
    Channel.MESSENGER,
    Channel.WECHAT,
    Channel.INSTAGRAM,
    Channel.MAIL,
    Channel.QR,
)
# Copied, or given to the phone's own share sheet.
ANY_WAY = (Channel.SHARE_SHEET, Channel.LINK)
# Scanned from one screen by another's camera.
SCANNED = (Channel.QR, Channel.WECHAT)


def owners_panel(
    request: HttpRequest, owner: User, gallery: Gallery, links: list[ShareLink]
) -> dict[str, Any]:
    """Return what the owner's page needs of its links and settings.

    Args:
        request: ``?link=`` names the link to be shown. Without it that is the one for any way of
            sending: one that was made for a look at another way would count what she sends as that.
        owner: who reads the page.
        gallery: hers.
        links: of it, from ``links_of``.
    """
    opening = {link.pk: link_url(request, link) if is_open(link) else "" for link in links}
    usable = [link for link in links if opening[link.pk] and not _is_full(link)]
    wanted = request.GET.get("link", "")
    shown = next((link for link in usable if str(link.pk) == wanted), None)
    for_all = [link for link in usable if link.admits is None]
    shown = shown or next((link for link in for_all if link.channel in ANY_WAY), None)
    shown = shown or next(iter(for_all), None)
    return {
        "links": [
            {"link": link, "open": bool(opening[link.pk]), "full": _is_full(link)} for link in links
        ],
        "kept": is_kept(gallery),
        "restorable": is_restorable(gallery),
        "kept_until": kept_until(gallery),
        "zone": owner.time_zone,
        "ways": [{"channel": way, "label": way.label} for way in WAYS],
        "link_form": LinkForm(auto_id="link-%s"),
        "settings_form": SettingsForm.of(gallery, owner.zone),
        **(_way(gallery, shown, opening[shown.pk]) if shown else {"shown_link": None}),
    }


def _is_full(link: ShareLink) -> bool:
    let_in: int = getattr(link, "let_in", 0)
    return link.admits is not None and let_in >= link.admits


def _way(gallery: Gallery, link: ShareLink, url: str) -> dict[str, Any]:
    words = f"{gallery.asked} {url}"
    apps = {
        Channel.WHATSAPP: "https://wa.me/?" + urlencode({"text": words}),
        Channel.TELEGRAM: "https://t.me/share/url?"
        + urlencode({"url": url, "text": gallery.asked}),
        Channel.MESSENGER: "fb-messenger://share/?" + urlencode({"link": url}),
    }
    # A mail program takes a plus for a plus.
    mail = urlencode({"subject": gallery.asked, "body": words}).replace("+", "%20")
    instagram = link.channel == Channel.INSTAGRAM
    return {
        "shown_link": link,
        "shown_url": url,
        "app_url": apps.get(Channel(link.channel), ""),
        "mail_url": f"mailto:?{mail}",
        "scanned": link.channel in SCANNED,
        "story_of_photos": instagram and has_photos(gallery),
        "invitation_form": InvitationForm(
            auto_id="invitation-%s", asks_name=not gallery.owner.name
        ),
    }
