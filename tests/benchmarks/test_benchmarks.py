"""Every benchmark runs and finds in the database what was acknowledged; its figures are no test."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.benchmarks.__main__ import ALL, ROOT


def test_every_benchmark_runs_and_writes_figure_floor_and_ratio(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", "--tiny", "--folder", str(tmp_path), *ALL],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    for name in ALL:
        report = json.loads((tmp_path / f"{name}.json").read_text())
        assert report["findings"] == []
        for figure in report["figures"]:
            assert {"name", "figure", "floor", "ratio"} <= figure.keys()
            assert figure["figure"] > 0, figure
            assert figure["floor"] > 0, figure
            assert figure["name"] in done.stdout
