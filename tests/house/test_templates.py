"""Templates: all compile, every address in them is one, and no script or style stands in them."""

import re
from pathlib import Path

import pytest
from django.template import Template
from django.template.loader import get_template
from django.urls import URLPattern, URLResolver, get_resolver

from tests.house.house import FLOORS, ROOT

TEMPLATES = {
    str(path.relative_to(ROOT / floor / "templates")): path
    for floor in FLOORS
    for path in sorted((ROOT / floor / "templates").rglob("*"))
    if path.suffix in (".html", ".txt", ".svg")
}
PAGES = {name: path for name, path in TEMPLATES.items() if not name.startswith("mail/")}
URL = re.compile(r"""{%\s*url\s+['"]([^'"]+)['"]""")
USED = re.compile(r"""{%\s*(?:include|extends)\s+['"]([^'"]+)['"]|template="([^"{]+)\"""")
# What the policy of the pages (Content-Security-Policy) would keep from running.
INLINE = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*application/(?:ld\+)?json)|<style|\sstyle=|\son[a-z]+=\"|javascript:",
    re.IGNORECASE,
)


def _names(resolver: URLResolver, within: str = "") -> set[str]:
    found: set[str] = set()
    for each in resolver.url_patterns:
        if isinstance(each, URLResolver):
            space = f"{within}{each.namespace}:" if each.namespace else within
            found |= _names(each, space)
        elif isinstance(each, URLPattern) and each.name:
            found.add(f"{within}{each.name}")
    return found


def test_every_template_compiles() -> None:
    assert all(isinstance(get_template(name).template, Template) for name in TEMPLATES)


def test_every_address_in_a_template_is_one() -> None:
    known = _names(get_resolver())
    named = [
        (name, url) for name, path in TEMPLATES.items() for url in URL.findall(path.read_text())
    ]

    assert len(named) > 50
    assert [each for each in named if each[1] not in known] == []


def test_every_template_that_is_named_is_there() -> None:
    for path in TEMPLATES.values():
        for names in USED.findall(path.read_text()):
            get_template(next(filter(None, names)))


def test_no_page_holds_a_script_or_a_style_of_its_own() -> None:
    found = [
        (name, line.strip()[:80])
        for name, path in PAGES.items()
        for line in path.read_text().splitlines()
        if INLINE.search(line)
    ]
    assert found == []


@pytest.mark.parametrize("floor", FLOORS)
def test_every_mail_is_written_as_text_and_as_page(floor: str) -> None:
    mails = list((ROOT / floor / "templates" / "mail").glob("*.*"))
    texts, pages = ({p.stem for p in mails if p.suffix == kind} for kind in (".txt", ".html"))

    assert pages - {"base"} == texts - {"base"}


def test_no_script_of_ours_makes_code_from_text() -> None:
    scripts = [p for floor in FLOORS for p in (ROOT / floor / "static").glob("js/**/*.js")]
    assert scripts
    evil = re.compile(r"\beval\(|new Function|innerHTML\s*=|document\.write")
    assert [p.name for p in scripts if evil.search(Path(p).read_text())] == []
