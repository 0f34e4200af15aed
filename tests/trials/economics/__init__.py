"""Tests of costs and margins."""
