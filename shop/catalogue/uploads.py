"""Where pictures are kept. Migrations name these functions: they never move."""

import uuid
from pathlib import PurePosixPath

PICTURES = "frames/"


def frame_image_path(instance: object, filename: str) -> str:
    """Return a random name under ``frames/`` with the file's own ending."""
    return f"{PICTURES}{uuid.uuid4().hex}{PurePosixPath(filename).suffix.lower()[:6]}"
