"""Limits on how often something may be done: one counter in Redis, atomic under load."""

from functools import lru_cache

import redis
import structlog
from django.conf import settings
from django.utils.translation import ngettext

from shop.foundation.errors import TooManyError

logger = structlog.get_logger(__name__)

# Counting and the first expiry in one step, so that a crash leaves no counter without an end.
COUNT = """
local n = redis.call('INCR', KEYS[1])
if n == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {n, redis.call('TTL', KEYS[1])}
"""


@lru_cache(maxsize=1)
def _redis() -> redis.Redis:
    return redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1)


def forget_connection() -> None:
    """Have the counters looked for anew at ``REDIS_URL``, for a process that has set another.

    Whatever was counted stays where it was.
    """
    _redis.cache_clear()


def count_against(name: str, who: str, *, limit: int, seconds: int) -> None:
    """Count one act of ``who`` and refuse it when over the limit.

    Args:
        name: what is limited, such as ``vote``.
        who: the account, link or hashed address counted.
        limit: how many acts pass.
        seconds: the window, from the first act counted.

    Raises:
        TooManyError: the limit is reached; it says for how long.
    """
    try:
        count, left = _redis().eval(COUNT, 1, f"lorgnette:limit:{name}:{who}", seconds)
    except redis.RedisError:
        # Redis is the alarm clock, never the shop's door: without it acts pass uncounted.
        logger.warning("limit_not_counted", limit=name, exc_info=True)
        return
    if count > limit:
        raise TooManyError(wait_words(max(int(left), 1)), retry_after=max(int(left), 1))


def wait_words(seconds: int) -> str:
    """Return how long to wait, as people count: seconds to a minute, minutes to an hour, hours."""
    if seconds <= 60:
        words = ngettext(
            "That was too often. Please wait %(n)s second and try again.",
            "That was too often. Please wait %(n)s seconds and try again.",
            seconds,
        )
        return words % {"n": seconds}
    minutes = -(-seconds // 60)
    if minutes <= 60:
        words = ngettext(
            "That was too often. Please wait %(n)s minute and try again.",
            "That was too often. Please wait %(n)s minutes and try again.",
            minutes,
        )
        return words % {"n": minutes}
    hours = -(-minutes // 60)
    words = ngettext(
        "That was too often. Please wait %(n)s hour and try again.",
        "That was too often. Please wait %(n)s hours and try again.",
        hours,
    )
    return words % {"n": hours}
