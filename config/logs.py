"""Structured logs: lines people can read at a terminal, JSON where machines collect them."""

import re
from datetime import datetime
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shop.payments.pan import without_card_numbers

# Whoever knows such an address may look at a gallery or enter an account: its last part is a key,
# and logs are read by more people than galleries are.
KEYS_IN_ADDRESSES = re.compile(
    r"(/(?:g|shared)/)[A-Za-z0-9_-]{16,}"
    r"|(/accounts/(?:confirm-email|password/reset/key)/)[^/\s\"'\\]+"
)


def scrubbed(text: str) -> str:
    """Return ``text`` without the keys of galleries and accounts and without card numbers."""
    return without_card_numbers(KEYS_IN_ADDRESSES.sub(r"\1\2[key]", text))


def _scrub(_logger: object, _name: str, line: Any) -> str:
    """Scrub a line as it is written: message, values and traceback alike."""
    return scrubbed(str(line))


def line_for_people(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return one line for a terminal: the time, what happened, and what belongs to it."""
    at = datetime.fromisoformat(event.pop("timestamp")).astimezone().strftime("%H:%M:%S")
    level, text = event.pop("level"), str(event.pop("event")).strip()
    traceback = event.pop("exception", "")
    for machines in ("logger", "request_id"):
        event.pop(machines, None)
    if text == "request":
        text = "{method} {path} {status} in {ms} ms".format(**event)
        event = {}
    words = [at, *([level.upper()] if level not in ("info", "debug") else []), text]
    words += [f"{name}={value}" for name, value in event.items()]
    return " ".join(words) + (f"\n{traceback}" if traceback else "")


def logging_config(*, level: str, human: bool, quiet: bool) -> dict[str, Any]:
    """Return ``LOGGING`` and set structlog up to pass through it.

    Args:
        level: the least level written, such as ``INFO``.
        human: write for a terminal rather than as JSON.
        quiet: write warnings and worse only, as tests want.

    Returns:
        A ``logging.config.dictConfig`` dictionary; each line carries the request id.
    """
    shared: list[Processor] = [
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
    final: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        line_for_people if human else structlog.processors.JSONRenderer(ensure_ascii=False),
        _scrub,
    ]
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": final,
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "structured"}},
        "root": {"handlers": ["stderr"], "level": "WARNING" if quiet else level},
        "loggers": {
            "django.request": {"level": "ERROR"},
            # What is due and what was received says nothing that its end does not say.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING" if human else level},
            "stripe": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
