"""Finds a Chromium for the tests of pages, or installs Debian's where it may."""

import os
import shutil
import subprocess
import sys

WINDOWED = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Takes less than half the time over a page, but shows no notifications.
WINDOWLESS = "chromium-headless-shell"
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


def find(*, windows: bool = False) -> str | None:
    """Return the path of a Chromium: ``CHROMIUM`` of the environment, or one on the path.

    Args:
        windows: it must be one that can open windows, though it is asked not to.
    """
    named = os.environ.get("CHROMIUM")
    names = WINDOWED if windows else (WINDOWLESS, *WINDOWED)
    return named or next(filter(None, map(shutil.which, names)), None)


def install(package: str) -> None:
    """Install one of Debian's packages, as root or by sudo without a password."""
    apt = shutil.which("apt-get")
    if apt is None:
        return
    prefix: list[str] = []
    if os.geteuid() != 0:
        if shutil.which("sudo") is None:
            return
        prefix = ["sudo", "-n"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-q"], ["install", "-y", "-q", package]):
        done = subprocess.run([*prefix, apt, *arguments], env=environment, check=False)
        if done.returncode:
            print(f"apt-get {arguments[0]} failed; see above.", file=sys.stderr)


def main() -> int:
    """Make sure there is a Chromium, where possible a fast one too; return the exit status."""
    if find(windows=True) is None:
        print("No Chromium found; installing Debian's …")
        install("chromium")
    if os.environ.get("CHROMIUM") is None and shutil.which(WINDOWLESS) is None:
        print("Installing Debian's Chromium without windows, which is faster …")
        install(WINDOWLESS)
    if find(windows=True) is None:
        print(
            "The tests of pages need Chromium. Install it (Debian: apt-get install chromium) or "
            "set CHROMIUM to the path of one.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
