"""Tests of settings, navigation and the start of processes."""
