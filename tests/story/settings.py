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
# The beat of a shop in a hurry: what comes every minute elsewhere comes every other second here.
CELERY_BEAT_SCHEDULE = {
    name: {**entry, "schedule": min(entry["schedule"], 2.0)}
    for name, entry in shop_settings.CELERY_BEAT_SCHEDULE.items()
    if entry["schedule"] <= 60
}
