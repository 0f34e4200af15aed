"""Running acts in the same moment, each over a connection of its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from django.db import connection


def at_once(
    acts: Sequence[Callable[[], Any]], *, expected: type[Exception] | tuple[type[Exception], ...]
) -> list[Any]:
    """Run every act in a thread of its own, all begun together; return results and errors.

    Args:
        acts: what to do.
        expected: errors that are an answer; all others fail the test.
    """
    gate = Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return act()
        except expected as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
