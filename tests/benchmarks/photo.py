"""A phone's photo of 12 megapixels made safe: CPU, with the start of its own process."""

import io
import resource
from statistics import median

from PIL import Image

from shop.foundation.photos.apart import decode_apart
from tests.benchmarks.bench import Bench
from tests.benchmarks.report import Figure

# 400 ms of CPU a photo, as photos a second of one core.
GOAL = 1 / 0.4
FULL = (4032, 3024)
FLOOR = "Pillow alone: decode, shrink, encode once"


def run(bench: Bench) -> list[Figure]:
    """Measure photos a second of CPU beside what the least of the same work takes."""
    size = FULL if bench.scale.rounds > 1 else (400, 300)
    data = _photo(size)
    spent = [_cpu_apart(data) for _each in range(bench.scale.rounds)]
    floor = [_cpu_here(data) for _each in range(bench.scale.rounds)]
    seconds = median(spent)
    return [
        Figure(
            name="photo of 12 megapixels made safe, a second of CPU",
            figure=round(1 / seconds, 2),
            floor=round(1 / median(floor), 2),
            floor_name=FLOOR,
            least=GOAL,
            notes={"ms CPU": round(seconds * 1000), "goal ms": 400, "pixels": size[0] * size[1]},
        )
    ]


def _photo(size: tuple[int, int]) -> bytes:
    """Return what a camera makes: soft shapes with a little noise."""
    small = Image.effect_mandelbrot((504, 378), (-2, -1.5, 1, 1.5), 60).convert("RGB")
    noise = Image.effect_noise(size, 12).convert("RGB")
    picture = Image.blend(small.resize(size, Image.Resampling.BICUBIC), noise, 0.15)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def _cpu_apart(data: bytes) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    decode_apart(data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _cpu_here(data: bytes) -> float:
    before = resource.getrusage(resource.RUSAGE_SELF)
    with Image.open(io.BytesIO(data)) as image:
        image.draft("RGB", (1600, 1200))
        image.thumbnail((1600, 1600))
        image.save(io.BytesIO(), "WEBP", quality=80, method=1)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
