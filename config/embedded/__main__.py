"""``python -m config.embedded status|stop|reset``, for the Makefile and for people in doubt."""

import argparse
import shutil
import sys

from config.embedded import stop
from config.embedded.layout import is_held, layout_of_shop, layout_of_tests


def main() -> int:
    """Carry out one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded")
    parser.add_argument("command", choices=["status", "stop", "reset"])
    command = parser.parse_args().command
    layouts = {"shop": layout_of_shop(), "tests": layout_of_tests()}
    if command == "status":
        for name, layout in layouts.items():
            print(f"{name}: {'running' if is_held(layout.keeper_lock) else 'stopped'}")
        return 0
    if is_held(layouts["shop"].run / "shop.lock"):
        print("The shop is running; end it with Ctrl-C first.", file=sys.stderr)
        return 1
    if not all(stop(layout) for layout in layouts.values()):
        print("PostgreSQL or Redis did not end within 30 seconds.", file=sys.stderr)
        return 1
    if command == "reset":
        shutil.rmtree(layouts["shop"].var, ignore_errors=True)
        print("All data of this clone is gone; make run starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
