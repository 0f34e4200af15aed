"""Settings of the shop under load: its own, over a database and a Redis database of the run's."""

from config import settings as shop_settings

globals().update({name: value for name, value in vars(shop_settings).items() if name.isupper()})

DATABASES = {"default": {**shop_settings.DATABASES["default"], "NAME": "lorgnette_bench"}}
# Redis brings 16 databases: counters and rings of this run stay out of the shop's own.
REDIS_URL = shop_settings.REDIS_URL.rpartition("/")[0] + "/15"
CELERY_BROKER_URL = REDIS_URL
CACHES = {"default": {**shop_settings.CACHES["default"], "LOCATION": REDIS_URL}}
# The load comes as through a proxy, which names each client's own address.
TRUSTED_PROXY_COUNT = 1
ROOT_URLCONF = "tests.benchmarks.urls"
