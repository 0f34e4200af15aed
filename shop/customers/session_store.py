"""Sessions as Django keeps them in the database, found by a statement that stays prepared."""

from typing import Any

from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from shop.foundation.postgres.queries import PreparedQuery, Slot

_SESSION = PreparedQuery(
    lambda: Session.objects.filter(session_key=Slot("key"), expire_date__gt=Slot("now"))
)


class SessionStore(db.SessionStore):
    """Django's store; its name, which salts what is signed, is Django's, too."""

    def _get_session_from_db(self) -> Any:
        """Return the row of this session; one that is over or was never there is none."""
        found = _SESSION.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
