"""What programs that look at the whole web are asked to leave alone."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

RULES = """\
# Galleries are shown to the programs that draw a link's preview, and to no search engine.
User-agent: Discordbot
User-agent: facebookexternalhit
User-agent: LinkedInBot
User-agent: Slackbot-LinkExpanding
User-agent: TelegramBot
User-agent: Twitterbot
User-agent: WhatsApp
Allow: /g/
Allow: /static/
Allow: /media/
Disallow: /

User-agent: *
Disallow: /account/
Disallow: /accounts/
Disallow: /admin/
Disallow: /api/
Disallow: /box/
Disallow: /cart/
Disallow: /checkout/
Disallow: /console/
Disallow: /g/
Disallow: /galleries/
Disallow: /m/
Disallow: /orders/
Disallow: /payments/
Disallow: /photos/
Disallow: /trials/
"""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Answer ``/robots.txt``."""
    return HttpResponse(RULES, content_type="text/plain; charset=utf-8")
