"""Who asks, where only people who are logged in may."""

from django.http import HttpRequest
from rest_framework.request import Request

from shop.customers.models import User


def caller(request: HttpRequest | Request) -> User:
    """Return the user behind a request that the view let in only when logged in.

    Raises:
        TypeError: nobody is logged in: the view forgot to ask.
    """
    user = request.user
    if not isinstance(user, User):
        raise TypeError("this view is for people who are logged in")
    return user
