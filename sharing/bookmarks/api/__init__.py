"""Bookmarks as an API."""
