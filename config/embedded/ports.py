"""Ports of this machine for the embedded services."""

import secrets
import socket

# Below the range from which Linux takes the near end of outgoing connections (32768 and up), so
# that a port which is kept for next time is not lost to one of them.
RANGE = range(20_000, 32_000)
ATTEMPTS = 200


def port_is_free(port: int, *, host: str = "127.0.0.1") -> bool:
    """Tell whether one could listen at ``port`` of ``host`` now."""
    family, kind, protocol, _, address = socket.getaddrinfo(
        host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
    )[0]
    with socket.socket(family, kind, protocol) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(address)
        except OSError:
            return False
    return True


def choose_port(*, wanted: int | None, taken: set[int]) -> int:
    """Return ``wanted`` where it is free, else another port that is free and not in ``taken``.

    Raises:
        RuntimeError: none was found.
    """
    if wanted is not None and wanted not in taken and port_is_free(wanted):
        return wanted
    for _ in range(ATTEMPTS):
        port = secrets.choice(RANGE)
        if port not in taken and port_is_free(port):
            return port
    raise RuntimeError(f"No free port found between {RANGE.start} and {RANGE.stop}.")
