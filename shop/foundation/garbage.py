"""Keeping what is loaded for good out of the way of Python's collector."""

import gc
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template import loader
from django.urls import get_resolver

# A page makes some thousand objects that point at each other, and only a pass of the collector
# frees them. With as many as several pages make it begins once these are over, and finds them all;
# with 700, as Python has it, most were still in use, were kept for a full pass, and that took as
# long as a page, in two looks of a hundred.
NEW_OBJECTS_A_PASS = 5000
LESSER_PASSES_A_FULL_ONE = 25


def leave_loaded_alone() -> None:
    """Load all pages, and have the collector look at nothing that is loaded by now again.

    A full pass looks at every object there is. Of some hundred thousand that stay for ever it frees
    none, and stops the request that it falls into for a third of a second: one in a hundred. Called
    once by each web process, before its first request.
    """
    _ = get_resolver().url_patterns
    for name in own_templates():
        loader.get_template(name)
    gc.collect()
    gc.freeze()
    _new, middle, _old = gc.get_threshold()
    gc.set_threshold(NEW_OBJECTS_A_PASS, middle, LESSER_PASSES_A_FULL_ONE)


def own_templates() -> list[str]:
    """Return the names of all templates of the shop's own apps, those of libraries left out."""
    folders = [
        Path(app.path) / "templates"
        for app in apps.get_app_configs()
        if Path(app.path).parent == settings.BASE_DIR
    ]
    return [
        str(file.relative_to(folder))
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    ]
