"""Checking boxes in, grading units, settling items."""
