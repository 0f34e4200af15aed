"""Bookmarks as they are found: each reading begins with ``visible_to``."""
