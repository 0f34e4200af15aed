"""What tests of trials share."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.trials.shipping.easypost_double import KEY, WEBHOOK_SECRET, EasyPostDouble


@pytest.fixture
def easypost(settings: Any) -> Iterator[EasyPostDouble]:
    """A shop that sends by EasyPost, and the EasyPost it talks to."""
    double = EasyPostDouble()
    settings.EASYPOST_API_BASE = double.url
    settings.EASYPOST_API_KEY = KEY
    settings.EASYPOST_WEBHOOK_SECRET = WEBHOOK_SECRET
    settings.CARRIER = "easypost"
    yield double
    double.close()
