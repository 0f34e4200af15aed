"""The door by which ``manage.py audit`` finds the rooms' invariants."""
