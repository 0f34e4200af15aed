"""How a program says who it is: by the session token that the log-in gave it."""

from typing import Any

from allauth.headless.contrib.rest_framework.authentication import XSessionTokenAuthentication
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.request import Request


class SessionTokenAuthentication(XSessionTokenAuthentication):
    """allauth's session token; who sends none, or a stale one, is answered 401 and not 403."""

    def authenticate_header(self, request: Request) -> str:
        """Return what ``WWW-Authenticate`` names."""
        return "X-Session-Token"


class SessionTokenScheme(OpenApiAuthenticationExtension):
    """Says so in the API's schema."""

    target_class = "shop.customers.authentication.SessionTokenAuthentication"
    name = "sessionToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """Return the header a client sends."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "X-Session-Token",
            "description": "What `auth_login` or `auth_signup` answered as `meta.session_token`.",
        }
