"""What waits to be picked, what lies where, and what goes with whom; each in fixed queries."""
