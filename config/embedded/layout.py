"""Where the embedded services keep what they need, and the locks that guard it."""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LOOK_SECONDS = 0.05
# Whoever asks whether a lock is held holds it for an instant himself.
PROBE_SECONDS = 2.0


@dataclass(frozen=True)
class Layout:
    """The folder of one set of services.

    Attributes:
        var: holds everything of it.
        durable: whether it must survive a power cut; tests need not.
    """

    var: Path
    durable: bool

    @property
    def run(self) -> Path:
        """Locks, logs, and ``services.json``: nothing that must be kept."""
        return self.var / "run"

    @property
    def users_lock(self) -> Path:
        """Held shared by every process that uses the services."""
        return self.run / "users.lock"

    @property
    def keeper_lock(self) -> Path:
        """Held by the keeper while the services run."""
        return self.run / "keeper.lock"

    @property
    def start_lock(self) -> Path:
        """Held by the one process that starts a keeper."""
        return self.run / "start.lock"

    @property
    def shop_lock(self) -> Path:
        """Held by ``make run``; holds its process id and its address, each on a line."""
        return self.run / "shop.lock"

    @property
    def sandbox_lock(self) -> Path:
        """Held by ``make run`` while its Stripe sandbox listens at its port."""
        return self.run / "sandbox.lock"

    @property
    def ready(self) -> Path:
        """Exists while both services answer."""
        return self.run / "ready"

    @property
    def addresses(self) -> Path:
        """Written by the keeper; ports are kept for next time."""
        return self.run / "services.json"

    @property
    def secrets(self) -> Path:
        """Passwords and keys, made once; lies with the data that they open."""
        return self.var / "secrets.json"


def layout_of_shop(root: Path = ROOT) -> Layout:
    """Return the layout of the shop that ``make run`` serves."""
    return Layout(var=root / "var", durable=True)


def layout_of_tests(root: Path = ROOT) -> Layout:
    """Return the layout of the tests' own services."""
    return Layout(var=root / "var" / "test", durable=False)


def open_lock(path: Path) -> int:
    """Open a lock file, making it if need be, and return its descriptor."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)


def hold(path: Path) -> int | None:
    """Hold ``path`` exclusively to the end of this process.

    Returns:
        Its descriptor, or None where another process holds it.
    """
    descriptor = open_lock(path)
    ends_at = time.monotonic() + PROBE_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > ends_at:
                os.close(descriptor)
                return None
            time.sleep(LOOK_SECONDS)
        else:
            return descriptor


def is_held(path: Path) -> bool:
    """Tell whether any process holds ``path`` exclusively."""
    if not path.exists():
        return False
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def wait_until_free(path: Path, *, seconds: float) -> bool:
    """Wait until nobody holds ``path``; return whether that came in time."""
    ends_at = time.monotonic() + seconds
    while is_held(path):
        if time.monotonic() > ends_at:
            return False
        time.sleep(LOOK_SECONDS)
    return True


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner may read, whole or not at all, even in a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fsync(descriptor)
    draft.replace(path)
