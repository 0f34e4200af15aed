"""Structured logs: lines people can read at a terminal, JSON where machines collect them."""

import logging
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from shop.foundation.card_numbers import without_card_numbers

# Whoever knows such an address may look at a gallery, join a circle, read what it saved or enter an
# account: a part of it is a key, and logs are read by more people than galleries are.
KEYS_IN_ADDRESSES = re.compile(
    r"(/(?:g|shared|circles/join|feeds/mine|pay)/)[A-Za-z0-9_-]{16,}"
    r"|(/m/u/)[^/\s\"'\\]+"
    r"|(/accounts/(?:confirm-email|password/reset/key)/)[^/\s\"'\\]+"
)


# They would begin a line of their own, colour the terminal, or turn the reading direction.
CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
LONGEST = 300
SENT_WRONGLY = ("DisallowedHost", "RequestDataTooBig", "TooManyFieldsSent", "TooManyFilesSent")


def scrubbed(text: str) -> str:
    """Return ``text`` without what opens a gallery, circle, feed, mail or account, or pays."""
    return without_card_numbers(KEYS_IN_ADDRESSES.sub(r"\1\2\3[key]", text))


def _scrub(_logger: object, _name: str, line: Any) -> str:
    """Scrub a line as it is written: message, values and traceback alike."""
    return scrubbed(str(line))


def _shown(value: object) -> str:
    """Return a value as one line of a terminal can hold it."""
    # Scrubbed first: half a key is no longer known as one.
    text = scrubbed(str(value))
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return CONTROLS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def line_for_people(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """Return one line for a terminal: the time, what happened, and what belongs to it."""
    # The whole traceback lies in the file; who looks on wants to know what happened.
    # Its last line that is not indented names it, whatever else a database has to add.
    lines = str(event.pop("exception", "")).splitlines()
    cause = next((line for line in reversed(lines) if line.strip() == line and line), "")
    at = datetime.fromisoformat(event.pop("timestamp")).astimezone().strftime("%H:%M:%S")
    level, text = event.pop("level"), str(event.pop("event")).strip().partition("\n")[0]
    for machines in ("logger", "request_id"):
        event.pop(machines, None)
    if text == "request":
        text = "{method} {path} {status} in {ms} ms".format(
            **{**event, "path": _shown(event["path"])}
        )
        event = {}
    words = [at, *([level.upper()] if level not in ("info", "debug") else []), _shown(text)]
    words += [f"{name}={_shown(value)}" for name, value in event.items()]
    if cause and cause not in text:
        words.append(f"({_shown(cause)})")
    return " ".join(words)


def has_more_to_tell(record: logging.LogRecord) -> bool:
    """Tell a defect that Django reports from an answer that a request's own line tells already."""
    return record.exc_info is not None


def logging_config(
    *, level: str, human: bool, quiet: bool, tracebacks: Path | None = None
) -> dict[str, Any]:
    """Return ``LOGGING`` and set structlog up to pass through it.

    Args:
        level: the least level written, such as ``INFO``.
        human: write for a terminal rather than as JSON.
        quiet: write warnings and worse only, as tests want.
        tracebacks: a file for errors with all that is known of them; a terminal shows one line.

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
    ]
    json = structlog.processors.JSONRenderer(ensure_ascii=False)
    handlers: dict[str, Any] = {
        "stderr": {"class": "logging.StreamHandler", "formatter": "structured"}
    }
    if tracebacks is not None:
        handlers["file"] = {
            "class": "logging.FileHandler",
            "filename": tracebacks,
            "delay": True,
            "level": "ERROR",
            "formatter": "json",
        }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [*final, line_for_people if human else json, _scrub],
            },
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [*final, json, _scrub],
            },
        },
        "filters": {
            "has_more_to_tell": {
                "()": "django.utils.log.CallbackFilter",
                "callback": has_more_to_tell,
            }
        },
        "handlers": handlers,
        "root": {"handlers": list(handlers), "level": "WARNING" if quiet else level},
        "loggers": {
            "django.request": {"level": "ERROR", "filters": ["has_more_to_tell"]},
            # What a client sent wrongly is the client's doing; its request's line says that it was
            # refused. With the traceback of a defect anybody could fill the log.
            **{f"django.security.{name}": {"level": "CRITICAL"} for name in SENT_WRONGLY},
            # What is due and what was received says nothing that its end does not say.
            "celery.beat": {"level": "WARNING"},
            "celery.worker.strategy": {"level": "WARNING"},
            "celery.app.trace": {"level": "WARNING" if human else level},
            "stripe": {"level": "WARNING"},
            "fontTools": {"level": "WARNING"},
        },
    }
