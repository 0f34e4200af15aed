"""Settings of the tests: the shop's, on database and Redis of the tests' own.

Named in pyproject.toml, for pytest-django reads settings before any conftest.py is looked at.
"""

import os

os.environ["LORGNETTE_TESTING"] = "1"

from config import settings as shop_settings
from config.settings import *  # noqa: F403

# Tests send a form as soon as they have it; those of trust set the shop's own figure again.
FASTEST_VOTE_SECONDS = 0
# Each browser of a test loads the middleware anew; there it would read all static files' names
# and times first, which took two thirds of its first request. So it looks when it is asked for one.
WHITENOISE_AUTOREFRESH = True

# Each process of a run counts and caches in a Redis database of its own, the first six: their
# customers have the same numbers, and would use up one another's limits. ``conftest`` empties it.
_WORKER = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw") or "0"
REDIS_DATABASE = int(_WORKER) % 6 + 1
REDIS_URL = f"{shop_settings.REDIS_URL.rpartition('/')[0]}/{REDIS_DATABASE}"
CACHES = {"default": {**shop_settings.CACHES["default"], "LOCATION": REDIS_URL}}
