"""Every link from one document of the repository to another leads somewhere."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<(?:img|a) [^>]*(?:src|href)=\"([^\"]+)\"")
LISTED = subprocess.run(
    ["git", "ls-files", "*.md"], cwd=ROOT, capture_output=True, text=True, check=True
)


def heading_ids(text: str) -> set[str]:
    """Return the anchors that a forge makes of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", each.lower()).strip().replace(" ", "-") for each in headings}


@pytest.mark.parametrize("name", LISTED.stdout.split())
def test_every_relative_link_of_a_document_leads_somewhere(name: str) -> None:
    document = ROOT / name
    for groups in LINK.findall(re.sub(r"```.*?```", "", document.read_text(), flags=re.DOTALL)):
        target = "".join(groups)
        if re.match(r"[a-z]+:", target):
            continue
        path, _hash, anchor = target.partition("#")
        found = (document.parent / path) if path else document
        assert found.exists(), f"{name} links to {target}"
        if anchor:
            assert anchor in heading_ids(found.read_text()), f"{name} links to {target}"
