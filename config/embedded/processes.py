"""Child processes that end with us and do not run as root where they must not."""

import ctypes
import os
import pwd
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

PR_SET_PDEATHSIG = 1


def end_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """Return a ``preexec_fn`` that has the kernel signal the child when its parent dies."""
    libc = ctypes.CDLL(None, use_errno=True)

    def ask_kernel() -> None:
        libc.prctl(PR_SET_PDEATHSIG, number)

    return ask_kernel


def unprivileged_prefix() -> list[str]:
    """Return what to put before a command that refuses to run as root.

    PostgreSQL does. It then runs as ``nobody``, keeping only the right to pass through folders,
    for the clone may lie under a home that ``nobody`` may not enter.

    Raises:
        RuntimeError: we are root and ``setpriv`` (util-linux) is missing.
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
    return [
        setpriv,
        f"--reuid={user.pw_uid}",
        f"--regid={user.pw_gid}",
        "--clear-groups",
        # Changing the user clears what end_with_parent asked for.
        "--pdeathsig=INT",
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
    ]


def give_to_unprivileged(path: Path) -> None:
    """Make ``nobody`` the owner of ``path`` where we are root; else leave it ours."""
    if os.geteuid() == 0:
        user = pwd.getpwnam("nobody")
        os.chown(path, user.pw_uid, user.pw_gid)
