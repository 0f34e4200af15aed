"""Pages drawn once: a template rendered with holes in it, which each request fills.

A template costs a page more than all its queries. What of it does not change with the reader is
rendered once and kept under whatever it was made from; only the holes are hers.
"""

import secrets

# Nothing a person writes can look like a hole: the mark is another one in every process.
_MARK = secrets.token_hex(8)


def hole(name: str) -> str:
    """Return what stands for ``name`` in a template's context; escaping leaves it as it is."""
    return f"{_MARK}{name}{_MARK}"


class Stencil:
    """A rendered page with holes."""

    def __init__(self, rendered: str) -> None:
        """Take a template's output.

        Args:
            rendered: HTML that has ``hole``s in it.
        """
        # Between two marks is a hole's name: every second part.
        self._parts = rendered.split(_MARK)

    def fill(self, **values: str) -> str:
        """Return the page.

        Args:
            values: HTML for every hole by its name, escaped where people wrote it.

        Raises:
            KeyError: a hole is left.
        """
        parts = self._parts.copy()
        parts[1::2] = [values[name] for name in parts[1::2]]
        return "".join(parts)
