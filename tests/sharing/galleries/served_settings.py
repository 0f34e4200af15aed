"""Settings of a served shop as its environment says, but that its style sheets are not collected.

Collecting them takes longer than the tests that serve it; nothing they look at is of them.
"""

from config import settings as shop_settings

globals().update({name: value for name, value in vars(shop_settings).items() if name.isupper()})

assert not shop_settings.EMBEDDED
PLAIN = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
STORAGES = {**shop_settings.STORAGES, "staticfiles": PLAIN}
