"""Keeping what is loaded for good out of the way of Python's collector."""

import gc
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template import loader
from django.urls import get_resolver

# Of what a page leaves behind, some thousand objects point at each other and wait for a full pass,
# which takes as long as a page. After ten lesser passes, as Python has it, it falls into two looks
# in a hundred; so it does into one in 150, and a process grows by 6 MB.
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
    young, middle, _old = gc.get_threshold()
    gc.set_threshold(young, middle, LESSER_PASSES_A_FULL_ONE)


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
