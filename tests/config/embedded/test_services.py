"""The embedded services: started once, shared, sturdy, and gone when nobody uses them."""

import json
import os
import pwd
import shutil
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from config.embedded.layout import ROOT, Layout, is_held, wait_until_free

USE = """
import sys, pathlib
from config.embedded.layout import Layout
from config.embedded import ensure_test_services
services = ensure_test_services(Layout(pathlib.Path(sys.argv[1]), durable=False))
print(services.database_url, services.redis_url, flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def layout(tmp_path: Path) -> Iterator[Layout]:
    chosen = Layout(var=tmp_path / "a long path with spaces" / ("deep" * 20) / "var", durable=False)
    yield chosen
    assert wait_until_free(chosen.keeper_lock, seconds=20)


def use(layout: Layout, *, prefix: list[str] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [*(prefix or []), sys.executable, "-c", USE, str(layout.var)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def addresses(process: "subprocess.Popen[str]") -> list[str]:
    assert process.stdout is not None
    return process.stdout.readline().split()


def end(process: "subprocess.Popen[str]") -> None:
    process.communicate("\n", timeout=30)


def test_several_processes_starting_at_once_share_one_cluster_under_a_long_path(
    layout: Layout,
) -> None:
    processes = [use(layout) for _ in range(4)]
    found = {tuple(addresses(each)) for each in processes}
    assert len(found) == 1
    database_url, redis_url = found.pop()
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SHOW server_encoding").fetchone() == ("UTF8",)
    assert redis.Redis.from_url(redis_url).ping()
    for each in processes:
        end(each)


def test_services_end_when_the_last_user_is_killed(layout: Layout) -> None:
    first, second = use(layout), use(layout)
    addresses(first)
    addresses(second)
    first.kill()
    first.wait()
    time.sleep(0.6)
    assert is_held(layout.keeper_lock)
    second.kill()
    second.wait()
    assert wait_until_free(layout.keeper_lock, seconds=20)


def test_data_and_ports_survive_a_killed_keeper(layout: Layout) -> None:
    first = use(layout)
    database_url, _ = addresses(first)
    with psycopg.connect(database_url) as connection:
        connection.execute("CREATE TABLE kept (n int)")
        connection.execute("INSERT INTO kept VALUES (7)")
    os.kill(int((layout.run / "keeper.pid").read_text()), signal.SIGKILL)
    first.kill()
    first.wait()
    second = use(layout)
    database_url, _ = addresses(second)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (7,)
    end(second)


def test_secrets_are_readable_by_their_owner_alone_and_stay_the_same(layout: Layout) -> None:
    first = use(layout)
    addresses(first)
    for path in (layout.secrets, layout.addresses):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    before = json.loads(layout.secrets.read_text())
    end(first)
    second = use(layout)
    addresses(second)
    assert json.loads(layout.secrets.read_text()) == before
    end(second)


def test_a_password_is_needed_for_both(layout: Layout) -> None:
    process = use(layout)
    database_url, redis_url = addresses(process)
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(database_url.replace(":", ":x", 2).replace("x//", "//", 1))
    host_and_port = redis_url.rpartition("@")[2]
    with pytest.raises(redis.AuthenticationError):
        redis.Redis.from_url(f"redis://{host_and_port}").ping()
    end(process)


def test_an_ordinary_user_can_run_them(layout: Layout) -> None:
    setpriv = shutil.which("setpriv")
    prefix: list[str] = []
    if os.geteuid() == 0:
        assert setpriv is not None
        nobody = pwd.getpwnam("nobody")
        layout.var.mkdir(parents=True)
        os.chown(layout.var, nobody.pw_uid, nobody.pw_gid)
        # The clone and the folder of the test may lie where nobody may not enter.
        prefix = [setpriv, f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}"]
        prefix += ["--clear-groups", "--inh-caps=-all,+dac_read_search"]
        prefix += ["--ambient-caps=-all,+dac_read_search"]
    process = use(layout, prefix=prefix)
    database_url, _ = addresses(process)
    with psycopg.connect(database_url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    owner = (layout.var / "postgres").stat().st_uid
    assert owner != 0
    end(process)
