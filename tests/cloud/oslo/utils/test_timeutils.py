"""Moments: naive datetimes in UTC, and how they are written."""

from datetime import datetime, timedelta, timezone

import pytest

from cloud.oslo.utils.timeutils import isotime, normalize_time, parse_isotime, strtime, utcnow

MOMENT = datetime(2014, 10, 16, 9, 30, 0, 7)


def test_now_is_in_utc_and_has_no_zone():
    now = utcnow()
    assert now.tzinfo is None
    assert abs(datetime.now(timezone.utc).replace(tzinfo=None) - now) < timedelta(minutes=1)


def test_the_apis_write_whole_seconds_and_a_z():
    assert isotime(MOMENT) == '2014-10-16T09:30:00Z'


def test_the_registry_writes_microseconds_always_and_no_z():
    assert strtime(MOMENT) == '2014-10-16T09:30:00.000007'
    assert strtime(MOMENT.replace(microsecond=0)) == '2014-10-16T09:30:00.000000'


@pytest.mark.parametrize(
    'text',
    [
        '2014-10-16T09:30:00.000007',
        '2014-10-16T09:30:00.000007Z',
        '2014-10-16 09:30:00.000007+00:00',
        '2014-10-16T11:30:00.000007+02:00',
    ],
)
def test_a_time_is_read_with_a_zone_or_as_utc(text):
    assert parse_isotime(text) == MOMENT


def test_what_is_written_is_read_again():
    assert parse_isotime(strtime(MOMENT)) == MOMENT
    assert parse_isotime(isotime(MOMENT)) == MOMENT.replace(microsecond=0)


@pytest.mark.parametrize(
    'text', ['', 'yesterday', '2014-13-01', '0001-01-01T00:00:00+14:00', '9999-12-31T23:00:00-14:00']
)
def test_what_is_no_moment_is_a_value_error(text):
    with pytest.raises(ValueError):
        parse_isotime(text)


def test_a_moment_of_another_zone_becomes_one_of_utc_and_one_without_stays():
    assert normalize_time(MOMENT.replace(tzinfo=timezone(timedelta(hours=2)))) == MOMENT - timedelta(hours=2)
    assert normalize_time(MOMENT) is MOMENT
