"""Session tokens of the API, looked up in one query."""

from allauth.headless.tokens.strategies.sessions import SessionTokenStrategy
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.utils import timezone

from shop.foundation.postgres.queries import PreparedQuery, Slot

_SESSION = PreparedQuery(
    lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now"))
)


class _Store(SessionStore):
    """Django's store, reading by a query that is written once."""

    # Data is signed under the name of the class that wrote it.
    key_salt = SessionStore().key_salt

    def _get_session_from_db(self) -> Session | None:
        found = _SESSION.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found


class SessionTokens(SessionTokenStrategy):
    """allauth's strategy, which asks whether a session exists before it reads it: twice a call."""

    def lookup_session(self, session_token: str) -> SessionBase | None:
        """Return the session of a token; nothing where there is none or it has expired."""
        session = _Store(session_token)
        # The first look reads it; one that is missing or over loses its key.
        session.get(SESSION_KEY)
        return session if session.session_key else None
