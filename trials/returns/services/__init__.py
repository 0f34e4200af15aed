"""Checking boxes in, charging what did not come back, closing trials."""
