"""Five hundred files that somebody might send for a photo (hostile.py)."""

import json
import resource
import subprocess
import sys

import pytest

from shop.foundation.photos.apart import decode_apart
from shop.foundation.photos.headers import RefusedError
from tests.house.house import ROOT
from tests.sharing.photos.bare import beside_the_picture
from tests.sharing.photos.hostile import COUNT, MARK, TOO_HARD, Sample, samples, textured
from tests.sharing.photos.pictures import encoded

SECONDS = 3.0
MEGABYTES = 300


@pytest.fixture(scope="module")
def files() -> list[Sample]:
    return samples()


def test_none_of_500_files_crashes_swells_lasts_or_leaves_a_word_in_a_rendition(files, tmp_path):
    batch = [sample for sample in files if sample.outcomes != TOO_HARD]
    for number, sample in enumerate(batch):
        (tmp_path / f"{number:03}").write_bytes(sample.data)
    out = tmp_path.parent / f"{tmp_path.name}.out"
    command = [sys.executable, "-m", "tests.sharing.photos.run_hostile", str(tmp_path)]
    with out.open("wb") as written:
        done = subprocess.run(command, cwd=ROOT, stdout=written, check=False)
    told = [json.loads(line) for line in out.read_text().splitlines()]
    results = {int(each["name"]): each for each in told if "outcome" in each}

    assert done.returncode == 0, f"crashed at {batch[len(results)].name}"
    assert len(results) == len(batch) >= COUNT - 5
    wrong = [
        (batch[number].name, each["outcome"])
        for number, each in results.items()
        if each["outcome"] not in batch[number].outcomes
    ]
    assert wrong == []
    assert [(batch[n].name, each["beside"]) for n, each in results.items() if each["beside"]] == []
    slow = max(results.items(), key=lambda found: found[1]["seconds"])
    assert slow[1]["seconds"] < SECONDS, batch[slow[0]].name
    assert told[-1]["megabytes"] < MEGABYTES
    taken = sum(each["outcome"] == "taken" for each in results.values())
    print(f"\n{taken} taken; at most {slow[1]['seconds']:.2f} s ({batch[slow[0]].name}), ", end="")
    print(f"{told[-1]['megabytes']:.0f} MB")
    assert taken > 150


def test_every_kind_of_file_ends_alike_in_a_process_of_its_own(files):
    """What the worker really does, for one in 25 of them: a process for each takes its time."""
    wrong = []
    for sample in files[::25]:
        try:
            photo = decode_apart(sample.data)
            outcome = "taken"
            assert not any(MARK in each.data for each in photo.renditions)
        except RefusedError as error:
            outcome = error.code
        if outcome not in sample.outcomes:
            wrong.append((sample.name, outcome))
    assert wrong == []


def test_what_would_take_minutes_or_gigabytes_is_stopped_by_the_limits_of_its_process(files):
    hard = [sample for sample in files if sample.outcomes == TOO_HARD]
    assert len(hard) == 2
    for sample in hard:
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        with pytest.raises(RefusedError) as refused:
            decode_apart(sample.data)
        spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        assert refused.value.code == "too_hard", sample.name
        # The system looks at its clock once in a while.
        assert spent < SECONDS + 0.5, sample.name


@pytest.mark.parametrize("file_format", ["JPEG", "WEBP"])
def test_the_reader_of_renditions_sees_notes_where_there_are_some(file_format):
    assert beside_the_picture(encoded(textured(), file_format, exif=b"Exif\0\0" + MARK))
    assert not beside_the_picture(encoded(textured(), file_format))
