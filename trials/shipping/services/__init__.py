"""Making labels, and believing what carriers tell."""
