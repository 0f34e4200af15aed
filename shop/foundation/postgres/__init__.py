"""Django's PostgreSQL engine, asking less often whether a connection lives."""
