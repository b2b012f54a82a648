"""Moments: naive datetimes in UTC, and how they are written."""

import threading
from datetime import datetime, timedelta, timezone

import pytest

from cloud.oslo.utils.timeutils import Clock, isotime, normalize_time, parse_isotime, strtime, true_now, utcnow
from tests.waiting import join, wait_until

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


# -- the clock that tests may stop and move


def test_an_untouched_clock_tells_the_true_time():
    before = true_now()
    assert before <= Clock().now() <= true_now()


def test_a_stopped_clock_stands_until_it_is_moved():
    clock = Clock()
    clock.stop()
    stopped = clock.now()
    assert clock.now() == stopped
    clock.advance(90)
    assert clock.now() - stopped == timedelta(seconds=90)
    clock.start()
    assert clock.now() >= stopped + timedelta(seconds=90)
    clock.reset()
    assert clock.now() - true_now() < timedelta(seconds=60)


def test_a_clock_is_not_moved_beyond_what_can_be_written():
    clock = Clock()
    with pytest.raises(ValueError, match='beyond'):
        clock.advance(10**12)
    assert clock.skipped == 0


def test_a_sleeper_sleeps_while_the_clock_stands_even_for_no_seconds_at_all():
    clock, woken = Clock(), threading.Event()
    clock.stop()
    thread = threading.Thread(target=lambda: (clock.sleep(0), woken.set()))
    thread.start()
    assert not woken.wait(0.1)
    clock.advance(0.001)
    join(thread)


def test_a_sleeper_is_woken_by_an_advance():
    clock = Clock()
    thread = threading.Thread(target=clock.sleep, args=[3600])
    thread.start()
    assert wait_until(lambda: clock.advance(3601) or not thread.is_alive(), 30)  # again, if it had not begun to sleep
    join(thread)


def test_who_need_not_sleep_any_more_wakes_up():
    clock, over = Clock(), threading.Event()
    clock.stop()
    thread = threading.Thread(target=clock.sleep, args=[3600, over.is_set])
    thread.start()
    over.set()
    clock.wake()
    join(thread)
