"""Applications of the plain Django whose models the shop names when it loads, and no more."""

from django.apps import AppConfig


class Accounts(AppConfig):
    """allauth's tables without its demand for a middleware: the floor logs nobody in."""

    name = "allauth.account"
    label = "account"
