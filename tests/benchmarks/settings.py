"""Settings of the server under load: the shop's own, over a database of its own."""

from config import settings as shop_settings

globals().update({name: value for name, value in vars(shop_settings).items() if name.isupper()})

DATABASES = {"default": {**shop_settings.DATABASES["default"], "NAME": "lorgnette_bench"}}
ROOT_URLCONF = "tests.benchmarks.urls"
