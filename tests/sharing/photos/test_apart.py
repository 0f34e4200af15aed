"""A photo's own process: what it may not do, what it does not know, what it costs."""

import resource
import subprocess
from io import BytesIO

import pytest
from PIL import Image

from shop.foundation.photos import apart
from shop.foundation.photos.apart import COMMAND, ENVIRONMENT, ROOT, decode_apart
from shop.foundation.photos.headers import RefusedError
from tests.benchmarks.photo import FULL, _photo
from tests.sharing.photos.pictures import jpeg

# The goal is 0.4 (make bench); a machine with other work to do may take three times as long.
CPU_SECONDS = 1.2


def test_it_knows_none_of_the_shops_secrets(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "of the shop")
    script = "import os, sys; sys.stdout.write(repr(dict(os.environ)))"
    seen = subprocess.run(
        [COMMAND[0], "-c", script], env=ENVIRONMENT, cwd=ROOT, capture_output=True, check=True
    )
    assert b"of the shop" not in seen.stdout
    assert "DATABASE_URL" not in ENVIRONMENT


def test_a_process_that_dies_is_a_photo_that_is_refused(monkeypatch):
    for script, code in (
        ("import os; os.kill(os.getpid(), 11)", "broken"),
        ("import os; os.kill(os.getpid(), 24)", "too_hard"),
        ("import os; os.kill(os.getpid(), 9)", "too_hard"),
        ("raise MemoryError", "too_hard"),
        ("print('no JSON')", "broken"),
        ("print('{\"lengths\": [5]}')", "broken"),
    ):
        monkeypatch.setattr(apart, "COMMAND", [COMMAND[0], "-c", script])
        with pytest.raises(RefusedError) as refused:
            decode_apart(jpeg())
        assert refused.value.code == code, script


def test_files_of_another_kind_than_asked_for_are_not_taken_from_it(monkeypatch):
    page = "<script>"
    script = (
        "import json; print(json.dumps({'width': 1, 'height': 1, 'master_size': [1, 1], "
        "'placeholder': '', 'lengths': [8] * 7, 'renditions': [[s, e] for s in (320, 800, 1600) "
        f"for e in ('webp', 'jpg')]])); print('{page}' * 7, end='')"
    ).replace("]]))", "]}))")
    monkeypatch.setattr(apart, "COMMAND", [COMMAND[0], "-c", script])
    with pytest.raises(RefusedError) as refused:
        decode_apart(jpeg())
    assert refused.value.code == "broken"


def test_a_phones_photo_of_12_megapixels_takes_little_cpu():
    data = _photo(FULL)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    photo = decode_apart(data)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(f"\n12 megapixels: {spent * 1000:.0f} ms of CPU")
    assert max(Image.open(BytesIO(photo.master)).size) == 2016
    assert spent < CPU_SECONDS
