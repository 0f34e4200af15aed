"""What allauth asks the shop when somebody signs up, and for the addresses in its mails."""

from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.headless.adapter import DefaultHeadlessAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from shop.customers.models import User
from shop.foundation.card_numbers import CardNumberError, refuse_card_numbers
from shop.foundation.mail import queue_text
from shop.foundation.network import client_address

# Set by static/js/time-zone.js from the browser's own settings.
TIME_ZONE_COOKIE = "time_zone"


class AccountAdapter(DefaultAccountAdapter):
    """Gives a new customer her page's language and browser's time zone, and mails by outbox."""

    def save_user(self, request: HttpRequest, user: User, form: Any, commit: bool = True) -> User:
        """Return the user with both set, as far as the shop knows them."""
        language = (get_language() or "")[:2]
        if language in dict(settings.LANGUAGES):
            user.language = language
        zone = request.COOKIES.get(TIME_ZONE_COOKIE, "").replace("%2F", "/")
        if zone in available_timezones():
            user.time_zone = zone
        saved: User = super().save_user(request, user, form, commit=commit)
        return saved

    def clean_email(self, email: str) -> str:
        """Return the address; one that holds a card number is refused at its field."""
        try:
            refuse_card_numbers(email)
        except CardNumberError as error:
            raise ValidationError(error.message) from error
        cleaned: str = super().clean_email(email)
        return cleaned

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Queue what allauth writes: nobody waits for the mail server, or fails without it."""
        request = allauth_context.request
        host = urlsplit(settings.PUBLIC_URL).netloc
        about = {"request": request, "current_site": {"domain": host, "name": host}}
        written = self.render_mail(template_prefix, email, {"email": email, **context, **about})
        alternatives = getattr(written, "alternatives", [])
        with transaction.atomic():
            queue_text(
                to=email,
                subject=str(written.subject),
                text=str(written.body).strip() + "\n",
                html="".join(each.content for each in alternatives),
            )

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return whom allauth's limits count: behind a proxy each client, not the proxy."""
        return client_address(request)


class AddressesInMails(DefaultHeadlessAdapter):
    """Names the pages that mails lead to by the shop's own address, whatever host was asked for."""

    def get_frontend_url(self, urlname: str, **kwargs: str) -> str:
        """Return the absolute address of a page of allauth's."""
        if urlname == "account_reset_password_from_key":
            kwargs["uidb36"], _dash, kwargs["key"] = kwargs["key"].partition("-")
        return settings.PUBLIC_URL + reverse(urlname, kwargs=kwargs)
