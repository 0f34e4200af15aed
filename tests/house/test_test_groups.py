"""Tests that share a running shop stay in one process."""

import pytest


@pytest.mark.xdist_group("kept together")
def test_tests_of_one_group_run_in_one_process(request: pytest.FixtureRequest) -> None:
    grouped = getattr(request.config.option, "loadgroup", False)
    assert request.node.nodeid.endswith("@kept together") == grouped
