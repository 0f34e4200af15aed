"""Tests that share a running shop stay in one process."""

import os

import pytest


@pytest.mark.xdist_group("kept together")
def test_tests_of_one_group_run_in_one_process(request: pytest.FixtureRequest) -> None:
    spread = "PYTEST_XDIST_WORKER" in os.environ
    assert request.node.nodeid.endswith("@kept together") == spread
