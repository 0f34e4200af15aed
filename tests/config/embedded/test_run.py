"""``make run`` as people use it: what it says, that it ends whole, and goes on with its data."""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator

import psycopg
import pytest

from tests.config.embedded.clones import Clone, make_clone

pytestmark = pytest.mark.soak

BACK_SECONDS = 60
DEEP = "Zoë's long path with spaces, longer than the name of a socket may be, " * 2


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    folder = tmp_path_factory.mktemp("clones")
    made = make_clone(folder / DEEP.strip() / "lorgnette")
    assert len(str(made.folder)) > 107
    yield made
    made.end()
    shutil.rmtree(folder)


@pytest.fixture
def running(clone: Clone) -> Clone:
    if clone.make is None or clone.make.poll() is not None:
        clone.start()
    clone.wait_until_ready()
    return clone


def log_in(clone: Clone, email: str, password: str) -> str:
    """Log in as a browser without scripts does; return the account page."""
    browser = urllib.request.build_opener(
        urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
    )
    with browser.open(f"{clone.url}/accounts/login/") as page:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.read().decode())
    assert found
    form = {"login": email, "password": password, "csrfmiddlewaretoken": found[1]}
    browser.open(f"{clone.url}/accounts/login/", urllib.parse.urlencode(form).encode()).close()
    with browser.open(f"{clone.url}/account/") as page:
        assert page.url == f"{clone.url}/account/"
        return str(page.read().decode())


def test_a_first_start_says_addresses_and_log_ins_that_work(running: Clone) -> None:
    said = running.said()
    for path in ("/", "/console/", "/admin/", "/api/v1/docs/"):
        assert f"{running.url}{path}\n" in said
    logins = re.findall(r"\| +(?:customer|ops|manager) +(\S+@\S+) +(\S.*)", said)
    assert len(logins) == 3
    for email, password in logins:
        assert email in log_in(running, email, password)


def test_what_it_says_is_plain_where_nobody_looks_at_a_terminal(running: Clone) -> None:
    said = running.said()
    assert "\033" not in said
    assert "Traceback" not in said
    for line in said.splitlines():
        assert re.match(r"(shop|web|worker|beat|stripe) +\| |Installing", line), line


def to_group(clone: Clone, number: int) -> None:
    assert clone.make
    os.killpg(clone.make.pid, number)


def to_make(clone: Clone, number: int) -> None:
    assert clone.make
    os.kill(clone.make.pid, number)


def to_supervisor(clone: Clone, number: int) -> None:
    [supervisor] = clone.pids("config.embedded.run")
    os.kill(supervisor, number)


@pytest.mark.parametrize(
    ("send", "number"),
    [
        pytest.param(to_group, signal.SIGINT, id="Ctrl-C"),
        pytest.param(to_make, signal.SIGINT, id="SIGINT to make alone"),
        pytest.param(to_make, signal.SIGTERM, id="SIGTERM to make"),
        pytest.param(to_make, signal.SIGHUP, id="SIGHUP to make"),
        pytest.param(to_supervisor, signal.SIGTERM, id="SIGTERM to the supervisor"),
        pytest.param(to_group, signal.SIGHUP, id="closed terminal"),
        pytest.param(to_make, signal.SIGKILL, id="make killed"),
        pytest.param(to_supervisor, signal.SIGKILL, id="supervisor killed"),
        pytest.param(to_group, signal.SIGKILL, id="both killed"),
    ],
)
def test_however_it_ends_no_process_is_left(
    running: Clone, send: Callable[[Clone, int], None], number: int
) -> None:
    assert len(running.processes()) > 10
    send(running, number)
    assert running.wait_until_gone() < 20


def test_started_again_it_keeps_its_data_says_so_and_is_quick(running: Clone) -> None:
    with psycopg.connect(running.services()["database_url"]) as connection:
        connection.execute("UPDATE shop_user SET name = 'Mia K.' WHERE email LIKE 'mia@%'")
    running.end()
    running.wait_until_gone()
    running.start()
    took = running.wait_until_ready()
    print(f"second start: {took:.1f} s")
    assert "Starting PostgreSQL and Redis with the data kept in var/" in running.said()
    assert "The demo shop is loaded already." in running.said()
    assert "Mia K." in log_in(running, "mia@lorgnette.example", "five frames five days")


def test_started_twice_at_once_the_second_says_where_the_first_is(running: Clone) -> None:
    before = running.processes()
    second = running.run("make", "run", f"PORT={running.port + 1}")
    assert second.returncode != 0
    assert f"This clone runs already, at {running.url}." in second.stderr
    assert "Traceback" not in second.stderr
    assert running.processes() == before
    assert running.health() == 200


def test_a_taken_port_is_named_with_another_to_choose(
    running: Clone, tmp_path_factory: pytest.TempPathFactory
) -> None:
    running.end()
    with socket.create_server(("127.0.0.1", running.port)):
        refused = running.run("make", "run", f"PORT={running.port}")
    assert refused.returncode != 0
    assert f"Port {running.port} is taken." in refused.stderr
    assert f"make run PORT={running.port + 1}" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert running.wait_until_gone() < 20


KILLED = {
    "web": "granian",
    "worker": "config worker",
    "beat": "config beat",
    "stripe": "shop.payments.sandbox",
    "PostgreSQL": "/bin/postgres -D",
    "Redis": "redis-server",
    "keeper": "config.embedded.keeper",
}


@pytest.mark.parametrize("name", KILLED)
def test_what_is_killed_comes_back_by_itself(running: Clone, name: str) -> None:
    victim = running.pids(KILLED[name])[0]
    os.kill(victim, signal.SIGKILL)
    began = time.monotonic()
    while not set(running.pids(KILLED[name])) - {victim}:
        assert time.monotonic() < began + BACK_SECONDS, running.said()
        time.sleep(0.1)
    running.wait_for_health(seconds=BACK_SECONDS)
    print(f"{name} back after {time.monotonic() - began:.1f} s")
    assert "Traceback" not in running.said()
    assert running.make is not None
    assert running.make.poll() is None


def test_two_clones_run_beside_each_other(running: Clone) -> None:
    neighbour = make_clone(running.folder.parent / "neighbour")
    neighbour.start()
    try:
        neighbour.wait_until_ready()
        assert running.health() == 200
        assert neighbour.services()["database_url"] != running.services()["database_url"]
    finally:
        neighbour.end()
    neighbour.wait_until_gone()
    assert running.health() == 200


def test_reset_ends_the_running_shop_says_so_and_forgets_everything(running: Clone) -> None:
    done = running.run("make", "reset")
    assert done.returncode == 0, done.stderr
    assert "The shop was running and has been ended." in done.stdout
    assert "All data of this clone is gone" in done.stdout
    assert not (running.folder / "var").exists()
    running.wait_until_gone()


def test_a_python_that_is_too_old_is_named(clone: Clone) -> None:
    (clone.folder / ".venv").rename(clone.folder / "set aside")
    try:
        done = clone.run("make", "run", "PYTHON=/no/such/python")
    finally:
        (clone.folder / "set aside").rename(clone.folder / ".venv")
    assert done.returncode != 0
    assert "Python 3.11 or later is needed" in done.stderr
    assert "not found" not in done.stderr


def test_colours_are_for_terminals(running: Clone) -> None:
    """``script`` gives the second ``make run`` a terminal; its refusal is enough to see."""
    running.end()
    running.wait_until_gone()
    script = shutil.which("script")
    if script is None:
        pytest.skip("needs script, of util-linux")
    shop = subprocess.Popen(
        [script, "-qefc", f"make run PORT={running.port}", "/dev/null"],
        cwd=running.folder,
        env=running.environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    assert shop.stdout is not None
    first = next(line for line in shop.stdout if b"shop" in line)
    shop.terminate()
    shop.stdout.read()
    shop.wait()
    assert b"\033[32mshop   |\033[0m" in first
    running.wait_until_gone()
