"""What a benchmark prints and writes."""

import json
import platform
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings


@dataclass
class Figure:
    """One figure beside its floor.

    Attributes:
        name: what was measured.
        figure: how many a second.
        floor: how many a second the floor did, in the same run.
        floor_name: what the floor is.
        goal: the ratio wished for (docs/performance.md); nothing where none is set.
        notes: latencies, statements and the like.
    """

    name: str
    figure: float
    floor: float
    floor_name: str
    goal: float | None = None
    notes: dict[str, float | int | str] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """The figure as a share of its floor."""
        return self.figure / self.floor if self.floor else float("nan")


def write(benchmark: str, figures: list[Figure]) -> Path:
    """Write figures as ``var/bench/<benchmark>.json`` and return the path."""
    folder = Path(settings.BASE_DIR) / "var" / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{benchmark}.json"
    rows = [{**asdict(each), "ratio": round(each.ratio, 3)} for each in figures]
    path.write_text(json.dumps({"machine": platform.processor(), "figures": rows}, indent=2))
    return path


def table(figures: list[Figure]) -> str:
    """Return the figures as a table for the terminal."""
    head = f"{'figure':34} {'per s':>9} {'floor per s':>12} {'ratio':>7} {'goal':>6}  floor"
    lines = [head, "-" * len(head)]
    for each in figures:
        goal = f"{each.goal:.2f}" if each.goal is not None else "-"
        lines.append(
            f"{each.name:34} {each.figure:9.0f} {each.floor:12.0f} {each.ratio:7.2f} {goal:>6}  "
            f"{each.floor_name}"
        )
        if each.notes:
            lines.append("    " + ", ".join(f"{key} {value}" for key, value in each.notes.items()))
    return "\n".join(lines)
