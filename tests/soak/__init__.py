"""Slow and destructive runs (``make soak``)."""
