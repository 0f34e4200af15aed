"""``python -m shop.foundation.photos.decoder``: one photo, where it can harm nobody but itself.

Reads the crop as a line of JSON and then the photo; writes what became of it as a line of JSON and
then the files. Started by ``apart.py`` for each photo, without the shop's environment and secrets.
"""

import contextlib
import json
import resource
import sys
from typing import BinaryIO

# Memory that may be written to; with what the libraries themselves take it stays below 300 MB.
# RLIMIT_AS would count what is only reserved, such as the arenas of HEIC's threads.
MEMORY = 280 * 1024 * 1024
CPU_SECONDS = 3
# Of all that it writes into one file: it writes none.
NOTHING = 0


def limit() -> None:
    """Take from this process what a photo does not need; a system without a limit goes without."""
    limits = {"DATA": MEMORY, "CPU": CPU_SECONDS, "FSIZE": NOTHING, "CORE": NOTHING}
    for name, most in limits.items():
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Make the photo of ``source`` safe and write it, or why it was refused, to ``target``."""
    # Imported under the limits, which it does not pass.
    from shop.foundation.photos.crops import Crop
    from shop.foundation.photos.decoding import make_safe
    from shop.foundation.photos.headers import RefusedError

    crop = Crop(*json.loads(source.readline()))
    try:
        photo = make_safe(source.read(), crop)
    except RefusedError as error:
        target.write(json.dumps({"refused": error.code}).encode() + b"\n")
        return
    files = [photo.master, *(each.data for each in photo.renditions)]
    head = {
        "width": photo.width,
        "height": photo.height,
        "master_size": photo.master_size,
        "placeholder": photo.placeholder,
        "lengths": [len(each) for each in files],
        "renditions": [(each.size, each.extension) for each in photo.renditions],
    }
    target.write(json.dumps(head).encode() + b"\n")
    for each in files:
        target.write(each)


if __name__ == "__main__":
    limit()
    main(sys.stdin.buffer, sys.stdout.buffer)
