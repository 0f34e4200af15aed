"""The door by which Celery and the outbox find the rooms' tasks and handlers."""
