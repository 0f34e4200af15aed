"""Structured logs: lines people can read at a terminal, JSON where machines collect them."""

import re
from typing import Any

import structlog

from shop.payments.pan import without_card_numbers

# Whoever knows the address of a gallery may look at it: its token is a key, and logs are read by
# more people than galleries are.
KEYS_IN_ADDRESSES = re.compile(r"(/(?:g|shared)/)[A-Za-z0-9_-]{16,}")


def scrubbed(text: str) -> str:
    """Return ``text`` without the keys of galleries and without card numbers."""
    return without_card_numbers(KEYS_IN_ADDRESSES.sub(r"\1[key]", text))


def _scrub(_logger: object, _name: str, line: Any) -> str:
    """Scrub a line as it is written: message, values and traceback alike."""
    return scrubbed(str(line))


def logging_config(*, level: str, human: bool, quiet: bool) -> dict[str, Any]:
    """Return ``LOGGING`` and set structlog up to pass through it.

    Args:
        level: the least level written, such as ``INFO``.
        human: write for a terminal rather than as JSON.
        quiet: write warnings and worse only, as tests want.

    Returns:
        A ``logging.config.dictConfig`` dictionary; each line carries the request id.
    """
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[
            *shared,
            structlog.processors.StackInfoRenderer(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer: structlog.typing.Processor = (
        # Plain: a traceback with the values of variables would tell what nobody may read.
        structlog.dev.ConsoleRenderer(
            colors=False, exception_formatter=structlog.dev.plain_traceback
        )
        if human
        else structlog.processors.JSONRenderer()
    )
    final: list[structlog.typing.Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta
    ]
    if not human:
        final.append(structlog.processors.format_exc_info)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [*final, renderer, _scrub],
            }
        },
        "handlers": {"stdout": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stdout"], "level": "WARNING" if quiet else level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            "celery.app.trace": {"level": "WARNING" if human else level},
            "stripe": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
