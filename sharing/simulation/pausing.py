"""Putting a year away in the middle, and going on with it: in a new process, another day.

The shop's part of it is in its database, Stripe's and the files are in its folder; here is the
rest: who has what in mind, and chance. All of it must be of one moment, so a year is put away
between two rounds only, and can be brought out once: one that was killed or failed goes on from its
copy (``copies.py``).
"""

import pickle
import shutil
from pathlib import Path

from sharing.simulation.dealing import deal_out
from sharing.simulation.world import World

NAME = "diary.pickle"


class NothingKeptError(Exception):
    """No year was put away here, or it was gone on with already."""


def put_away(worlds: list[World], folder: Path) -> None:
    """Keep a year in its folder.

    Args:
        worlds: its stage as each process knows it, between two rounds.
        folder: where its Stripe and its files are.
    """
    draft = folder / f"{NAME}.draft"
    draft.write_bytes(pickle.dumps(worlds))
    draft.rename(folder / NAME)


def bring_out(folder: Path, processes: int | None = None) -> list[World]:
    """Return the stages of the year that was put away; they are there no more after that.

    Args:
        folder: where it is.
        processes: how many play it now; nothing for as many as before.

    Raises:
        NothingKeptError: there is none.
        UndealableError: none does; it stays there.
    """
    kept = folder / NAME
    if not kept.exists():
        raise NothingKeptError
    worlds: list[World] = pickle.loads(kept.read_bytes())  # noqa: S301 - what it wrote itself
    dealt = deal_out(worlds, processes or len(worlds))
    kept.unlink()
    return dealt


def clear(folder: Path) -> None:
    """Empty the folder for a year that begins."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
