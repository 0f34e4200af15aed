"""``make check``: whatever can be checked without running the shop."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
MANAGE = [sys.executable, "manage.py"]
LONGEST = 400

# A served shop's environment; nothing of it is connected to.
SERVED = {
    "DATABASE_URL": "postgres://shop:secret@db.example:5432/shop",
    "REDIS_URL": "redis://redis.example:6379/0",
    "SECRET_KEY": "k" * 20 + "-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG",
    "ALLOWED_HOSTS": "shop.example",
    "STRIPE_SECRET_KEY": "sk_live_example",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_example",
    "STRIPE_WEBHOOK_SECRET": "whsec_example",
}
CHECKS: list[tuple[str, list[str], dict[str, str]]] = [
    ("lint", [str(BIN / "ruff"), "check", "."], {}),
    ("format", [str(BIN / "ruff"), "format", "--check", "."], {}),
    ("import rules", [str(BIN / "lint-imports")], {}),
    ("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"], {}),
    ("system", [*MANAGE, "check", "--fail-level", "WARNING"], {}),
    ("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], SERVED),
    (
        "API schema",
        [*MANAGE, "spectacular", "--validate", "--fail-on-warn", "--file", os.devnull],
        {},
    ),
    ("types", [str(BIN / "mypy")], {}),
]


def long_files() -> list[str]:
    """Return the Python files of more than ``LONGEST`` lines."""
    listed = subprocess.run(
        ["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    rows = [
        (path, len((ROOT / path).read_text().splitlines()))
        for path in listed.stdout.splitlines()
        if (ROOT / path).exists()
    ]
    return [
        f"{path}: {lines} lines"
        for path, lines in rows
        if lines > LONGEST and "/migrations/" not in path
    ]


def main() -> int:
    """Run every check; print what each found; return the exit status."""
    failed = []
    for name, command, environment in CHECKS:
        started = time.monotonic()
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )
        verdict = "ok" if done.returncode == 0 else "FAILED"
        print(f"{name:<14} {verdict:<7} {time.monotonic() - started:5.1f} s", flush=True)
        if done.returncode:
            failed.append(name)
            print(done.stdout[-6000:] + done.stderr[-6000:], flush=True)
    too_long = long_files()
    print(f"{'file lengths':<14} {'FAILED' if too_long else 'ok'}")
    print("\n".join(too_long))
    return 1 if failed or too_long else 0


if __name__ == "__main__":
    sys.exit(main())
