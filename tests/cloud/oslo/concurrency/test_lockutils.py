"""Who holds a lock, with real processes: only another process can be in the way."""

import contextlib
import gc
import subprocess
import sys

import pytest

from cloud.oslo.concurrency import lockutils
from tests.servers import ROOT
from tests.waiting import next_line

HOLD = """
import sys
from cloud.oslo.concurrency import lockutils
lock = getattr(lockutils, sys.argv[1])(sys.argv[2], sys.argv[1] == 'own' and 'nova' or (lambda: print('recovers')))
print('holds', flush=True)
sys.stdin.read()
"""


@pytest.fixture
def another():
    """another('share', path): a process that holds the lock; it is killed at the end."""
    with contextlib.ExitStack() as stack:

        def another(how, path):
            process = subprocess.Popen(
                [sys.executable, '-c', HOLD, how, str(path)],
                cwd=ROOT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            process.said = [next_line(process)]
            if process.said == ['recovers\n']:
                process.said.append(next_line(process))
            return process

        yield another


@pytest.fixture(params=['a folder', 'a file', 'a file that is not there'])
def path(request, tmp_path):
    path = tmp_path / 'data'
    if request.param == 'a folder':
        path.mkdir()
    elif request.param == 'a file':
        path.touch()
    return str(path)


def test_a_second_owner_is_refused_in_one_line_until_the_first_has_died(another, path):
    first = another('own', path)
    with pytest.raises(ValueError) as refused:
        lockutils.own(path, 'nova')
    assert str(refused.value).startswith(f'{path}: another nova works on these data: end it first')
    first.kill()
    first.wait(60)
    assert lockutils.own(path, 'nova')


def test_whoever_is_alone_recovers_and_whoever_joins_does_not(another, path, caplog):
    caplog.set_level('INFO')
    first = another('share', path)
    assert first.said == ['recovers\n', 'holds\n']
    done = []
    lock = lockutils.share(path, lambda: done.append('by us'))
    assert done == []
    (line,) = caplog.messages
    assert line.startswith(f'{path}: another process works on these data: ')
    first.kill()
    first.wait(60)
    assert another('share', path).said == ['holds\n']  # we are still there: its first one's death changes nothing
    assert lock.take(lockutils.fcntl.LOCK_SH)


def test_when_all_have_died_the_next_one_recovers(another, path):
    for process in [another('share', path), another('share', path)]:
        process.kill()
        process.wait(60)
    done = []
    assert lockutils.share(path, lambda: done.append('by us'))
    assert done == ['by us']


def test_a_process_is_one_holder_however_often_it_asks(path):
    done = []
    first = lockutils.share(path, lambda: done.append(1))
    second = lockutils.share(path, lambda: done.append(2))
    assert first is second
    assert done == [1, 2]


def test_a_lock_that_nobody_keeps_is_free(another, path):
    lock = lockutils.own(path, 'nova')
    assert another('own', path).said == ['']
    del lock
    gc.collect()
    assert another('own', path).said == ['holds\n']


def test_data_that_are_kept_by_an_owner_are_waited_for_and_then_refused(another, path, monkeypatch):
    monkeypatch.setattr(lockutils, 'PATIENCE', 0.1)
    another('own', path)
    with pytest.raises(ValueError, match='another process keeps these data for itself'):
        lockutils.share(path, None)


def test_where_there_is_no_file_nothing_is_locked():
    done = []
    assert lockutils.own(None, 'nova') is None
    assert lockutils.share(None, lambda: done.append(1)) is None
    assert done == [1]


def test_a_lock_that_cannot_be_had_is_one_line(tmp_path):
    with pytest.raises(ValueError, match='No such file'):
        lockutils.own(str(tmp_path / 'nowhere' / 'data'), 'nova')
