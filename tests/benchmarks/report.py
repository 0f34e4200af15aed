"""What a benchmark prints and writes."""

import json
import os
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass
class Figure:
    """One figure beside its floor.

    Attributes:
        name: what was measured.
        figure: how many a second.
        floor: how many a second the floor did, in the same run.
        floor_name: what the floor is.
        goal: the ratio wished for (docs/performance.md); nothing where none is set.
        least: how many a second are wished for; nothing where none is set.
        late: the latency that one in a hundred exceeds, in milliseconds, where that is the goal.
        latest: how late it may be; nothing where no such goal is set.
        notes: latencies, statements and the like.
    """

    name: str
    figure: float
    floor: float
    floor_name: str
    goal: float | None = None
    least: float | None = None
    late: float | None = None
    latest: float | None = None
    notes: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The figure as a share of its floor."""
        return self.figure / self.floor if self.floor else 0.0

    @property
    def wished(self) -> str:
        """The goals in words."""
        goals = [f"{self.goal:g} x floor"] if self.goal is not None else []
        goals += [f"{self.least:g}/s"] if self.least is not None else []
        goals += [f"p99 < {self.latest:g} ms"] if self.latest is not None else []
        return ", ".join(goals)

    @property
    def reached(self) -> str:
        """``yes`` or ``no``; empty where no goal is set."""
        if not self.wished:
            return ""
        short = self.goal is not None and self.ratio < self.goal
        slow = self.least is not None and self.figure < self.least
        tardy = self.latest is not None and (self.late is None or self.late >= self.latest)
        return "no" if short or slow or tardy else "yes"


def write(benchmark: str, figures: list[Figure], *, folder: Path, findings: list[str]) -> Path:
    """Write figures as ``<benchmark>.json`` into ``folder`` and return the path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{benchmark}.json"
    rows = [
        {**asdict(each), "ratio": round(each.ratio, 3), "reached": each.reached} for each in figures
    ]
    machine = {
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
    }
    report = {"machine": machine, "findings": findings, "figures": rows}
    path.write_text(json.dumps(report, indent=2) + "\n")
    return path


HEAD = ("figure", "a second", "floor", "a second", "ratio", "goal", "reached")


def table(figures: list[Figure]) -> str:
    """Return the figures as a table for the terminal, which Markdown understands too."""
    rows = [
        (
            each.name,
            f"{each.figure:,.0f}",
            each.floor_name,
            f"{each.floor:,.0f}",
            f"{each.ratio:.2f}",
            each.wished,
            each.reached,
        )
        for each in figures
    ]
    widths = [max(len(row[column]) for row in [HEAD, *rows]) for column in range(len(HEAD))]
    numbers = (1, 3, 4)

    def line(row: tuple[str, ...]) -> str:
        cells = [
            cell.rjust(width) if column in numbers else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        return f"| {' | '.join(cells)} |"

    rule = [
        "-" * (width - 1) + ":" if column in numbers else "-" * width
        for column, width in enumerate(widths)
    ]
    return "\n".join([line(HEAD), line(tuple(rule)), *(line(row) for row in rows)])


def notes(each: Figure) -> str:
    """Return what else is known of a figure, in one line."""
    return f"{each.name}: " + ", ".join(f"{key} {value}" for key, value in each.notes.items())
