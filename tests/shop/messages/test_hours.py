"""Hours of the reader's own zone, over nights and changes of summer time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from shop.messages.hours import next_digest, next_waking

ZONES = [
    ZoneInfo(name)
    for name in ("Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "UTC")
]
BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
moments = some.timedeltas(timedelta(0), timedelta(days=1000)).map(lambda after: BEGIN + after)


@given(moments, some.sampled_from(ZONES))
def test_nobody_is_written_to_at_night_nor_later_than_the_morning(moment, zone):
    waking = next_waking(moment, zone)
    assert 8 <= waking.astimezone(zone).hour < 22
    # A night is ten hours, eleven when the clocks go back.
    assert timedelta(0) <= waking - moment <= timedelta(hours=11)
    assert next_waking(waking, zone) == waking


@given(moments, some.sampled_from(ZONES))
def test_a_digest_is_at_six_in_the_evening_of_today_or_tomorrow(moment, zone):
    digest = next_digest(moment, zone)
    assert digest.astimezone(zone).hour == 18
    assert timedelta(0) < digest - moment <= timedelta(hours=25)
    later = next_digest(moment, zone, not_today=True)
    assert later.astimezone(zone).date() > moment.astimezone(zone).date()
