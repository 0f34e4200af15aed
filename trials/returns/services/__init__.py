"""Checking boxes in, reminding, charging what did not come back, closing trials."""
