"""What is loaded for good is nothing that the collector looks at while somebody waits."""

import gc
import importlib
from collections.abc import Iterator

import pytest
from django.template import engines

from shop.foundation.garbage import leave_loaded_alone, own_templates


@pytest.fixture
def _as_it_was() -> Iterator[None]:
    thresholds = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*thresholds)


@pytest.mark.usefixtures("_as_it_was")
def test_a_web_process_leaves_what_it_has_loaded_alone() -> None:
    gc.collect()
    before = len(gc.get_objects())
    importlib.reload(importlib.import_module("config.wsgi"))
    assert gc.get_freeze_count() > before / 2
    assert len(gc.get_objects()) < before / 10


@pytest.mark.usefixtures("_as_it_was")
def test_a_web_process_has_read_every_page_before_anybody_asks_for_one() -> None:
    loaders = engines["django"].engine.template_loaders
    loaders[0].reset()
    leave_loaded_alone()
    read = {str(name) for name in loaders[0].get_template_cache}
    assert {"base.html", "console_base.html", "components/button.html"} <= read
    assert set(own_templates()) <= read


@pytest.mark.usefixtures("_as_it_was")
def test_full_passes_come_less_often_than_python_has_them() -> None:
    full: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        full.extend([info["generation"]] if phase == "stop" and info["generation"] == 2 else [])

    # As Python has it; another test may have started a web process in this one.
    gc.set_threshold(700, 10, 10)
    leave_loaded_alone()
    gc.callbacks.append(note)
    try:
        kept = [[number] for number in range(2 * 700 * 10 * 10)]
    finally:
        gc.callbacks.remove(note)
    assert len(kept) > 0
    assert full == []
