"""``python -m tests.sharing.photos.run_hostile FOLDER``: decode each file of it under our limits.

One process for all of them, with the memory that a photo's own process has: what crashes it, swells
or leaks shows at its end. Prints a line of JSON a file.
"""

import base64
import json
import resource
import sys
import time
from pathlib import Path

from shop.foundation.photos.decoder import MEMORY
from shop.foundation.photos.decoding import make_safe
from shop.foundation.photos.headers import RefusedError
from tests.sharing.photos.bare import beside_the_picture
from tests.sharing.photos.hostile import MARK


def run(path: Path) -> dict[str, object]:
    """Return what became of one file, what it took and what its renditions should not hold."""
    data = path.read_bytes()
    began = time.process_time()
    beside: list[str] = []
    try:
        photo = make_safe(data)
        outcome = "taken"
    except RefusedError as error:
        outcome = error.code
    seconds = time.process_time() - began
    if outcome == "taken":
        files = [photo.master, *(each.data for each in photo.renditions)]
        files.append(base64.b64decode(photo.placeholder))
        beside = [found for each in files for found in beside_the_picture(each)]
        beside += ["the mark" for each in files if MARK in each]
    return {"name": path.name, "outcome": outcome, "seconds": seconds, "beside": beside}


def peak() -> float:
    """Return the most memory this process ever had, in megabytes.

    Not ``ru_maxrss``, which of a process just started is its parent's.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def main(folder: Path) -> None:
    """Run every file by its name's order, and say so before: the last one said is what crashed."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    for path in sorted(folder.iterdir()):
        print(json.dumps({"begins": path.name}), flush=True)
        print(json.dumps(run(path)), flush=True)
    print(json.dumps({"megabytes": peak()}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
