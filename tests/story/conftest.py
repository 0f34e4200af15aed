"""The demo shop that both stories begin with."""

from collections.abc import Iterator

import pytest

from tests.story.running import DemoShop, demo_shop


@pytest.fixture(scope="package")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoShop]:
    """The demo shop, loaded once: both stories are of one group and so in one process."""
    with demo_shop(tmp_path_factory.mktemp("demo"), redis_database=13) as loaded:
        yield loaded
