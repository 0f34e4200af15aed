"""Child processes that end with us and do not run as root where they must not."""

import ctypes
import os
import pwd
import shutil
import signal
import stat
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.25
# Bits of the capability sets in /proc/self/status, see capabilities(7).
DAC_OVERRIDE, DAC_READ_SEARCH = ("dac_override", 1), ("dac_read_search", 2)


def end_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the kernel signal the child when its parent dies.

    Only Linux can; elsewhere it does nothing.
    """
    if sys.platform != "linux":
        return lambda: None
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask_kernel


def end_with_make() -> None:
    """Interrupt ourselves once make, our parent, is killed or told to end.

    A signal to make alone does not reach what it runs, unless it is SIGTERM: make only waits for
    us then. Only Linux lets us see that; elsewhere a signal must go to the whole group.
    """
    make = os.getppid()
    name = Path(f"/proc/{make}/comm")
    if not name.exists() or name.read_text().strip() not in ("make", "gmake"):
        return
    end_with_parent()()
    caught_at_first = _signals_caught(make)

    def watch() -> None:
        # Make gives a signal back to the system before it waits for us.
        while _signals_caught(make) == caught_at_first:
            time.sleep(LOOK_SECONDS)
        os.kill(os.getpid(), signal.SIGINT)

    threading.Thread(target=watch, daemon=True).start()


def _signals_caught(pid: int) -> str:
    try:
        rows = Path(f"/proc/{pid}/status").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return "ended"
    return next(row.split()[1] for row in rows if row.startswith("SigCgt:"))


def unprivileged_prefix(program: Path, data: Path) -> list[str]:
    """Return what to put before a program that refuses to run as root, as PostgreSQL does.

    It then runs as ``nobody``. Where the clone lies under a folder that ``nobody`` may not enter,
    such as root's home, it keeps the right to pass through folders, and no other.

    Args:
        program: that is to be run.
        data: the folder it works in.

    Raises:
        RuntimeError: we are root, and the system lets us arrange none of this.
    """
    if os.geteuid() != 0:
        return []
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        raise RuntimeError(
            "As root, PostgreSQL needs setpriv (util-linux). Install it, or run "
            "as an ordinary user."
        )
    user = pwd.getpwnam("nobody")
    needed = _rights_needed(program, data, user.pw_uid)
    granted = ["-all", *(f"+{each}" for each in needed)]
    return [
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        # Changing the user clears what end_with_parent asked for.
        "--pdeathsig=INT",
        # Else the kernel forgets the right where a program asks what it may, as initdb does.
        *(["--securebits=+no_setuid_fixup"] if needed else []),
        f"--inh-caps={','.join(granted)}",
        f"--ambient-caps={','.join(granted)}",
    ]


def _rights_needed(program: Path, data: Path, user: int) -> list[str]:
    runnable = _may(program, user, stat.S_IROTH | stat.S_IXOTH)
    # As named and as they really are: a symbolic link may lead from the one to the other.
    folders = {
        each for path in (program, data) for each in (*path.parents, *path.resolve().parents)
    }
    if runnable and all(_may(each, user, stat.S_IXOTH) for each in folders):
        return []
    # The narrower right lets nobody pass folders, but not run what only root may run.
    for name, bit in (DAC_READ_SEARCH, DAC_OVERRIDE) if runnable else (DAC_OVERRIDE,):
        if _has_capability(bit):
            return [name]
    raise RuntimeError(
        f"PostgreSQL cannot run as root, and other users may not read {program} or enter "
        f"{data.parent}. Move the clone to where they may, or run as an ordinary user."
    )


def _may(path: Path, user: int, rights: int) -> bool:
    """Tell whether ``user``, of no group that counts, has ``rights`` (as bits for others)."""
    found = path.stat()
    wanted = rights << 6 if found.st_uid == user else rights
    return found.st_mode & wanted == wanted


def _has_capability(bit: int) -> bool:
    rows = Path("/proc/self/status").read_text().splitlines()
    permitted = next(row.split()[1] for row in rows if row.startswith("CapPrm:"))
    return bool(int(permitted, 16) >> bit & 1)


def give_to_unprivileged(path: Path) -> None:
    """Make ``nobody`` the owner of ``path`` where we are root; else leave it ours."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(path, user.pw_uid, user.pw_gid)


def log_since(log: Path, offset: int) -> str:
    """Return the last lines that were written to ``log`` behind ``offset``, for an error."""
    with log.open("rb") as file:
        file.seek(offset)
        written = file.read().decode(errors="replace")
    return "\n".join(written.splitlines()[-12:])
