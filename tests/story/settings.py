"""Settings of the shop that the story runs through: its own database and queue, all else real."""

import os

from config import settings as shop_settings

globals().update({name: value for name, value in vars(shop_settings).items() if name.isupper()})

DATABASES = {
    "default": {**shop_settings.DATABASES["default"], "NAME": os.environ["STORY_DATABASE"]}
}
REDIS_URL = shop_settings.REDIS_URL.rpartition("/")[0] + "/" + os.environ["STORY_REDIS_DATABASE"]
CELERY_BROKER_URL = REDIS_URL
CACHES = {"default": {**shop_settings.CACHES["default"], "LOCATION": REDIS_URL}}
EMAIL_FILE_PATH = shop_settings.MEDIA_ROOT / "mail"
