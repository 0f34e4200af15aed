"""``python -m tests.benchmarks [NAME …]``: measure, print, write ``var/bench/<NAME>.json``."""

import argparse
import importlib
import logging
import os
import sys
import time
import warnings
from pathlib import Path

# What is measured where no name is given; the large ones take longer to make than to measure.
USUAL = (
    "catalogue_list",
    "product_detail",
    "gallery_page",
    "vote",
    "trial_placement",
    "order_placement",
    "photo",
)
ALL = (*USUAL, "catalogue_large", "bookmarks", "console_large")
ROOT = Path(__file__).resolve().parent.parent.parent


def main(arguments: list[str]) -> int:
    """Run the benchmarks named; returns 1 where what was acknowledged is not what is stored."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(ALL))
    parser.add_argument("--tiny", action="store_true", help="only show that everything runs")
    parser.add_argument("--folder", type=Path, default=ROOT / "var" / "bench")
    asked = parser.parse_args(arguments)
    names = asked.names or USUAL
    if unknown := [name for name in names if name not in ALL]:
        parser.error(f"unknown: {', '.join(unknown)}; there are {', '.join(ALL)}")
    return measure(names, tiny=asked.tiny, folder=asked.folder)


def measure(names: tuple[str, ...], *, tiny: bool, folder: Path) -> int:
    """Start the servers, run the benchmarks one after the other and report."""
    from tests.benchmarks import bench, floors, honesty, report, server

    started = time.monotonic()
    found_wrong = False
    figures = []
    with (
        server.fresh_stores(),
        server.running_sandbox() as stripe,
        server.running_server(server.FLOORS, looks_at="/json/", stripe=stripe) as plain,
        server.running_server(server.SHOP, looks_at=floors.MINIMAL, stripe=stripe) as shop,
    ):
        print(f"PostgreSQL {honesty.durability()}; load {os.getloadavg()[0]:.1f}", flush=True)
        for name in names:
            under_load = bench.Bench(bench.TINY if tiny else bench.FULL, shop, plain, stripe)
            began = time.monotonic()
            measured = importlib.import_module(f"tests.benchmarks.{name}").run(under_load)
            honesty.audit(under_load)
            path = report.write(name, measured, folder=folder, findings=under_load.findings)
            print(f"\n{name}, {time.monotonic() - began:.0f} s, {path}", flush=True)
            for each in measured:
                print(f"  {report.notes(each)}")
            for finding in under_load.findings:
                print(f"  WRONG: {finding}")
                found_wrong = True
            figures += measured
    print(f"\n{report.table(figures)}\n\n{time.monotonic() - started:.0f} seconds in all")
    return int(found_wrong)


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.benchmarks.settings"
    import django

    warnings.filterwarnings("ignore", message="No directory at")
    django.setup()
    # Of this process, which counts statements; the servers write their lines.
    logging.disable(logging.INFO)
    sys.exit(main(sys.argv[1:]))
