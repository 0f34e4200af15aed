"""Lists of several pages."""

from typing import Any

from django.core.paginator import Page
from django.utils.http import urlencode


def page_links(page: Page[Any], **query: str) -> dict[str, str]:
    """Return ``previous_url`` and ``next_url`` as the part ``pagination`` takes them.

    Args:
        page: the one shown.
        query: filters that stay; empty ones are left out.
    """
    kept: dict[str, str | int] = {name: value for name, value in query.items() if value}
    links = {"previous_url": "", "next_url": ""}
    if page.has_previous():
        links["previous_url"] = f"?{urlencode({**kept, 'page': page.previous_page_number()})}"
    if page.has_next():
        links["next_url"] = f"?{urlencode({**kept, 'page': page.next_page_number()})}"
    return links
