"""Finds a Chromium for the tests of pages, or installs Debian's where it may."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# No sandbox as root and no calls home; the pages under test are our own.
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # People's browsers do not call themselves headless, and votes of those that do are not counted.
    "--user-agent=Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/130.0.0.0 Mobile Safari/537.36",
]


def find() -> str | None:
    """Return the path of a Chromium: ``CHROMIUM`` of the environment, or one on the path."""
    named = os.environ.get("CHROMIUM")
    return named or next(filter(None, map(shutil.which, NAMES)), None)


def install() -> None:
    """Install Debian's Chromium, as root or by sudo without a password."""
    apt = shutil.which("apt-get")
    if apt is None:
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return
        prefix = ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-y", "-q", "chromium"]):
        done = subprocess.run([*prefix, apt, *arguments], env=environment, check=False)
        if done.returncode:
            print(f"apt-get {arguments[0]} failed; see above.", file=sys.stderr)


def main() -> int:
    """Make sure there is a Chromium; return the exit status."""
    if find() is None:
        print("No Chromium found; installing Debian's …")
        install()
    if find() is None:
        print(
            "The tests of pages need Chromium. Install it (Debian: apt-get install chromium) or "
            "set CHROMIUM to the path of one.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
