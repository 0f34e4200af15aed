"""``python -m config.embedded status|stop|reset``, for the Makefile and for people in doubt."""

import argparse
import os
import shutil
import signal
import sys

from config.embedded import stop
from config.embedded.layout import is_held, layout_of_shop, layout_of_tests, wait_until_free

STOP_SECONDS = 30


def _print_status() -> None:
    shop = layout_of_shop()
    if is_held(shop.shop_lock):
        print(f"The shop runs at {shop.shop_lock.read_text().splitlines()[1]}")
    else:
        print("The shop does not run.")
    for name, layout in {"shop": shop, "tests": layout_of_tests()}.items():
        state = "running" if is_held(layout.keeper_lock) else "stopped"
        print(f"PostgreSQL and Redis of the {name}: {state}")


def _stop_everything() -> bool:
    """End ``make run``, if it runs, and all services; return whether they have ended."""
    shop = layout_of_shop()
    if is_held(shop.shop_lock):
        os.kill(int(shop.shop_lock.read_text().splitlines()[0]), signal.SIGTERM)
        if not wait_until_free(shop.shop_lock, seconds=STOP_SECONDS):
            return False
        print("The shop was running and has been ended.")
    return stop(shop) and stop(layout_of_tests())


def main() -> int:
    """Carry out one command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m config.embedded")
    parser.add_argument("command", choices=["status", "stop", "reset"])
    command = parser.parse_args().command
    if command == "status":
        _print_status()
        return 0
    if not _stop_everything():
        print(f"Something did not end within {STOP_SECONDS} seconds.", file=sys.stderr)
        return 1
    var = layout_of_shop().var
    if command == "reset" and var.exists():
        try:
            shutil.rmtree(var)
        except PermissionError as error:
            print(
                f"{error.filename} belongs to another user, who must say: make reset",
                file=sys.stderr,
            )
            return 1
        print("All data of this clone is gone; make run starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
