"""Tests of the trials floor."""
