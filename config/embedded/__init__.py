"""PostgreSQL and Redis from wheels, run under ``var/`` where no environment names others.

Every process that reads the settings *uses* the services by holding a shared lock; a keeper process
of their own starts them, and stops them once nobody holds it. The kernel lets a dead process's lock
go, so nothing is left behind even after ``kill -9``.
"""

from config.embedded.services import (
    Services,
    ensure_started,
    ensure_test_services,
    release,
    stop,
)

__all__ = ["Services", "ensure_started", "ensure_test_services", "release", "stop"]
