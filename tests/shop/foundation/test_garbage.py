"""What is loaded for good is nothing that the collector looks at while somebody waits."""

import gc
import importlib
from collections.abc import Iterator

import pytest


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    yield
    gc.unfreeze()


@pytest.mark.usefixtures("_as_it_was")
def test_a_web_process_leaves_what_it_has_loaded_alone() -> None:
    gc.collect()
    before = len(gc.get_objects())
    importlib.reload(importlib.import_module("config.wsgi"))
    assert gc.get_freeze_count() > before / 2
    assert len(gc.get_objects()) < before / 10
