"""Decoding in a process apart, so that a photo made to do harm harms no worker.

What comes back is believed as little as what went in: it is read by lengths, never unpickled.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path

from shop.foundation.photos.crops import WHOLE, Crop
from shop.foundation.photos.decoding import EXTENSIONS, SIZES, Rendition, SafePhoto
from shop.foundation.photos.headers import RefusedError

ROOT = Path(__file__).resolve().parent.parent.parent.parent
COMMAND = [sys.executable, "-m", "shop.foundation.photos.decoder"]
# No address, key or password of the shop's; one arena, since each reserves memory of its own.
ENVIRONMENT = {"MALLOC_ARENA_MAX": "1", "PYTHONDONTWRITEBYTECODE": "1"}
# A busy machine may take long for three seconds of work; nothing takes this long but a deadlock.
SECONDS = 30
KINDS = {"webp": b"RIFF", "jpg": b"\xff\xd8\xff"}
LONGEST_PLACEHOLDER = 600
# Killed for its time, by itself or by the system for its memory.
TOO_HARD = {-signal.SIGXCPU, -signal.SIGKILL}


def decode_apart(data: bytes, crop: Crop = WHOLE) -> SafePhoto:
    """Make a photo safe in a process of its own, under limits of memory and time.

    Args:
        data: what was uploaded, whatever it is; or a master.
        crop: the part to be shown.

    Raises:
        RefusedError: it cannot be taken; ``too_hard`` where it went over a limit.
    """
    box = json.dumps([crop.left, crop.top, crop.width, crop.height]).encode()
    try:
        done = subprocess.run(  # noqa: S603 - a fixed command
            COMMAND,
            input=box + b"\n" + data,
            capture_output=True,
            cwd=ROOT,
            env=ENVIRONMENT,
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RefusedError("too_hard") from error
    if done.returncode:
        killed = done.returncode in TOO_HARD or b"MemoryError" in done.stderr
        raise RefusedError("too_hard" if killed else "broken")
    return _read(done.stdout)


def _read(answer: bytes) -> SafePhoto:
    try:
        line, _end, files = answer.partition(b"\n")
        head = json.loads(line)
        if "refused" in head:
            raise RefusedError(str(head["refused"]))
        parts = []
        at = 0
        for length in head["lengths"]:
            parts.append(files[at : at + int(length)])
            at += int(length)
        renditions = tuple(
            Rendition(int(size), str(extension), part)
            for (size, extension), part in zip(head["renditions"], parts[1:], strict=True)
        )
        across, down = head["master_size"]
        photo = SafePhoto(
            width=int(head["width"]),
            height=int(head["height"]),
            renditions=renditions,
            master=parts[0],
            master_size=(int(across), int(down)),
            placeholder=head["placeholder"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise RefusedError("broken") from error
    if not _is_whole(photo):
        raise RefusedError("broken")
    return photo


def _is_whole(photo: SafePhoto) -> bool:
    """Tell whether a photo holds each rendition once, each beginning as its kind does."""
    wanted = {(size, extension) for size in SIZES for extension in EXTENSIONS}
    made = [(each.size, each.extension) for each in photo.renditions]
    right = all(each.data.startswith(KINDS[each.extension]) for each in photo.renditions)
    small = isinstance(photo.placeholder, str) and len(photo.placeholder) <= LONGEST_PLACEHOLDER
    whole = len(made) == len(wanted) and set(made) == wanted
    return whole and right and small and photo.master.startswith(KINDS["jpg"])
