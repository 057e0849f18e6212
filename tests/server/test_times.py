"""One way of writing times."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis.strategies import datetimes

from server import times


def test_a_time_of_another_zone_is_written_in_utc() -> None:
    local = datetime(2026, 11, 26, 1, 12, 42, 5, tzinfo=timezone(timedelta(hours=3)))
    assert times.written(local) == "2026-11-25T22:12:42.000005Z"


@given(datetimes(timezones=None), datetimes(timezones=None))
def test_times_sort_as_text_and_read_back(one: datetime, other: datetime) -> None:
    one, other = one.replace(tzinfo=UTC), other.replace(tzinfo=UTC)
    assert (times.written(one) < times.written(other)) == (one < other)
    assert times.read(times.written(one)) == one
