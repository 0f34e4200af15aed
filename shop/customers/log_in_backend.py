"""Who somebody is whose session names her, found by a statement that stays prepared."""

from allauth.account.auth_backends import AuthenticationBackend

from shop.customers.models import User
from shop.foundation.postgres.queries import PreparedQuery, Slot

_USER = PreparedQuery(lambda: User.objects.filter(pk=Slot("pk")))


class LogInBackend(AuthenticationBackend):
    """allauth's log-in; each request of somebody logged in asks for her, and asks less for it."""

    def get_user(self, user_id: int) -> User | None:
        """Return who has this id, unless she may not log in any more, or is not there."""
        user = _USER.first(pk=user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
