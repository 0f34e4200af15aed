"""Session tokens of the API, looked up in one query."""

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase

from shop.customers.session_store import SessionStore


class SessionTokens(SessionTokenStrategy):
    """allauth's strategy, which asks whether a session exists before it reads it: twice a call."""

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """Return the session of a token; nothing where there is none or it has expired."""
        session = SessionStore(session_token)
        # The first look reads it; one that is missing or over loses its key.
        session.get(SESSION_KEY)
        return session if session.session_key else None
