"""Settings of the tests: the shop's, on database and Redis of the tests' own.

Named in pyproject.toml, for pytest-django reads settings before any conftest.py is looked at.
"""

import os

os.environ["LORGNETTE_TESTING"] = "1"

from config.settings import *  # noqa: F403

# Tests send a form as soon as they have it; those of trust set the shop's own figure again.
FASTEST_VOTE_SECONDS = 0
