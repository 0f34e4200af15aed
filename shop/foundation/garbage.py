"""Keeping what is loaded for good out of the way of Python's collector."""

import gc
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.template import loader
from django.urls import get_resolver


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
